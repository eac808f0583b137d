"""Pages of changes and responses in a real browser: nothing for axe to report, narrow and wide, light and dark."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse

from ekip.shared import clock
from engine.models import Assignment, Point
from engine.services import rounds
from recommendations.models import Edition
from tests.engine.stories import WORDS, Story, load_reference
from tests.people import sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

LOOKS = [(390, "light"), (1280, "dark")]


@pytest.fixture
def story(author, organisation, coordinator, reviewer, second_reviewer):
    """The story, told in the weeks before now: the live server reads the wall clock."""
    load_reference()
    return Story(author, organisation, coordinator, [reviewer, second_reviewer], clock.now() - timedelta(days=40))


@pytest.fixture
def look_at(live_server, chromium):
    """`look_at(person, path)` opens the path in every look and gives what axe and the page itself complain about."""

    def looked(person, path):
        complaints = []
        context = chromium.new_context()
        if person:
            cookie = sign_in(person).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        answer = page.goto(live_server.url + path)
        assert answer and answer.status == 200, path
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            complaints += [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]]
            widest = page.evaluate("document.documentElement.scrollWidth")
            complaints += [("wider than the window", path)] if widest > width else []
        context.close()
        return complaints

    return looked


def once_reviewed(story):
    """Reviewed, tested and revised; one remark has lost its passage."""
    story.start().write()
    story.write_section("context", f"## Where it hurts\n\nA passage that goes.\n\n{WORDS}")
    story.submit().open_round()
    blocks = story.proposal.revisions.get().content["sections"][0]["blocks"]
    for person in story.reviewers:
        story.review(person, "It is not said who needs it.", "This does not follow.")
    Point.objects.filter(number=2).update(block_id=blocks[1]["id"], quote="passage that goes")
    story.test_in_city("The room is missing.")
    story.pass_time(days=14)
    story.answer_points()
    story.write_section("context", f"## Where it hurts most\n\nWe begin with **the reasons**.\n\n{WORDS}")
    return story.submit()


def test_a_second_review_and_the_responses(story, look_at):
    once_reviewed(story).decide(outcome="second-round", reason="Look once more.")
    story.open_round(days=60)
    person = story.reviewers[0]
    assignment = Assignment.objects.get(reviewer=person, round__revision__number=2)
    rounds.accept(assignment_id=assignment.pk, person=person, now=story.now)
    review = reverse("engine:review", args=[assignment.pk])
    proposal = [story.proposal.pk]
    assert look_at(person, f"{review}?changes=inline") == []
    assert look_at(person, f"{review}?changes=side") == []
    assert look_at(person, reverse("engine:responses", args=proposal)) == []
    assert look_at(story.author, reverse("engine:points", args=proposal)) == []
    assert look_at(story.coordinator, reverse("engine:open_round", args=proposal)) == []


def test_a_correction_before_and_after(story, look_at):
    once_reviewed(story).decide()
    story.decide(outcome="correct", reason="A figure was wrong.")
    story.write_section("context", f"## Where it hurts most\n\nWe begin with **twelve** reasons.\n\n{WORDS}")
    address = reverse("engine:decide", args=[story.proposal.pk])
    assert look_at(story.coordinator, f"{address}?changes=side") == []
    assert look_at(story.author, reverse("engine:proposal", args=[story.proposal.pk])) == []
    story.decide(outcome="reissue", reason="The figure was mended.")
    slug = Edition.objects.latest("number").publication.slug
    assert look_at(None, f"/library/{slug}/editions/2/changes/") == []
    assert look_at(None, f"/library/{slug}/editions/2/changes/?changes=side") == []
    assert look_at(None, f"/library/{slug}/editions/1/") == []
    assert look_at(None, f"/library/{slug}/") == []
