from typing import Any

from django.core.management.base import BaseCommand

from ekip.demo.accounts import accounts_file
from ekip.demo.loading import load
from ekip.shared import clock


class Command(BaseCommand):
    """`manage.py load_demo`: loading twice changes nothing."""

    help = "Load the demonstration: register, accounts, back catalogue, proposals. Refuses real accounts. Idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing and say what was added."""
        added = load(now=clock.now())
        for name, number in added.items():
            if number:
                self.stdout.write(f"added {number} {name}")
        if not any(added.values()):
            self.stdout.write("nothing to add")
        self.stdout.write(f"passwords of the example accounts: {accounts_file()}")
