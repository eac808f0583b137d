"""The back catalogue of the demonstration, entered through the same import as a real installation's."""

from datetime import datetime

from django.core.management.base import CommandError

from ekip.demo.data_files import CATALOGUE
from recommendations.imports.services import import_catalogue


def load_catalogue(*, now: datetime) -> int:
    """Import what is missing of the catalogue; the number of publications added.

    Raises:
        CommandError: the file has faults; each is named with its line, and nothing was changed.
    """
    report = import_catalogue(CATALOGUE.read_bytes(), now=now)
    if not report.is_sound:
        raise CommandError("\n".join(map(str, report.problems)))
    return len(report.added)
