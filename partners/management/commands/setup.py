"""`manage.py setup`: the first administrator, and what is still to be mended."""

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ekip.shared import clock
from ekip.shared.env import env
from ekip.shared.errors import Invalid
from partners.models import User
from partners.services import installation
from partners.services.installation import Finding


class Command(BaseCommand):
    """Can be run again at any time: it changes nothing that is there."""

    help = "Make the first administrator and check settings, database, broker and mail."

    def add_arguments(self, parser: CommandParser) -> None:
        """--email and --name answer the questions; SETUP_PASSWORD in the environment answers the last one."""
        parser.add_argument("--email", help="address of the administrator")
        parser.add_argument("--name", help="name of the administrator")
        parser.add_argument("--mail-to", help="send a test mail to this address")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at everything, make the administrator where there is none, then fail if something is to be mended."""
        servers = list(installation.server_findings())
        findings = [*installation.settings_findings(), *servers]
        if options["mail_to"]:
            findings.append(installation.mail_finding(options["mail_to"]))
        if all(finding.fine for finding in servers):
            findings.append(self._administrator(options["email"], options["name"]))
        else:
            findings.append(Finding(False, "administrator: mend the servers first, then run this again"))
        for finding in findings:
            mark = self.style.SUCCESS("fine") if finding.fine else self.style.ERROR("mend")
            self.stdout.write(f"{mark}  {finding.text}")
        to_mend = sum(not finding.fine for finding in findings)
        if to_mend:
            raise CommandError(f"To be mended: {to_mend}. Then run this again.")

    def _administrator(self, email: str | None, name: str | None) -> Finding:
        if email and User.objects.filter(email=email.strip().lower(), is_staff=True).exists():
            return Finding(True, f"{email} is an administrator")
        if not email and installation.has_administrator():
            return Finding(True, "there is an administrator")
        if not sys.stdin.isatty() and not (email and name and env.str("SETUP_PASSWORD", "")):
            return Finding(False, "administrator: give --email and --name, and SETUP_PASSWORD in the environment")
        email = email or input("E-mail address of the administrator: ")
        name = name or input("Name of the administrator: ")
        try:
            installation.make_administrator(email=email, name=name, password=_password(), now=clock.now())
        except Invalid as refusal:
            reasons = "; ".join(text for errors in refusal.errors.values() for text in errors)
            return Finding(False, f"administrator: {reasons or refusal}")
        return Finding(True, f"{email} is an administrator now; the first sign-in asks for a second factor")


def _password() -> str:
    given = env.str("SETUP_PASSWORD", "")
    if given:
        return given
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Password, once more: "):
        raise Invalid(errors={"password": ["The two passwords differ."]})
    return password
