"""Every check of chaos can fail: what it looks for is planted in a world that is well, and reported.

The world is made once; each plant is taken out again.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pgtrigger
import pytest
from django.db import models, transaction

from engine.models import Event, EventWords, Reminder, Round, Run, Timer, Visit
from engine.services.events import NewEvent, append_events
from partners.models import Delivery, Notification
from recommendations.models import Notice, Opening
from tests.chaos.checks import Story, look_at_everything, percentile

ENDED = "every run ended"
ONCE = "no transition twice"
IN_TIME = "no round closed more than 45 s after its deadline"
ONE_DELIVERY = "one delivery for each person and cause"
ARRIVED = "every mail arrived"
REPEATS = "no more repeated mails than kills, each the same"
CHAIN = "every chain verifies"
REPLAY = "every replay agrees"
ACCESS = "every access row agrees"
REMINDERS = "no reminder twice, none lost"

Expected = dict[str, list[str]]
Plant = Callable[[Story], tuple[Story, Expected]]
PLANTS: list[Plant] = []
LATER = timedelta(days=90)


def plant(function: Plant) -> Plant:
    """It changes the world, and gives what is known of it with how each fault begins that has to be found."""
    PLANTS.append(function)
    return function


@plant
def nothing(story: Story) -> tuple[Story, Expected]:
    return story, {}


@plant
def a_run_that_has_not_ended(story: Story) -> tuple[Story, Expected]:
    visit = Visit.objects.get(left_at=None)
    Visit.objects.filter(pk=visit.pk).update(stage="publication")
    return story, {
        ENDED: [f"run {visit.run_id} stands at publication since {visit.entered_at}", "0 of 1 runs have ended"],
        REPLAY: [f"run {visit.run_id}: the events tell "],
        ACCESS: [f"proposal {visit.run.proposal_id}: list should be open"],
    }


@plant
def a_run_that_is_set_aside(story: Story) -> tuple[Story, Expected]:
    (run,) = Run.objects.all()
    Run.objects.update(set_aside_at=run.opened_at, set_aside_error="KeyError: 'x'")
    return story, {ENDED: [f"run {run.pk} is set aside: KeyError: 'x'"]}


@plant
def a_move_that_is_told_twice(story: Story) -> tuple[Story, Expected]:
    """The chain alone does not show it."""
    event = Event.objects.get(kind="moved", data__transition="publish")
    append_events([NewEvent(event.run_id, "moved", event.actor_id, event.data)], now=event.at + LATER)
    return story, {
        ONCE: [f"run {event.run_id}: publish out of decision is told 2 times and was done 1 times"],
        REPLAY: [f"run {event.run_id}: the events tell what cannot be: decision is left by publish at "],
    }


@plant
def a_round_that_is_told_to_have_closed_twice(story: Story) -> tuple[Story, Expected]:
    event = Event.objects.filter(kind="round-closed").first()
    append_events([NewEvent(event.run_id, "round-closed", None, event.data)], now=event.at + LATER)
    return story, {ONCE: [f"round {event.data['round']}: 2 events round-closed, 1 rows"]}


@plant
def a_withdrawal_without_its_notice(story: Story) -> tuple[Story, Expected]:
    with pgtrigger.ignore("recommendations.Notice:append_only"):
        models.QuerySet(Notice).all().delete()
    return story, {ONCE: ["notices: 0 rows, 1 events"]}


@plant
def a_timer_that_fired_and_is_not_told_of(story: Story) -> tuple[Story, Expected]:
    timer = Timer.objects.first()
    Timer.objects.filter(pk=timer.pk).update(fired_at=timer.due_at)
    return story, {ONCE: ["timers fired: 1 rows, 0 events"]}


@plant
def a_round_that_closed_44_seconds_after_its_deadline(story: Story) -> tuple[Story, Expected]:
    _close_late(44)
    return story, {}


@plant
def a_round_that_closed_46_seconds_after_its_deadline(story: Story) -> tuple[Story, Expected]:
    round = _close_late(46)
    return story, {IN_TIME: [f"round {round.pk} closed 46.0 s after its deadline"]}


@plant
def a_round_that_closed_late_because_the_database_was_gone(story: Story) -> tuple[Story, Expected]:
    since = _close_late(60).closes_at.timestamp()
    outages = [(since - 10, since + 5), (since + 10, since + 19), (since + 58, since + 90)]
    return replace(story, outages=outages), {}


@plant
def a_round_that_closed_too_late_for_the_outage_that_there_was(story: Story) -> tuple[Story, Expected]:
    round = _close_late(60)
    since = round.closes_at.timestamp()
    return replace(story, outages=[(since + 10, since + 20)]), {IN_TIME: [f"round {round.pk} closed 50.0 s"]}


@plant
def a_round_that_never_closed_and_one_that_closed_before_its_deadline(story: Story) -> tuple[Story, Expected]:
    first, second = Round.objects.order_by("pk")
    Round.objects.filter(pk=first.pk).update(closed_at=None)
    Round.objects.filter(pk=second.pk).update(closed_at=second.closes_at - timedelta(seconds=1))
    return story, {
        ONCE: [f"round {first.pk}: 1 events round-closed, 0 rows"],
        IN_TIME: [f"round {first.pk} never closed; ", f"round {second.pk} closed before its deadline"],
    }


@plant
def a_person_who_is_told_twice_of_one_cause(story: Story) -> tuple[Story, Expected]:
    one, other = Delivery.objects.select_related("notification").order_by("pk")[:2]
    row = one.notification
    cause, person = row.cause, row.person_id
    row.pk, row.kind = None, "another-kind"
    row.save()
    Delivery.objects.filter(pk=other.pk).update(notification=row)
    return story, {ONE_DELIVERY: [f"person {person} has 2 deliveries by mail for {cause}"]}


@plant
def a_mail_that_was_lost(story: Story) -> tuple[Story, Expected]:
    lost = story.mails[0].message_id
    return replace(story, mails=story.mails[1:]), {ARRIVED: [f"the mail {lost} is marked as sent and never arrived"]}


@plant
def a_mail_that_waits_and_one_that_was_given_up(story: Story) -> tuple[Story, Expected]:
    first, second = Delivery.objects.order_by("-pk")[:2]
    Delivery.objects.filter(pk=first.pk).update(state="waiting", attempts=2)
    Delivery.objects.filter(pk=second.pk).update(state="dead", attempts=8, last_error="550 no such person")
    return story, {
        ARRIVED: [
            f"delivery {first.pk} is waiting after 2 attempts: ",
            f"delivery {second.pk} is dead after 8 attempts: 550 no such person",
        ]
    }


@plant
def a_mail_that_nobody_wrote(story: Story) -> tuple[Story, Expected]:
    strange = replace(story.mails[0], message_id="<strange@example.org>")
    mails = [*story.mails, strange]
    return replace(story, mails=mails), {ARRIVED: ["the mail <strange@example.org> belongs to no delivery"]}


@plant
def as_many_repeats_as_kills(story: Story) -> tuple[Story, Expected]:
    return replace(story, mails=[*story.mails, *story.mails[:3]]), {}


@plant
def more_repeats_than_kills(story: Story) -> tuple[Story, Expected]:
    return replace(story, mails=[*story.mails, *story.mails[:4]]), {REPEATS: ["4 repeats, 3 kills"]}


@plant
def a_mail_that_came_in_two_forms(story: Story) -> tuple[Story, Expected]:
    again = replace(story.mails[1], digest="other bytes")
    faults = [f"the mail {again.message_id} came in two forms"]
    return replace(story, mails=[*story.mails, again]), {REPEATS: faults}


@plant
def an_event_that_was_written_over(story: Story) -> tuple[Story, Expected]:
    event = Event.objects.filter(kind="decided").first()
    with pgtrigger.ignore("engine.Event:append_only"):
        models.QuerySet(Event).filter(pk=event.pk).update(actor=None)
    return story, {CHAIN: [f"run {event.run_id}: event {event.number} does not fit the chain"]}


@plant
def words_that_were_changed(story: Story) -> tuple[Story, Expected]:
    row = EventWords.objects.select_related("event").first()
    EventWords.objects.filter(pk=row.pk).update(words={"reason": "Another"})
    return story, {CHAIN: [f"run {row.event.run_id}: the words of event {row.event.number} were changed"]}


@plant
def an_access_row_too_many(story: Story) -> tuple[Story, Expected]:
    (run,) = Run.objects.all()
    Opening.objects.create(proposal_id=run.proposal_id, capability="edit")
    return story, {ACCESS: [f"proposal {run.proposal_id}: edit should not be open"]}


@plant
def a_reminder_that_was_lost_and_one_that_nobody_owed(story: Story) -> tuple[Story, Expected]:
    (run,) = Run.objects.all()
    person = run.proposal.started_by
    when = {"due_at": run.opened_at, "send_at": run.opened_at}
    lost = Reminder.objects.create(run=run, rule="x", about="round:1", recipient=person, **when, sent_at=run.opened_at)
    owed = Reminder.objects.create(run=run, rule="x", about="round:2", recipient=person, **when)
    words = {"kind": "reminder", "subject": "s", "body": "b", "created_at": run.opened_at}
    Notification.objects.create(person=person, **words, cause=f"reminder:{owed.pk}")
    return story, {
        REMINDERS: [
            f"reminder:{lost.pk} counts as sent and nobody was told",
            f"reminder:{owed.pk} was told and does not count as sent",
        ]
    }


def _close_late(seconds: int) -> Round:
    round = Round.objects.order_by("pk")[0]
    Round.objects.filter(pk=round.pk).update(closed_at=round.closes_at + timedelta(seconds=seconds))
    return round


@pytest.mark.django_db
@pytest.mark.tampers
def test_what_is_planted_is_found_and_nothing_else(finished):
    for each in PLANTS:
        with transaction.atomic():
            story, expected = each(finished)
            found = {finding.name: list(finding.faults) for finding in look_at_everything(story) if finding.faults}
            transaction.set_rollback(True)
        assert found.keys() == expected.keys(), f"{each.__name__}: {found}"
        for name, faults in found.items():
            assert len(faults) == len(expected[name]), f"{each.__name__}: {faults}"
            for fault, beginning in zip(faults, expected[name], strict=True):
                assert fault.startswith(beginning), each.__name__


def test_parts_of_a_list():
    assert percentile([], 0.99) == 0.0
    assert percentile([float(n) for n in range(1, 101)], 0.5) == 51.0
    assert percentile([float(n) for n in range(1, 101)], 0.99) == 100.0
