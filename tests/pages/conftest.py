import pytest

from tests.engine.stories import Story, load_reference


@pytest.fixture
def story(author, organisation, coordinator, reviewer, second_reviewer, now) -> Story:
    """The story of one proposal; nothing has happened yet."""
    load_reference()
    return Story(author, organisation, coordinator, [reviewer, second_reviewer], now)
