"""The demonstration is never loaded where somebody real has an account."""

import pytest
from django.core.management.base import CommandError

from ekip.demo.loading import load
from partners.models import Organisation, User
from tests import people
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db


def test_a_real_account_stops_it_before_anything_changes(folder) -> None:
    people.make_person("Real Person")
    with pytest.raises(CommandError, match="real people"):
        load(now=TODAY)
    assert (User.objects.count(), Organisation.objects.count()) == (1, 0)
    assert not folder.exists()
