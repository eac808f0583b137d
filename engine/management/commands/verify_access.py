"""Recomputes the one derived state that is stored, and compares."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from engine.services.verification import access_differences


class Command(BaseCommand):
    """`manage.py verify_access`: exits with an error when a stored opening or grant disagrees."""

    help = "Compare stored openings and grants with what runs and assignments say."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each difference."""
        differences = access_differences()
        for line in differences:
            self.stdout.write(line)
        if differences:
            raise CommandError(f"{len(differences)} differences")
        self.stdout.write("access agrees with every run")
