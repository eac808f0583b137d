"""Checkpoints: who cuts a chain back, or removes a run, after one was made is found out."""

import io
from datetime import timedelta

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from engine.models import Checkpoint, CheckpointHead, Event, EventWords, Run
from engine.services.checkpoints import EVERY, checkpoint_faults, checkpoint_when_due, make_checkpoint
from engine.services.verification import chain_faults
from tests.engine.stories import Story

pytestmark = [pytest.mark.django_db, pytest.mark.tampers]


@pytest.fixture
def seen(story, outsider, now):
    """Two runs, of which one moves on between two checkpoints."""
    story.start()
    other = Story(outsider, outsider.memberships.get().organisation, story.coordinator, [], now, title="Another")
    other.start()
    make_checkpoint(now=now)
    story.write().submit()
    make_checkpoint(now=now + EVERY)
    return story


def remove(events: models.QuerySet) -> None:
    """As somebody does who can change the database."""
    with pgtrigger.ignore("engine.Event:append_only"):
        EventWords.objects.filter(event__in=events).delete()
        models.QuerySet(Event).filter(pk__in=list(events.values_list("pk", flat=True))).delete()


def test_checkpoints_know_runs_and_events_and_only_heads_that_moved(seen):
    first, second = Checkpoint.objects.all()
    assert (first.runs, first.events, first.heads.count()) == (2, 4, 2)
    assert (second.runs, second.events, second.heads.count()) == (2, Event.objects.count(), 1)
    assert second.previous_hash == first.hash
    assert checkpoint_faults() == []


def test_nothing_is_recorded_when_nothing_happened(seen, now):
    assert make_checkpoint(now=now + 2 * EVERY) is None
    assert Checkpoint.objects.count() == 2


def test_one_a_day(seen, now):
    seen.open_round()
    assert checkpoint_when_due(now=now + 2 * EVERY - timedelta(seconds=1)) is None
    assert checkpoint_when_due(now=now + 2 * EVERY).number == 3


def test_a_chain_that_was_cut_back_is_found(seen):
    head = Event.objects.filter(run=seen.run).order_by("-number")[0]
    number = head.number
    remove(Event.objects.filter(pk=head.pk))
    assert chain_faults() == []  # what is left fits
    assert checkpoint_faults() == [f"run {seen.run.pk}: event {number}, which checkpoint 2 saw, is gone"]


def test_a_chain_that_was_written_anew_is_found(seen):
    head = Event.objects.filter(run=seen.run).order_by("-number")[0]
    with pgtrigger.ignore("engine.Event:append_only"):
        models.QuerySet(Event).filter(pk=head.pk).update(hash="1" * 64)
    found = f"run {seen.run.pk}: event {head.number}, which checkpoint 2 saw, is another one now"
    assert checkpoint_faults() == [found]


def test_a_run_that_was_removed_is_found(seen):
    gone = Run.objects.exclude(pk=seen.run.pk).get()
    remove(Event.objects.filter(run=gone))
    assert chain_faults() == [f"run {gone.pk}: it has no events"]
    assert checkpoint_faults() == [f"run {gone.pk}: event 2, which checkpoint 1 saw, is gone"]
    gone.visits.all().delete()
    models.QuerySet(Run).filter(pk=gone.pk).delete()
    assert chain_faults() == []
    assert checkpoint_faults() == [f"run {gone.pk}: event 2, which checkpoint 1 saw, is gone"]


@pytest.mark.parametrize("change", [{"runs": 9}, {"events": 9}, {"number": 7}, {"hash": "1" * 64}])
def test_a_checkpoint_that_was_written_over_is_found(seen, change):
    with pgtrigger.ignore("engine.Checkpoint:append_only"):
        models.QuerySet(Checkpoint).filter(number=2).update(**change)
    assert checkpoint_faults() == [f"checkpoint {change.get('number', 2)} does not fit"]


def test_a_head_that_was_taken_out_of_a_checkpoint_is_found(seen):
    with pgtrigger.ignore("engine.CheckpointHead:append_only"):
        models.QuerySet(CheckpointHead).filter(run=seen.run.pk, checkpoint__number=1).delete()
    assert "checkpoint 1 does not fit" in checkpoint_faults()


def test_the_command_says_what_it_looked_at_and_names_the_first_fault(seen):
    out = io.StringIO()
    kept = Checkpoint.objects.get(number=2).hash
    call_command("verify_events", "--checkpoint", kept, stdout=out)
    count = Event.objects.count()
    assert out.getvalue().startswith(f"2 runs, {count} events, ")
    assert out.getvalue().endswith(" with words, 2 checkpoints: every event chain verifies\n")
    call_command("verify_events", str(seen.run.pk), stdout=out)
    assert f"1 run, {count - 2} events" in out.getvalue()
    with pytest.raises(CommandError, match=r"1 fault; the first: checkpoint abc is not there"):
        call_command("verify_events", "--checkpoint", "abc", stdout=out)
    with pytest.raises(CommandError, match=r"There is no run 0"):
        call_command("verify_events", "0", stdout=out)
    remove(Event.objects.filter(run=seen.run, number=2))
    with pytest.raises(CommandError, match=rf"the first: run {seen.run.pk}: event 3 does not fit") as refusal:
        call_command("verify_events", stdout=out)
    assert refusal.value.returncode == 1


def test_the_checkpoint_command_prints_the_hash(seen):
    out = io.StringIO()
    call_command("checkpoint", stdout=out)
    assert out.getvalue() == "nothing has happened since the last checkpoint\n"
    seen.open_round()
    call_command("checkpoint", stdout=out)
    assert out.getvalue().endswith(f"\n{Checkpoint.objects.get(number=3).hash}\n")


def test_as_many_questions_for_many_runs_as_for_few(seen, outsider, now):
    with CaptureQueriesContext(connection) as few:
        chain_faults()
        checkpoint_faults()
    for number in range(4):
        organisation = outsider.memberships.get().organisation
        Story(outsider, organisation, seen.coordinator, [], now, title=f"Proposal {number}").start()
    make_checkpoint(now=now + 2 * EVERY)
    with CaptureQueriesContext(connection) as many:
        chain_faults()
        checkpoint_faults()
    assert len(many) == len(few)
