"""The story that tests of the engine tell."""

import pytest

from tests.engine.stories import Story, load_reference


@pytest.fixture
def story(author, organisation, coordinator, reviewer, second_reviewer, now) -> Story:
    """Hanna writes, Sofia coordinates, Giulia and Tomáš review; nothing has happened yet."""
    load_reference()
    return Story(author, organisation, coordinator, [reviewer, second_reviewer], now)
