"""Recomputes the one derived state that is stored, and compares."""

from collections.abc import Collection
from typing import Any

from engine.management.verification import Verification
from engine.services.verification import access_differences


class Command(Verification):
    """`manage.py verify_access`: exits with an error when a stored opening or grant disagrees."""

    help = "Compare stored openings and grants with what runs and assignments say."
    well = "access agrees with every one"

    def faults(self, runs: Collection[int] | None, options: dict[str, Any]) -> list[str]:
        """Openings and grants, too many or too few."""
        return access_differences(runs)
