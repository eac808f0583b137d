"""Withdrawing, deleting with undo, archiving, declining an area; and a page on which the stage has moved."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ekip.shared import clock
from tests.browser.cast import Cast
from tests.browser.visitor import PHONE, Visitor
from tests.engine.stories import Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "We want to ask two more companies first."


def started(cast: Cast, title: str) -> Story:
    """A proposal of the author with its co-author."""
    organisation = cast.author.memberships.get().organisation
    reviewers = [cast.reviewer, cast.second_reviewer]
    return Story(cast.author, organisation, cast.coordinator, reviewers, clock.now(), title).start()


def at(visitor: Visitor, person, path: str) -> Page:
    """The person, signed in, on a page."""
    visitor.become(person)
    return visitor.open(path)


def test_a_submission_is_withdrawn_with_a_reason(cast: Cast, visitor: Callable[..., Visitor]):
    story = started(cast, "Too early").write().submit()
    tab = at(visitor(), cast.author, f"/proposals/{story.proposal.pk}/")
    tab.get_by_role("link", name="Withdraw").click()
    tab.get_by_role("button", name="Withdraw the submission").click()
    expect(tab.get_by_role("alert")).to_be_focused()
    tab.get_by_label("Reason").fill(REASON)
    tab.get_by_role("button", name="Withdraw the submission").click()
    expect(tab.get_by_text("Withdrawn. You can change the text and submit it again.")).to_be_visible()
    tab.get_by_role("link", name="Edit title and summary").click()
    expect(tab.get_by_label("Title")).to_have_value("Too early")


def test_what_was_typed_is_kept_when_the_stage_has_moved(cast: Cast, visitor: Callable[..., Visitor]):
    story = started(cast, "Decided meanwhile").in_decision()
    tab = at(visitor(), cast.author, f"/proposals/{story.proposal.pk}/withdraw/")
    story.decide("return")
    tab.get_by_label("Reason").fill(REASON)
    tab.get_by_role("button", name="Withdraw the submission").click()
    expect(tab.get_by_role("heading", name="This has moved on")).to_be_visible()
    expect(tab.get_by_label("Reason")).to_have_value(REASON)
    tab.get_by_role("link", name="See how it stands now").click()
    expect(tab.get_by_role("heading", level=1)).not_to_have_text("This has moved on")


def test_a_draft_is_deleted_and_brought_back(cast: Cast, visitor: Callable[..., Visitor]):
    story = started(cast, "A note to throw away")
    tab = at(visitor(), cast.author, f"/proposals/{story.proposal.pk}/")
    tab.get_by_role("link", name="Delete", exact=True).click()
    tab.get_by_role("button", name="Delete the draft").click()
    expect(tab.get_by_text("You can bring it back for thirty days.")).to_be_visible()
    tab.get_by_role("button", name="Undo the deletion").click()
    expect(tab.get_by_text("The draft is back.")).to_be_visible()
    expect(tab.get_by_role("heading", level=1)).to_have_text("A note to throw away")


def test_a_proposal_is_archived_and_taken_out_again(cast: Cast, visitor: Callable[..., Visitor]):
    story = started(cast, "Put aside")
    tab = at(visitor(viewport=PHONE), cast.author, f"/proposals/{story.proposal.pk}/")
    tab.get_by_role("link", name="Archive", exact=True).click()
    tab.get_by_role("button", name="Archive the proposal").click()
    tab.get_by_role("link", name="Put aside").click()
    expect(tab.get_by_text("This proposal is archived")).to_be_visible()
    expect(tab.get_by_role("link", name="Edit title and summary")).to_have_count(0)
    tab.get_by_role("button", name="Take out of the archive").click()
    expect(tab.get_by_text("The proposal is active again.")).to_be_visible()


def test_an_area_is_declined_with_a_reason_that_everybody_reads(cast: Cast, visitor: Callable[..., Visitor]):
    place = f"/policy-areas/{cast.area.slug}/"
    tab = at(visitor(), cast.coordinator, place)
    tab.get_by_role("link", name="Decline the area").click()
    tab.get_by_label("Reason").fill("Two other areas hold all of it.")
    tab.get_by_role("button", name="Decline the area").click()
    reader = visitor(viewport=PHONE).open(place)
    expect(reader.get_by_text("Two other areas hold all of it.")).to_be_visible()
    expect(reader.get_by_text("Nobody can start a proposal in this area")).to_be_visible()
