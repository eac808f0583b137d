"""Erases a person on their wish."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ekip.shared import clock
from engine.services.erasure import erase_person
from partners.models import User


class Command(BaseCommand):
    """`manage.py erase_person ada@example.org`: asks before it does what cannot be undone."""

    help = "Erase a person's name, address, account and words. The event chains stay verifiable."

    def add_arguments(self, parser: CommandParser) -> None:
        """The address, and a way past the question."""
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, erase, say what went."""
        person = User.objects.filter(email=options["email"].lower()).first()
        if person is None:
            raise CommandError("Nobody has an account under this address.")
        if not options["yes"] and input(f"Erase {person}? This cannot be undone. Type yes: ") != "yes":
            raise CommandError("Nothing was changed.")
        words = erase_person(person, now=clock.now())
        self.stdout.write(f"erased; the words of {words} events are gone")
