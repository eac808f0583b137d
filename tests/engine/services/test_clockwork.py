"""The clockwork: who is found, in which order, who waits, and what several workers do at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from engine.models import Event, Pause, Round, Run, Timer
from engine.services import clockwork
from tests.engine.stories import Story


@pytest.fixture
def stories(story, author, organisation):
    """`stories(days, …)`: proposals in review, whose rounds close after so many days each."""

    def told(*days: int) -> list[Story]:
        made = []
        for number, each in enumerate(days):
            one = Story(author, organisation, story.coordinator, story.reviewers, story.now, title=f"Number {number}")
            one.start().write().submit().open_round(days=each)
            made.append(one)
        return made

    return told


def closed(story: Story) -> bool:
    return Round.objects.get(visit__run=story.run).closed_at is not None


def test_what_fell_due_first_comes_first_and_timers_wait_for_no_queue_of_rounds(story, stories, monkeypatch):
    late, early, timed = stories(14, 7, 100)
    Timer.objects.filter(visit__run=timed.run, key="review-overdue").update(due_at=story.now)
    monkeypatch.setattr(clockwork, "BATCH", 1)
    assert clockwork.tick(now=story.now + timedelta(days=20)).steps == 3
    happened = Event.objects.filter(kind__in=["round-closed", "timer-fired"]).order_by("pk")
    assert list(happened.values_list("run", flat=True)) == [early.run.pk, timed.run.pk, late.run.pk]


def test_a_tick_ends_after_its_time_and_says_what_it_left(story, stories):
    stories(7, 7)
    later = story.now + timedelta(days=7)
    stopped = clockwork.tick(now=later, longest=timedelta(0))
    assert (stopped.runs, stopped.steps, stopped.left) == (0, 0, 2)
    done = clockwork.tick(now=later)
    assert (done.runs, done.steps, done.left) == (2, 2, 0)


def test_paused_runs_are_left_out(story, stories):
    paused, other = stories(7, 7)
    Pause.objects.create(run=paused.run, began_at=story.now, began_by=story.coordinator, reason="Summer")
    later = story.now + timedelta(days=7)
    assert clockwork.due_runs(now=later) == [other.run.pk]
    assert clockwork.tick(now=later).runs == 1
    assert (closed(paused), closed(other)) == (False, True)
    Pause.objects.update(ended_at=later)
    assert clockwork.due_runs(now=later) == [paused.run.pk]


def test_a_run_whose_rows_cannot_be_read_is_set_aside_and_the_rest_pass(story, stories):
    broken, other = stories(7, 8)
    Round.objects.filter(visit__run=broken.run).update(quorum_rules={"kinds": 3})
    outcome = clockwork.tick(now=story.now + timedelta(days=9))
    assert (outcome.set_aside, outcome.steps) == (1, 1)
    assert closed(other)
    assert "TypeError" in broken.run.set_aside_error


def test_a_run_that_was_set_aside_and_has_nothing_to_do_any_more_is_taken_back(story, stories):
    [one] = stories(7)
    later = story.now + timedelta(days=1)
    Run.objects.filter(pk=one.run.pk).update(set_aside_at=story.now, retry_at=later, set_aside_error="x", attempts=1)
    assert clockwork.tick(now=later).runs == 1
    assert (one.run.set_aside_at, one.run.retry_at, one.run.attempts) == (None, None, 0)
    assert clockwork.due_runs(now=later) == []


def test_what_is_due_and_gives_nothing_to_do_is_looked_at_once_in_a_tick(story, stories, monkeypatch):
    first, second = stories(7, 8)
    monkeypatch.setattr(clockwork, "BATCH", 1)
    monkeypatch.setattr("engine.services.transition.plan", lambda facts, now, command=None: ())
    outcome = clockwork.tick(now=story.now + timedelta(days=9))
    assert (outcome.runs, outcome.steps) == (2, 0)
    assert not closed(first)
    assert not closed(second)


@pytest.mark.django_db(transaction=True)
def test_a_run_that_another_worker_holds_is_passed_over(story, stories):
    held, other = stories(7, 8)
    later = story.now + timedelta(days=9)
    outcomes = []

    def another_worker() -> None:
        outcomes.append(clockwork.tick(now=later))
        connection.close()

    with transaction.atomic():
        list(Run.objects.select_for_update().filter(pk=held.run.pk))
        worker = threading.Thread(target=another_worker)
        worker.start()
        worker.join()
    assert (outcomes[0].runs, closed(held), closed(other)) == (1, False, True)
    assert clockwork.tick(now=later).runs == 1
    assert closed(held)


@pytest.mark.django_db(transaction=True)
def test_workers_that_tick_at_once_share_the_work_and_close_each_round_once(story, stories, monkeypatch):
    stories(7, 7, 7, 7, 7, 7)
    monkeypatch.setattr(clockwork, "BATCH", 1)
    together, outcomes = threading.Barrier(3), []

    def worker() -> None:
        together.wait()
        outcomes.append(clockwork.tick(now=story.now + timedelta(days=7)))
        connection.close()

    workers = [threading.Thread(target=worker) for _each in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sum(each.steps for each in outcomes) == Event.objects.filter(kind="round-closed").count() == 6
    assert not Round.objects.filter(closed_at=None).exists()
