"""Records where every chain ends now."""

from typing import Any

from django.core.management.base import BaseCommand

from ekip.shared import clock
from engine.services.checkpoints import make_checkpoint


class Command(BaseCommand):
    """`manage.py checkpoint`: prints the hash to keep elsewhere."""

    help = "Make a checkpoint over the event chains of all runs now. Beat does it once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say that nothing happened since the last."""
        made = make_checkpoint(now=clock.now())
        if made is None:
            self.stdout.write("nothing has happened since the last checkpoint")
        else:
            self.stdout.write(f"checkpoint {made.number}: {made.runs} runs, {made.events} events\n{made.hash}")
