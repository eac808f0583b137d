"""The ways that are not straight: a return, a second round, a city test, a correction, a supersession, a withdrawal."""

import re
from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from ekip.shared import clock
from engine.models import Assignment, Round
from recommendations.models import Edition
from tests.browser import writing
from tests.browser.cast import Cast
from tests.browser.visitor import PHONE, Visitor
from tests.engine.stories import Story
from tests.recommendations import shelf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "A kiln for the whole valley"
WHY = "One figure in the context was wrong."


def test_a_return_a_second_round_a_city_test_a_correction_and_a_withdrawal(cast: Cast, visitor: Callable[..., Visitor]):
    organisation = cast.author.memberships.get().organisation
    reviewers = [cast.reviewer, cast.second_reviewer]
    story = Story(cast.author, organisation, cast.coordinator, reviewers, clock.now(), TITLE)
    story.start().write().submit().open_round()
    for person in reviewers:
        story.review(person, "Which tools? Name three.")
    story.open_city_test()
    a_city_records_its_case(at(visitor(), story.facilitator, case_of(story)))
    story.pass_time(days=14)
    story.answer_points().submit()

    proposal = f"/proposals/{story.proposal.pk}/"
    decider = at(visitor(), cast.coordinator, f"{proposal}decision/")
    expect(decider.get_by_text("The room exists, the person with the key does not.")).to_be_visible()
    decide(decider, "Return for revision", "Say what it costs.")
    the_author_revises(at(visitor(), cast.author, proposal))
    decider.goto(urljoin(decider.url, f"{proposal}decision/"))
    decide(decider, "Ask for a further review round", "Look at the costs.")
    the_coordinator_asks_the_same_again(decider, cast)
    a_reviewer_sees_what_changed(at(visitor(), cast.reviewer, second_invitation(cast)))
    for assignment in Assignment.objects.filter(reviewer=cast.second_reviewer, round__closed_at=None):
        story.now = clock.now()
        story.accept_and_hand_in(assignment)
    story.pass_time(days=30)
    story.answer_points().submit().decide()
    slug = Edition.objects.get().publication.slug

    decider.goto(urljoin(decider.url, f"{proposal}decision/"))
    decide(decider, "Correct the publication", WHY)
    tab = at(visitor(), cast.author, proposal)
    writing.write_section(tab, "context", writing.WORDS, "Four companies share it, not five.")
    decider.goto(urljoin(decider.url, f"{proposal}decision/"))
    decide(decider, "Publish the corrected edition", WHY)
    readers_see_the_correction(visitor(viewport=PHONE), slug)
    successor = shelf.place("another-way", title="Another way").publication.slug
    decider.goto(urljoin(decider.url, f"{proposal}decision/"))
    decider.get_by_label("What takes its place").select_option(label="Another way, edition 1")
    decide(decider, "Supersede the publication", "The newer text covers both.")
    readers_are_led_on(visitor(viewport=PHONE), slug, successor)
    decider.goto(urljoin(decider.url, f"{proposal}decision/"))
    decide(decider, "Withdraw the publication", "New law has overtaken it.")
    readers_see_the_tombstone(visitor(viewport=PHONE), slug)


def at(visitor: Visitor, person, path: str) -> Page:
    """The person, signed in, on a page."""
    visitor.become(person)
    return visitor.open(path)


def case_of(story: Story) -> str:
    """Where the city is asked."""
    return f"/assignments/{Assignment.objects.get(reviewer=story.facilitator).pk}/"


def second_invitation(cast: Cast) -> str:
    """Where the first reviewer is asked again."""
    return f"/assignments/{Assignment.objects.get(reviewer=cast.reviewer, round__closed_at=None).pk}/"


def a_city_records_its_case(tab: Page) -> None:
    """Title and summary first; after accepting the frozen text beside the form, and the fixed notice."""
    expect(tab.get_by_text("no budget knows the task")).to_have_count(0)
    tab.get_by_role("button", name=re.compile("^Accept")).click()
    expect(tab.get_by_text(re.compile("views of (the|those) .*took part|participants", re.I)).first).to_be_visible()
    tab.get_by_label("City or district").select_option(label="Example Port City")
    tab.get_by_label("Set-up").fill("A day with nine people in the old harbour.")
    tab.get_by_label("Government").fill("9")
    tab.get_by_label("Cities fund shared tools for small companies.").fill(
        "The room exists, the person with the key does not."
    )
    tab.get_by_label("Gaps").fill("Nobody keeps the tools in repair.")
    tab.get_by_role("button", name="Hand in the case").click()
    tab.get_by_role("button", name="Send this case").click()
    expect(tab.get_by_text("Handed in").first).to_be_visible()


