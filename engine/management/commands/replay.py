"""Rebuilds every run from its events, and compares."""

from collections.abc import Collection
from typing import Any

from engine.management.verification import Verification
from engine.services.verification import replay_differences


class Command(Verification):
    """`manage.py replay`: exits with an error when a run does not stand where its events say."""

    help = "Rebuild every run from its events and compare it with what is stored."
    well = "every one stands where its events say"

    def faults(self, runs: Collection[int] | None, options: dict[str, Any]) -> list[str]:
        """Runs whose visits or versions are others."""
        return replay_differences(runs)
