"""The one way in which commands compare what is stored with what follows from other rows."""

from collections.abc import Collection
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from engine.models import Run


class Verification(BaseCommand):
    """Prints one line for each fault and ends with 1, or says that there is none. `runs` are ids; without any, all."""

    well = ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Which runs."""
        parser.add_argument("runs", nargs="*", type=int, help="ids of runs; all when none is named")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, print, and end with an error that names the first fault."""
        runs = options["runs"] or None
        if runs and (unknown := set(runs) - set(Run.objects.filter(pk__in=runs).values_list("pk", flat=True))):
            raise CommandError(f"There is no run {', '.join(map(str, sorted(unknown)))}.")
        faults = self.faults(runs, options)
        for line in faults:
            self.stdout.write(line)
        if faults:
            raise CommandError(f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}; the first: {faults[0]}")
        self.stdout.write(f"{self.counted(runs)}: {self.well}")

    def faults(self, runs: Collection[int] | None, options: dict[str, Any]) -> list[str]:
        """One line each."""
        raise NotImplementedError

    def counted(self, runs: Collection[int] | None) -> str:
        """How much was looked at."""
        number = len(set(runs)) if runs else Run.objects.count()
        return f"{number} {'run' if number == 1 else 'runs'}"