def decide(tab: Page, outcome: str, reason: str) -> None:
    """On the decision page: choose, say why, look once more, decide."""
    tab.get_by_role("radio", name=outcome, exact=True).check()
    tab.get_by_label("Reason").fill(reason)
    tab.get_by_role("button", name="Go on").click()
    expect(tab.get_by_role("heading", name="What will happen")).to_be_visible()
    tab.get_by_role("button", name=outcome, exact=True).click()
    expect(tab.get_by_text("Your decision is taken.")).to_be_visible()


def the_author_revises(tab: Page) -> None:
    """The reason is there to read; the text is changed and submitted again."""
    expect(tab.get_by_text("Say what it costs.").first).to_be_visible()
    writing.write_section(tab, "context", writing.WORDS, "It costs eleven thousand a year.")
    writing.submit(tab, "Submit the revision")


def the_coordinator_asks_the_same_again(tab: Page, cast: Cast) -> None:
    """Those who reviewed before are offered first."""
    tab.get_by_role("link", name="Open the review round").click()
    expect(tab.get_by_text("reviewed before", exact=False).first).to_be_visible()
    for person in (cast.reviewer, cast.second_reviewer):
        tab.get_by_role("checkbox", name=person.name).check()
    tab.locator("main").get_by_role("button", name=re.compile("^Open the")).click()
    expect(tab.get_by_text("The round is open.")).to_be_visible()
    assert Round.objects.filter(kind="review").count() == 2


def a_reviewer_sees_what_changed(tab: Page) -> None:
    """What changed since their own review, inline and side by side, and what became of their point."""
    tab.get_by_role("button", name=re.compile("^Accept")).click()
    tab.get_by_text("What changed from revision").click()
    expect(tab.locator("ins", has_text="eleven thousand").first).to_be_visible()
    expect(tab.get_by_text("We changed it.").first).to_be_visible()
    tab.get_by_role("link", name=re.compile("side by side", re.I)).click()
    expect(tab.get_by_text("eleven thousand").first).to_be_visible()
    for group in tab.get_by_role("group").all():
        if group.get_by_role("radio", name="4 – largely").count() == 1:
            group.get_by_role("radio", name="4 – largely").check()
    tab.get_by_role("group", name="Your advice").get_by_role("radio").first.check()
    tab.get_by_role("button", name="Hand in the review").click()
    tab.get_by_role("button", name="Send this review").click()
    expect(tab.get_by_text("Your review is handed in. Thank you.")).to_be_visible()


def readers_see_the_correction(visitor: Visitor, slug: str) -> None:
    """The new edition says that it corrects; the old one stays readable under a loud notice; the change is shown."""
    tab = visitor.open(f"/library/{slug}/")
    expect(tab.get_by_text("Four companies share it, not five.").first).to_be_visible()
    expect(tab.get_by_text("This edition corrects edition 1")).to_be_visible()
    expect(tab.get_by_text("Example Port City").first).to_be_attached()
    tab.goto(f"{visitor.address}/library/{slug}/editions/1/")
    expect(tab.get_by_text("This edition was corrected")).to_be_visible()
    expect(tab.get_by_text(WHY).first).to_be_visible()
    tab.get_by_role("link", name="See what changed").first.click()
    expect(tab.locator("ins", has_text="Four companies").first).to_be_visible()


def readers_are_led_on(visitor: Visitor, slug: str, successor: str) -> None:
    """The text stays, under a loud notice that leads to what takes its place."""
    tab = visitor.open(f"/library/{slug}/")
    expect(tab.get_by_text("This edition was superseded")).to_be_visible()
    tab.get_by_role("link", name="Read the edition that takes its place").click()
    expect(tab).to_have_url(f"{visitor.address}/library/{successor}/editions/1/")


def readers_see_the_tombstone(visitor: Visitor, slug: str) -> None:
    """The address explains; the text stays at the address of the edition."""
    tab = visitor.open(f"/library/{slug}/")
    expect(tab.get_by_text("New law has overtaken it.").first).to_be_visible()
    tab.goto(f"{visitor.address}/library/{slug}/editions/2/")
    expect(tab.get_by_text("This edition was withdrawn")).to_be_visible()
    expect(tab.get_by_text("Four companies share it, not five.").first).to_be_visible()
