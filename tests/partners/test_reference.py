import pytest

from partners.models import Sector
from partners.services.reference import load_sectors

pytestmark = pytest.mark.django_db


def test_the_reference_file_is_loaded_and_can_be_loaded_again():
    count = load_sectors()
    before = list(Sector.objects.values())
    assert load_sectors() == count == len(before)
    assert list(Sector.objects.values()) == before


def test_a_changed_label_is_brought_up_to_date():
    load_sectors([{"key": "music", "label": "Musik", "essnet": []}])
    pk = Sector.objects.get().pk
    load_sectors([{"key": "music", "label": "Music", "essnet": ["performing-arts"]}])
    sector = Sector.objects.get()
    assert (sector.pk, sector.label, sector.essnet) == (pk, "Music", ["performing-arts"])
