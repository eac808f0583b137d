"""The story that tests of the engine tell."""

import pytest

from partners.models import RoleGrant, User
from tests.engine.stories import Story, load_reference
from tests.people import grant, make_organisation, make_person


@pytest.fixture
def story(author, organisation, coordinator, reviewer, second_reviewer, now) -> Story:
    """Hanna writes, Sofia coordinates, Giulia and Tomáš review; nothing has happened yet."""
    load_reference()
    return Story(author, organisation, coordinator, [reviewer, second_reviewer], now)


@pytest.fixture
def council(db) -> User:
    """Sits on the expert council and has no other role."""
    person = make_person("Carla Council", organisation=make_organisation("Example Council"))
    grant(person, RoleGrant.Role.DECIDER, "body:expert-council")
    return person
