"""Vocabularies, section template and default process: what every installation needs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from ekip.shared import clock
from engine.services.definitions import publish_definition
from partners.services.reference import load_sectors
from recommendations.reference import load_vocabularies

DEFAULT_PROCESS = Path(__file__).resolve().parents[2] / "definitions" / "ekip-engine.yaml"


class Command(BaseCommand):
    """`manage.py load_reference`: loading twice changes nothing."""

    help = "Load the vocabularies, the section template and the default process. Idempotent."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Load everything or nothing."""
        load_sectors()
        load_vocabularies()
        version, is_new = publish_definition(DEFAULT_PROCESS.read_text(), person=None, now=clock.now())
        self.stdout.write(f"process {version}: {'published' if is_new else 'unchanged'}")
