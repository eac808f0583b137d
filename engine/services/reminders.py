"""Reminders: the ledger says what is owed, and what is owed is sent when its recipient can be reached.

`tick` calls `remind`. Everything about a run happens under the run's lock, in one transaction for each batch of runs.
Rows of the ledger are written with ON CONFLICT DO NOTHING, so a tick that is lost, late or repeated changes nothing;
whether a reminder still makes sense is asked again when its time has come.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Least

from engine.models import Pause, Reminder, Round, Run
from engine.models.rounds import UNLOOKED_AT
from engine.process.reminders import BY_HAND, superseded
from engine.services import ladders
from engine.services.by_hand import ByHand, by_hand
from engine.services.ladders import Away
from engine.services.ledger import too_late
from engine.services.reminder_scene import scene_of
from engine.services.reminder_words import messages
from partners.models import User
from partners.services.outbox import notify

logger = logging.getLogger(__name__)

BATCH = 500
# Runs in one call; the next call, seconds later, goes on.
MOST = 5000
AFTER_FAILURE = timedelta(minutes=5)


@dataclass(frozen=True)
class Reminded:
    """What one call did: runs looked at, reminders sent, reminders dropped because they made no sense any more."""

    runs: int = 0
    sent: int = 0
    dropped: int = 0

    def __add__(self, other: Reminded) -> Reminded:
        return Reminded(self.runs + other.runs, self.sent + other.sent, self.dropped + other.dropped)


def remind(*, now: datetime) -> Reminded:
    """Write what the ladders of rounds owe, and send what is owed and whose time has come, in batches of runs.

    A run for which that raises is put off by itself, and the rest goes on.
    """
    done = Reminded()
    unlooked = _unlooked()
    if len(unlooked) >= MOST:
        _set_resting_aside(unlooked, now=now)
    due = _due(unlooked, now=now)
    for start in range(0, len(due), BATCH):
        batch = due[start : start + BATCH]
        try:
            done += _remind(batch, now=now)
        except Exception:
            logger.exception("reminders of a batch of %d runs are taken one by one", len(batch))
            for pk in batch:
                try:
                    done += _remind([pk], now=now)
                except Exception:
                    logger.exception("reminders of run %s are put off", pk)
                    _put_off(pk, now=now)
    return done


def due_runs(*, now: datetime) -> list[int]:
    """Ids of runs with a round to look at or a reminder to send; paused ones wait until they go on."""
    return _due(_unlooked(), now=now)


def _due(unlooked: Collection[int], *, now: datetime) -> list[int]:
    found: dict[int, None] = {}
    ladders = _ladders().filter(~_paused("visit__run"))
    found |= dict.fromkeys(
        ladders.filter(ladder_at__lte=now).order_by("ladder_at").values_list("visit__run_id", flat=True)[:MOST]
    )
    if unlooked:
        found |= dict.fromkeys(ladders.filter(pk__in=unlooked).values_list("visit__run_id", flat=True))
    waiting = _waiting().filter(~_paused("run"), send_at__lte=now).order_by("send_at")
    found |= dict.fromkeys(waiting.values_list("run_id", flat=True)[:MOST])
    return sorted(list(found)[:MOST])


@transaction.atomic
def _remind(run_ids: Collection[int], *, now: datetime) -> Reminded:
    runs = list(_claimed(run_ids).values_list("pk", flat=True))
    rounds = _ladders().filter(Q(ladder_at__lte=now) | UNLOOKED_AT, visit__run__in=runs)
    ladders.look(list(rounds.select_related("visit__run").order_by("pk")), now=now)
    sent, dropped = _send(runs, now=now)
    return Reminded(len(runs), sent, dropped)


def _send(runs: Collection[int], *, now: datetime) -> tuple[int, int]:
    """Send, drop or put off each reminder whose time has come; how many were sent, and how many dropped."""
    due = (
        _waiting()
        .filter(run__in=runs, send_at__lte=now)
        .select_related("recipient", "run__proposal__area", "run__version__definition")
        .defer("run__version__content", "run__version__source")
    )
    rows = list(due.order_by("pk"))
    if not rows:
        return 0, 0
    scene = scene_of(rows, now=now)
    fit: list[Reminder] = []
    away: list[Away] = []
    for row in rows:
        if reason := scene.senseless(row):
            _drop(row, reason, now)
        elif (reachable := scene.circles.hours[row.recipient_id].reachable(now)) > now:
            away += scene.away(row)
            row.send_at = reachable
            if too_late(reachable, scene.until(row)):
                _drop(row, "unreachable", now)
        else:
            fit.append(row)
    lines = {row.pk: scene.line(row) for row in fit}
    outdone = superseded(lines.values())
    for row in fit:
        if lines[row.pk] in outdone:
            _drop(row, "superseded", now)
        else:
            row.sent_at = now
    sent = [row for row in fit if row.sent_at]
    notify(messages(scene, sent), now=now)
    Reminder.objects.bulk_update(rows, ["send_at", "sent_at", "dropped_at", "drop_reason"])
    ladders.tell_of_absences(away, scene.circles, now=now)
    return len(sent), sum(row.dropped_at is not None for row in rows)


def _unlooked() -> list[int]:
    """Rounds whose deadline nobody has looked at. By themselves: what joins them would hide the index from Postgres."""
    return list(Round.objects.filter(UNLOOKED_AT).order_by("pk").values_list("pk", flat=True)[:MOST])


def _set_resting_aside(unlooked: Collection[int], *, now: datetime) -> None:
    """Rounds that rest must not fill the queue of those to look at; they are looked at when they go on."""
    going_on = _ladders().filter(~_paused("visit__run"), pk__in=unlooked).values_list("pk", flat=True)
    resting = set(unlooked) - set(going_on)
    Round.objects.filter(pk__in=resting).update(ladder_for=Least(F("closes_at"), F("closed_at")), ladder_at=now)


def _drop(row: Reminder, reason: str, now: datetime) -> None:
    row.dropped_at, row.drop_reason = now, reason


def _claimed(run_ids: Collection[int]) -> QuerySet[Run]:
    """Runs that nobody else holds; the others come with the next tick."""
    rows = Run.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    return rows.filter(~_paused("pk"), pk__in=run_ids).order_by("pk")


def _ladders() -> QuerySet[Round]:
    return Round.objects.filter(visit__run__proposal__archived_at=None, visit__run__proposal__deleted_at=None)


def _waiting() -> QuerySet[Reminder]:
    return Reminder.objects.filter(sent_at=None, dropped_at=None)


def _paused(run: str) -> Exists:
    return Exists(Pause.objects.filter(run=OuterRef(run), ended_at=None))


def _put_off(run_id: int, *, now: datetime) -> None:
    later = now + AFTER_FAILURE
    rounds = Round.objects.filter(Q(ladder_at__lte=now) | UNLOOKED_AT, visit__run=run_id)
    rounds.update(ladder_for=Least(F("closes_at"), F("closed_at")), ladder_at=later)
    _waiting().filter(run=run_id, send_at__lte=now).update(send_at=later)


@transaction.atomic
def remind_now(
    *, person: User, round_ids: Collection[int] = (), run_ids: Collection[int] = (), now: datetime
) -> list[ByHand]:
    """Remind those whom rounds, or runs wherever they stand, wait for; never twice in one minute of the same thing.

    Quiet hours and days off hold these reminders back too. The lines say who is reminded of what, and why somewhere
    nobody is; what is not there, or not for this person to know of, is left out.
    """
    wanted = Round.objects.filter(pk__in=round_ids).values_list("visit__run_id", flat=True)
    locked = Run.objects.select_for_update(of=("self",), no_key=True).filter(pk__in={*wanted, *run_ids})
    list(locked.order_by("pk").values_list("pk"))
    lines = by_hand(person=person, round_ids=round_ids, run_ids=run_ids, now=now)
    minute = now.replace(second=0, microsecond=0)
    Reminder.objects.bulk_create(
        (
            Reminder(
                run=line.run,
                rule=BY_HAND,
                about=line.about,
                recipient=each.person,
                due_at=minute,
                send_at=each.at,
            )
            for line in lines
            for each in line.reached
        ),
        ignore_conflicts=True,
    )
    _send([line.run.pk for line in lines if line.reached], now=now)
    return lines
