"""Takes over a file of publications that appeared before or outside this installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ekip.shared import clock
from recommendations.imports.services import import_catalogue


class Command(BaseCommand):
    """`import_catalogue FILE [--check]`"""

    help = "Take over a back catalogue (docs/import.md). Nothing is changed unless every line is well."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whether only to check it."""
        parser.add_argument("file", type=Path, help="A YAML or JSON file in the format of docs/import.md.")
        parser.add_argument("--check", action="store_true", help="Say what would be done, and change nothing.")

    def handle(self, *args: Any, file: Path, check: bool, **options: Any) -> None:
        """Report what came of it; a file with problems ends with status 1."""
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        report = import_catalogue(data, now=clock.now(), dry_run=check)
        for problem in report.problems:
            self.stderr.write(f"{file}: {problem}")
        if not report.is_sound:
            raise CommandError(f"Nothing was changed. Problems: {len(report.problems)}.")
        for word, slugs in (
            ("would be added" if check else "added", report.added),
            ("already there, the same", report.identical),
            ("already there, but different: not changed", report.differing),
        ):
            for slug in slugs:
                self.stdout.write(f"{slug}: {word}")
        counts = f"{len(report.identical)} the same, {len(report.differing)} different"
        self.stdout.write(f"{len(report.added)} {'to add' if check else 'added'}, {counts}.")
