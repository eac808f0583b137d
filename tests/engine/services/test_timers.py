"""Timers that remind whom they name, and timers that take a way because nobody acted."""

import pytest

from engine.models import Event, Round, Timer
from engine.selectors.history import history
from engine.selectors.proposals import standings
from engine.selectors.runs import run_view
from engine.services import clockwork
from engine.services.verification import access_differences, chain_faults, replay_differences
from partners.models import Notification
from recommendations import access
from tests.engine.processes import deciding, drafting, ended, follow, lapsing, reading

pytestmark = pytest.mark.django_db

LATE = {"key": "late", "after": "P30D", "then": "remind"}
OVER = {"key": "over", "after": "P60D", "then": "take", "transition": "lapse"}


@pytest.fixture(autouse=True)
def everything_agrees():
    """After every story, access rows, event chains and replay agree with what happened."""
    yield
    assert access_differences() == []
    assert chain_faults() == []
    assert replay_differences() == []


def told(person, kind: str) -> int:
    return Notification.objects.filter(person=person, kind=kind).count()


def submitted(story, *stages, **more):
    return follow(story, drafting("reading"), *stages, **more).start().write().submit()


def test_a_stage_is_overdue_since_its_first_timer_wherever_it_is_told(story):
    ways = [lapsing("closed")]
    submitted(story, reading("closed", *ways, timers=[{**LATE, "to": ["coordinators"]}, OVER]), ended())
    due = story.visit.timers.get(key="late").due_at
    story.pass_time(days=31)
    [standing] = standings([story.proposal])
    assert [place.due_at for place in standing.places] == [due]
    assert [at.due_at for at in run_view(story.proposal).positions] == [due]


def test_a_timer_reminds_those_whom_it_names(story, decider):
    timer = {**LATE, "to": ["authors", "deciders"]}
    submitted(story, reading("closed", timers=[timer]), ended())
    story.pass_time(days=30)
    assert (told(story.author, "reminder"), told(decider, "reminder"), told(story.reviewers[0], "reminder")) == (
        1,
        1,
        0,
    )


def test_a_timer_without_names_reminds_the_coordinators(story, decider):
    submitted(story, reading("closed", timers=[LATE]), ended())
    story.pass_time(days=30)
    assert (told(story.coordinator, "reminder"), told(decider, "reminder"), told(story.author, "reminder")) == (1, 0, 0)


def test_when_nobody_acts_the_timer_takes_its_way(story):
    submitted(story, reading("closed", lapsing("closed"), timers=[LATE, OVER]), ended())
    round = story.open_round(days=90, template="reading")
    story.pass_time(days=59)
    assert story.stage == "reading"
    story.pass_time(days=1)
    assert story.stage == "closed"
    assert access.openings_of(story.proposal.pk) == frozenset()
    assert Round.objects.get(pk=round.pk).cancelled_at == story.now
    assert (told(story.author, "lapsed"), told(story.coordinator, "lapsed-news")) == (1, 1)
    assert told(story.author, "decided") == 0
    moved = Event.objects.filter(run=story.run, kind="moved").latest("number")
    assert moved.actor is None
    newest, *_earlier = history(story.run, names_reviewers=False)
    assert (newest.text, newest.who) == ("The time for “Reading” ran out; “Closed” began.", "By the system")


def test_a_second_tick_takes_the_way_no_second_time(story):
    submitted(story, reading("closed", lapsing("closed"), timers=[OVER]), ended())
    story.pass_time(days=60)
    clockwork.tick(now=story.now)
    assert Event.objects.filter(run=story.run, kind="timer-fired").count() == 1
    assert told(story.author, "lapsed") == 1


def test_those_whom_the_next_stage_awaits_are_told_too(story, decider):
    way = lapsing("deciding", kind="advance")
    submitted(story, reading("deciding", way, timers=[OVER]), deciding("closed"), ended())
    story.pass_time(days=60)
    assert story.stage == "deciding"
    assert (told(decider, "decision-wanted"), told(decider, "lapsed")) == (1, 0)
    assert (told(story.coordinator, "decision-wanted"), told(story.coordinator, "lapsed-news")) == (0, 1)


def test_a_stage_that_is_left_in_time_does_not_lapse(story):
    submitted(story, reading("deciding", lapsing("closed"), timers=[OVER]), deciding("closed"), ended())
    story.open_round(days=14, template="reading")
    story.review(story.reviewers[0], scores={"relevance": 4, "clarity": 5})
    story.pass_time(days=60)
    assert story.stage == "deciding"
    assert Timer.objects.get(key="over").cancelled_at
