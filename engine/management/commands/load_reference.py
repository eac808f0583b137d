"""Vocabularies, section template and the processes that come with the platform: what every installation needs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from ekip.shared import clock
from engine.services.definitions import publish_shipped
from partners.services.reference import load_sectors
from recommendations.reference import load_vocabularies

DEFINITIONS = Path(__file__).resolve().parents[2] / "definitions"


class Command(BaseCommand):
    """`manage.py load_reference`: loading twice changes nothing."""

    help = "Load the vocabularies, the section template and the processes that come with the platform. Idempotent."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Load everything or nothing."""
        load_sectors()
        load_vocabularies()
        for path in sorted(DEFINITIONS.glob("*.yaml")):
            version, is_new = publish_shipped(path.read_text(), now=clock.now())
            self.stdout.write(f"process {version}: {'published' if is_new else 'unchanged'}")
