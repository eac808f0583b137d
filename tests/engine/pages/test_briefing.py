"""What a proposal's pages say of the research briefing: awaited, and then with its questions beside the text."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from recommendations.models import PolicyArea, Proposal
from tests.engine.pages.test_writing import start_data
from tests.engine.stories import QUESTIONS, make_area

pytestmark = pytest.mark.django_db


@pytest.fixture
def area(story) -> PolicyArea:
    """A selected area without a briefing."""
    return make_area("unbriefed", briefed=False, now=story.now)


def words(answer) -> str:
    """The words of a page."""
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_starts_is_told_that_drafting_opens_later(story, visit, area):
    answer = visit(story.author).post("start", **start_data(story, area=area.slug))
    proposal = Proposal.objects.get()
    assert answer.url == f"/proposals/{proposal.pk}/"
    page = words(visit(story.author).get("proposal", proposal.pk))
    assert "Drafting opens when the research briefing is published" in page
    assert story.coordinator.name in page
    assert "<strong>coordinators</strong> (write the research briefing)" in page
    assert f"/policy-areas/{area.slug}/" in page
    assert f"/policy-areas/{area.slug}/briefing/" not in page
    assert "/sections/" not in page
    assert "Archive" in page


def test_who_keeps_the_area_is_led_to_the_briefing(story, visit, area):
    story.start(area)
    assert f"/policy-areas/{area.slug}/briefing/" in words(visit(story.coordinator).get("proposal", story.proposal.pk))


def test_nothing_can_be_written_while_it_is_awaited(story, visit, area):
    story.start(area)
    answer = visit(story.author).get("section", story.proposal.pk, "context")
    assert answer.status_code == 409


def test_the_questions_stand_beside_the_text_while_it_is_drafted(story, visit):
    story.start().write()
    for page in (("proposal", story.proposal.pk), ("section", story.proposal.pk, "context")):
        shown = words(visit(story.author).get(*page))
        assert [escape(question) in shown for question in QUESTIONS] == [True, True]
        assert "/policy-areas/shared-means/#briefing-heading" in shown
    story.submit()
    assert escape(QUESTIONS[0]) not in words(visit(story.author).get("proposal", story.proposal.pk))


def test_one_question_and_five_cost_the_same(story, visit):
    story.start()
    briefing = story.proposal.area.briefing

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            visit(story.author).get("proposal", story.proposal.pk)
        return len(queries)

    first = cost()
    briefing.questions = [f"How can R&I policy {n}?" for n in range(5)]
    briefing.save()
    assert cost() == first
