"""The same people everywhere, each of an organisation of their own: nobody shares a conflict of interest."""

import gc
from datetime import UTC, datetime

import hypothesis
import pytest
from django.conf import settings

from partners.models import Membership, Organisation, RoleGrant, User
from tests import people

pytest_plugins = ["tests.agreement", "tests.chromium", "tests.emptying", "tests.marks"]


def pytest_configure() -> None:
    """Passwords in tests need not be slow to guess, and how long an example takes says only how busy a machine is."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    too_slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("ekip", deadline=None, suppress_health_check=too_slow)
    hypothesis.settings.load_profile("ekip")


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: looking through it for rubbish was a tenth of all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture
def now() -> datetime:
    """The instant at which a test begins; services get it as an argument, pages through `clock.at(now)`."""
    return datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def organisation(db) -> Organisation:
    """The author's organisation."""
    return people.make_organisation("Example City", slug="example-city")


@pytest.fixture
def author(organisation) -> User:
    """Writes proposals for Example City."""
    return people.make_person("Hanna Author", organisation=organisation, role=Membership.Role.DRAFTER)


@pytest.fixture
def reviewer(db) -> User:
    """A member of Example Region, asked to judge."""
    return people.make_person("Giulia Reviewer", organisation=people.make_organisation("Example Region"))


@pytest.fixture
def second_reviewer(db) -> User:
    """A member of Example Network, asked to judge beside the reviewer."""
    network = people.make_organisation("Example Network", kind="intermediary", is_network=True)
    return people.make_person("Tomáš Reviewer", organisation=network)


@pytest.fixture
def coordinator(db) -> User:
    """Runs rounds, by a role grant for the whole platform; has a second factor."""
    person = people.make_person("Sofia Coordinator", organisation=people.make_organisation("Example Office"))
    people.grant(person, RoleGrant.Role.COORDINATOR)
    return person


@pytest.fixture
def decider(db) -> User:
    """Decides, by a role grant for the whole platform; has a second factor."""
    person = people.make_person("Lukas Decider", organisation=people.make_organisation("Example Board"))
    people.grant(person, RoleGrant.Role.DECIDER)
    return person


@pytest.fixture
def official(db) -> User:
    """Works for a city that looks for something to use."""
    return people.make_person("Anouk Official", organisation=people.make_organisation("Example Port City"))


@pytest.fixture
def outsider(db) -> User:
    """Drafts for an organisation that has nothing to do with anything in the test."""
    elsewhere = people.make_organisation("Example Elsewhere")
    return people.make_person("Otto Outsider", organisation=elsewhere, role=Membership.Role.DRAFTER)


@pytest.fixture
def sign_in():
    """`sign_in(person)` gives a new test client in which the person is signed in."""
    return people.sign_in
