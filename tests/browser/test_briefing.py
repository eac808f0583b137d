"""A proposal waits for the briefing of its policy area; a coordinator writes it; the proposal opens."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ekip.shared import clock
from tests.browser.cast import Cast
from tests.browser.visitor import PHONE, Visitor
from tests.browser.writing import into_editor
from tests.engine.stories import Story, make_area

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUESTION = "How can R&I policy open squares to small companies?"


def test_a_coordinator_writes_the_briefing_and_the_waiting_proposal_opens(
    cast: Cast, visitor: Callable[..., Visitor]
) -> None:
    organisation = cast.author.memberships.get().organisation
    story = Story(cast.author, organisation, cast.coordinator, [], clock.now(), "A stage for every square")
    story.start(make_area("squares", briefed=False, now=clock.now()))
    author = at(visitor(viewport=PHONE), cast.author, f"/proposals/{story.proposal.pk}/")
    expect(author.get_by_text("Drafting opens when the research briefing is published")).to_be_visible()
    expect(author.get_by_text("Sofia Coordinator")).to_be_visible()
    expect(author.get_by_role("link", name="Edit title and summary")).to_have_count(0)

    coordinator = at(visitor(), cast.coordinator, "/desk/")
    coordinator.get_by_role("link", name="Write the research briefing of").click()
    into_editor(coordinator, "Text of the briefing", ["# What we read", "Squares stand empty for most of the week."])
    coordinator.get_by_label("Guiding questions").fill(QUESTION)
    coordinator.get_by_role("button", name="Save the briefing").click()
    expect(coordinator.get_by_text("This is a draft")).to_be_visible()
    coordinator.get_by_role("link", name="Publish the briefing").click()
    expect(coordinator.get_by_role("heading", name="What will happen")).to_be_visible()
    coordinator.get_by_role("button", name="Publish the briefing").click()
    expect(coordinator.get_by_text("The briefing is published.")).to_be_visible()

    story.now = clock.now()
    story.pass_time(seconds=1)
    author.reload()
    expect(author.get_by_role("listitem").filter(has_text=QUESTION)).to_be_visible()
    author.get_by_role("link", name="Edit title and summary").click()
    expect(author.get_by_label("Summary")).to_be_editable()
    reader = visitor(viewport=PHONE).open("/policy-areas/squares/")
    expect(reader.get_by_text("Squares stand empty for most of the week.")).to_be_visible()


def at(visitor: Visitor, person, path: str) -> Page:
    """The person, signed in, on a page."""
    visitor.become(person)
    return visitor.open(path)
