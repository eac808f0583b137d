"""Checks the hash chain of every run."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from engine.services.verification import chain_faults


class Command(BaseCommand):
    """`manage.py verify_events`: exits with an error when a chain was tampered with."""

    help = "Verify the event chain of every run, and the words beside it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each fault."""
        faults = chain_faults()
        for line in faults:
            self.stdout.write(line)
        if faults:
            raise CommandError(f"{len(faults)} faults")
        self.stdout.write("every event chain verifies")
