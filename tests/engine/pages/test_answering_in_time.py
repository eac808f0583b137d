"""Deadlines in working days, and the time in which an invitation is answered."""

import re
from datetime import UTC, datetime

import pytest

from engine.models import Assignment, Round
from engine.selectors.desk import desk_of
from engine.services import rounds
from partners.models import Notification
from tests.engine.processes import drafting, ended, follow, reading

pytestmark = pytest.mark.django_db

SWEDEN = [{"key": "sweden", "country": "SE"}]
FIVE_DAYS = {"working_days": 5, "calendar": "sweden"}
TWENTY_DAYS = {"working_days": 20, "calendar": "sweden"}


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


@pytest.fixture
def waiting(story):
    """A proposal that waits for a round of twenty working days, from Monday, the first of March."""
    stages = drafting("reading"), reading("closed", round={"period": TWENTY_DAYS, "response": FIVE_DAYS}), ended()
    return follow(story, *stages, calendars=SWEDEN).start().write().submit()


def silent(person, story) -> list[tuple[str, datetime]]:
    return [(task.text, task.due_at) for task in desk_of(person, now=story.now).for_others if "answer" in task.text]


def test_the_proposed_deadline_leaves_out_public_holidays(waiting, visit):
    page = visit(waiting.coordinator).get("open_round", waiting.proposal.pk)
    # Good Friday and Easter Monday lie between: twenty days from 1 March end on 31 March.
    assert page.context["form"]["closes_on"].value().isoformat() == "2027-03-31"
    words = text_of(page)
    assert "The process gives 20 working days, public holidays of Sweden left out." in words
    assert "asked to answer within 5 working days" in words


def test_the_invitation_says_until_when_to_answer(waiting, visit, reviewer):
    round = waiting.open_round(days=30, template="reading")
    assert round.answer_by == datetime(2027, 3, 8, 9, tzinfo=UTC)
    pk = round.assignments.get(reviewer=reviewer).pk
    assert "Please answer until 8 March 2027, 10:00" in text_of(visit(reviewer).get("invitation", pk))
    assert "Please answer until 8 March 2027" in Notification.objects.get(person=reviewer, kind="invitation").body
    [task] = desk_of(reviewer, now=waiting.now).for_you
    assert task.due_at == round.answer_by
    rounds.accept(assignment_id=pk, person=reviewer, now=waiting.now)
    assert "Please answer until" not in text_of(visit(reviewer).get("invitation", pk))
    [task] = desk_of(reviewer, now=waiting.now).for_you
    assert task.due_at == round.closes_at


def test_nobody_is_asked_to_answer_after_the_round_has_closed(waiting):
    round = waiting.open_round(days=2, template="reading")
    assert round.answer_by == round.closes_at


def test_the_coordinator_s_desk_says_who_did_not_answer(waiting, reviewer, second_reviewer):
    round = waiting.open_round(days=30, template="reading")
    rounds.accept(assignment_id=round.assignments.get(reviewer=reviewer).pk, person=reviewer, now=waiting.now)
    assert silent(waiting.coordinator, waiting) == []
    waiting.now = round.answer_by
    words = f"No answer from {second_reviewer.name} about “{waiting.title}”"
    assert silent(waiting.coordinator, waiting) == [(words, round.answer_by)]
    assert silent(waiting.author, waiting) == []
    assert Assignment.objects.filter(declined_at=None, barred_at=None).count() == 2


def test_a_round_without_a_time_to_answer_asks_for_none(story):
    story.in_review()
    assert Round.objects.get().answer_by is None
    story.pass_time(days=10)
    assert silent(story.coordinator, story) == []
