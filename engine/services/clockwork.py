"""What the passing of time asks for. Rows say what is due; losing or repeating a tick changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from engine.models import Pause, Run
from engine.services.departures import note_departures
from engine.services.gather import claimed
from engine.services.pauses import resume_due
from engine.services.pulses import note_pulse
from engine.services.reminders import remind
from engine.services.transition import Outcome, take_forward
from engine.services.waiting import released_visits

BATCH = 500
# Beat rings every 15 seconds: what one tick leaves is taken up by the next one, at a fresh instant.
LONGEST = timedelta(seconds=15)


@dataclass(frozen=True)
class Tick:
    """What one tick did: runs looked at, steps taken, runs set aside; and the runs that it left for the next one."""

    runs: int
    steps: int
    set_aside: int
    left: int = 0


def tick(*, now: datetime, longest: timedelta | None = LONGEST) -> Tick:
    """Take every run forward in which something is due, in batches; record that the clockwork is alive.

    Each batch is claimed and taken forward in one transaction of its own. Several workers may tick at once: a run that
    another one holds is passed over. The queues take turns, so that many rounds do not keep timers waiting. No batch
    begins after `longest` (None: until all is done). Reminders come last: they speak of what is so by then.
    """
    began = monotonic()
    beat(now=now)
    resume_due(now=now)
    note_departures(now=now)
    runs = steps = set_aside = 0
    looked_at: set[int] = set()  # and nothing followed: they must not be found again and again
    queues = [*QUEUES]
    while queues:
        if longest is not None and monotonic() - began >= longest.total_seconds():
            remind(now=now)
            return Tick(runs, steps, set_aside, left=_due(now).count())
        queue = queues.pop(0)
        outcome = _take_batch(queue, looked_at, now=now)
        if outcome.runs:
            queues.append(queue)
        looked_at.update(outcome.resting)
        runs, steps, set_aside = runs + outcome.runs, steps + outcome.steps, set_aside + len(outcome.set_aside)
    remind(now=now)
    return Tick(runs, steps, set_aside)


def due_runs(*, now: datetime) -> list[int]:
    """Ids of runs with a round, a timer or a new attempt that is due, or with a way on that has opened from outside."""
    return sorted(_due(now).values_list("pk", flat=True))


def beat(*, now: datetime) -> None:
    """Note that beat and worker have both been seen alive: a tick was sent and is being done."""
    note_pulse("tick", now=now)


def _take_batch(queue: Callable[[datetime], QuerySet[Run]], looked_at: set[int], *, now: datetime) -> Outcome:
    with transaction.atomic():
        due = queue(now).exclude(pk__in=looked_at) if looked_at else queue(now)
        # A run in which two things are due is found twice.
        runs = {run.pk: run for run in claimed(due, wait=False)[:BATCH]}
        return take_forward(list(runs.values()), now=now)


def _due(now: datetime) -> QuerySet[Run]:
    first, *others = (queue(now).order_by().only("pk") for queue in QUEUES)
    return first.union(*others)


def _runs(now: datetime) -> QuerySet[Run]:
    """Runs that time may take forward: not paused, and not set aside until later."""
    paused = Exists(Pause.objects.filter(run=OuterRef("pk"), ended_at=None))
    return Run.objects.filter(Q(retry_at=None) | Q(retry_at__lte=now)).exclude(paused)


def _with_due_rounds(now: datetime) -> QuerySet[Run]:
    due = Q(
        visits__left_at=None,
        visits__rounds__closes_at__lte=now,
        visits__rounds__closed_at=None,
        visits__rounds__cancelled_at=None,
    )
    return _runs(now).filter(due).order_by("visits__rounds__closes_at")


def _with_due_timers(now: datetime) -> QuerySet[Run]:
    due = Q(
        visits__left_at=None,
        visits__timers__due_at__lte=now,
        visits__timers__fired_at=None,
        visits__timers__cancelled_at=None,
    )
    return _runs(now).filter(due).order_by("visits__timers__due_at")


def _due_again(now: datetime) -> QuerySet[Run]:
    return _runs(now).filter(retry_at__lte=now).order_by("retry_at")


def _released(now: datetime) -> QuerySet[Run]:
    return _runs(now).filter(pk__in=released_visits().values("run_id")).order_by(F("pk"))


# Each in the order of the instants at which something fell due, read by an index.
QUEUES = (_with_due_rounds, _with_due_timers, _due_again, _released)
