"""Whoever changes a row behind the services is found out."""

from datetime import timedelta

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import models

from engine.models import Event, EventWords
from engine.services.verification import access_differences, chain_faults, replay_differences
from recommendations.models import Grant, Opening

pytestmark = [pytest.mark.django_db, pytest.mark.tampers]


@pytest.fixture
def reviewed(story, reviewer):
    """In review; one review is in."""
    story.in_review().review(reviewer, "One remark")
    return story


def test_an_opening_too_many_and_one_too_few(reviewed):
    number = reviewed.proposal.pk
    Opening.objects.filter(capability="review").update(capability="edit")
    assert access_differences() == [
        f"proposal {number}: edit should not be open",
        f"proposal {number}: review should be open",
    ]


def test_a_reviewer_s_grant_that_nobody_gave(reviewed, outsider):
    grant = Grant.objects.get(right=Grant.Right.REVIEW)
    source, person = grant.source, grant.person_id
    Grant.objects.filter(pk=grant.pk).update(person=outsider)
    assert access_differences() == [
        f"{source}: person {outsider.pk} should not read",
        f"{source}: person {person} should read",
    ]


def test_a_body_that_oversees_what_is_not_its_own_and_a_role_that_does_not(reviewed):
    number, run = reviewed.proposal.pk, reviewed.run.pk
    Grant.objects.filter(right=Grant.Right.OVERSEE, role="decider").update(source="body:expert-council")
    assert access_differences() == [
        f"proposal {number}: decider (body:expert-council) should not oversee",
        f"proposal {number}: decider (run:{run}) should oversee",
    ]


def test_an_event_that_was_written_over(reviewed, outsider):
    event = Event.objects.filter(kind="moved").first()
    with pgtrigger.ignore("engine.Event:append_only"):
        models.QuerySet(Event).filter(pk=event.pk).update(actor=outsider)
    assert chain_faults() == [f"run {event.run_id}: event {event.number} does not fit the chain"]


def test_words_that_were_changed(reviewed):
    reviewed.pass_time(days=14)
    row = EventWords.objects.first()
    EventWords.objects.filter(pk=row.pk).update(words=row.words | {"title": "Another"})
    assert chain_faults() == [f"run {row.event.run_id}: the words of event {row.event.number} were changed"]


def test_a_visit_that_the_events_do_not_tell_of(reviewed):
    visit = reviewed.visit
    visit.entered_at += timedelta(days=1)
    visit.save()
    (line,) = replay_differences()
    assert line.startswith(f"run {visit.run_id}: the events tell ")


@pytest.mark.parametrize("command", ["verify_access", "verify_events", "replay"])
def test_the_commands_answer_with_an_error(reviewed, command, capsys):
    call_command(command)
    Opening.objects.all().delete()
    reviewed.run.visits.update(left_by="nobody")
    with pgtrigger.ignore("engine.Event:append_only"):
        models.QuerySet(Event).update(hash="0" * 64)
    with pytest.raises(CommandError):
        call_command(command)
    assert len(capsys.readouterr().out.splitlines()) > 1
