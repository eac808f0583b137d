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
    User.objects.update(is_example=False)
    with pytest.raises(CommandError, match="real people"):
        load(now=TODAY)
    assert (User.objects.count(), Organisation.objects.count()) == (1, 0)
    assert not folder.exists()


def test_who_opens_an_account_in_the_demonstration_is_an_example(folder) -> None:
    assert people.make_person("Curious Visitor").is_example


def test_elsewhere_nobody_is() -> None:
    assert not people.make_person("Real Person").is_example
