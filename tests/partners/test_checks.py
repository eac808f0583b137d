import pytest

from partners.checks import no_demonstration_accounts
from tests import people

pytestmark = pytest.mark.django_db


def test_a_demonstration_account_is_an_error_outside_the_demonstration(settings):
    people.make_person()
    assert no_demonstration_accounts(databases=["default"]) == []
    people.make_person(is_example=True)
    assert [error.id for error in no_demonstration_accounts(databases=["default"])] == ["partners.E001"]
    settings.DEMO = True
    assert no_demonstration_accounts(databases=["default"]) == []


def test_without_a_database_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert no_demonstration_accounts(databases=None) == []
