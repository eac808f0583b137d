"""Rebuilds every run from its events, and compares."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from engine.services.verification import replay_differences


class Command(BaseCommand):
    """`manage.py replay`: exits with an error when a run does not stand where its events say."""

    help = "Rebuild every run from its events and compare it with what is stored."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each difference."""
        differences = replay_differences()
        for line in differences:
            self.stdout.write(line)
        if differences:
            raise CommandError(f"{len(differences)} differences")
        self.stdout.write("every run stands where its events say")
