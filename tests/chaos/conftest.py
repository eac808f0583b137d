"""A small world in which everything is over: one run, published, withdrawn, and every mail sent."""

import pytest

from partners.models import Delivery
from tests.chaos.checks import Story
from tests.chaos.sink import Mail
from tests.engine import stories
from tests.engine.stories import load_reference


@pytest.fixture
def finished(author, organisation, coordinator, reviewer, second_reviewer, now) -> Story:
    """What is known of it besides its rows."""
    load_reference()
    story = stories.Story(author, organisation, coordinator, [reviewer, second_reviewer], now)
    story.in_decision().decide("publish").decide("withdraw-publication")
    Delivery.objects.update(state=Delivery.State.SENT)
    rows = Delivery.objects.values_list("message_id", "notification__person__email")
    return Story(mails=[Mail(message_id, to, f"bytes of {message_id}") for message_id, to in rows], kills=3)
