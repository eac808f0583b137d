"""Checks the hash chain of every run, and the checkpoints over them."""

from collections.abc import Collection
from typing import Any

from django.core.management.base import CommandParser

from engine.management.verification import Verification
from engine.models import Checkpoint, Event, EventWords
from engine.services.checkpoints import checkpoint_faults
from engine.services.verification import chain_faults


class Command(Verification):
    """`manage.py verify_events`: exits with an error when a chain was tampered with, cut back or removed."""

    help = "Verify the event chain of every run, the words beside it, and the checkpoints."
    well = "every event chain verifies"

    def add_arguments(self, parser: CommandParser) -> None:
        """A checkpoint that somebody kept elsewhere."""
        super().add_arguments(parser)
        parser.add_argument(
            "--checkpoint", metavar="HASH", help="a checkpoint that must be there, from a log or a record"
        )

    def faults(self, runs: Collection[int] | None, options: dict[str, Any]) -> list[str]:
        """The chains first, then the checkpoints, which always speak of all runs."""
        lines = chain_faults(runs)
        if runs is None:
            lines += checkpoint_faults()
        wanted = options["checkpoint"]
        if wanted and not Checkpoint.objects.filter(hash=wanted).exists():
            lines.append(f"checkpoint {wanted} is not there")
        return lines

    def counted(self, runs: Collection[int] | None) -> str:
        """Runs, events, those that have words, and checkpoints."""
        events = Event.objects.all() if runs is None else Event.objects.filter(run__in=runs)
        words = EventWords.objects.filter(event__in=events).count()
        said = f"{super().counted(runs)}, {events.count()} events, {words} with words"
        return f"{said}, {Checkpoint.objects.count()} checkpoints" if runs is None else said
