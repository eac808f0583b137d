import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from ekip.demo.loading import load
from partners.services.reference import load_sectors
from tests.demo import urls  # at once: the site's own addresses are to be read while this is no demonstration

TODAY = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
BACKEND = "ekip.demo.mailbox.Backend"


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    """The private folder of a demonstration, with its mail."""
    settings.DEMO = True
    settings.DEMO_FOLDER = tmp_path / "demo"
    settings.EMAIL_FILE_PATH = str(tmp_path / "demo" / "mail")
    settings.EMAIL_BACKEND = BACKEND
    return settings.DEMO_FOLDER


@pytest.fixture
def addresses(settings, folder) -> None:
    """The addresses and the tags that exist only in the demonstration."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "ekip.demo"]
    settings.ROOT_URLCONF = urls.__name__


@pytest.fixture
def sectors(db) -> None:
    """What of the reference data the register asks for."""
    load_sectors()


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[Path, dict[str, int]]]:
    """A demonstration that was loaded once for all tests of a module; it is rolled back after the last of them."""
    folder = tmp_path_factory.mktemp("loaded") / "demo"
    mails = {"EMAIL_FILE_PATH": str(folder / "mail"), "EMAIL_BACKEND": BACKEND}
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEMO=True, DEMO_FOLDER=folder, **mails):
            call_command("load_reference", verbosity=0)
            added = load(now=TODAY)
        yield folder, added
        transaction.set_rollback(True)


@pytest.fixture
def added(_loaded, folder, db) -> dict[str, int]:
    """A demonstration that was loaded at `TODAY`, in a folder of the test's own: what was added, by name."""
    loaded, added = _loaded
    shutil.copytree(loaded, folder)
    return added
