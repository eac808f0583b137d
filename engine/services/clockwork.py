"""What the passing of time asks for. Rows say what is due; losing or repeating a tick changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from engine.models import Round, Run, SystemPulse, Timer
from engine.services.transition import transition
from engine.services.waiting import released_visits

BATCH = 500


@dataclass(frozen=True)
class Tick:
    """What one tick did: runs looked at, steps taken, runs set aside."""

    runs: int
    steps: int
    set_aside: int


def tick(*, now: datetime) -> Tick:
    """Take every run forward in which something is due, in batches; record that the clockwork is alive."""
    beat(now=now)
    runs = steps = set_aside = 0
    due = due_runs(now=now)
    for start in range(0, len(due), BATCH):
        outcome = transition(due[start : start + BATCH], now=now)
        runs, steps, set_aside = runs + outcome.runs, steps + outcome.steps, set_aside + len(outcome.set_aside)
    return Tick(runs, steps, set_aside)


def due_runs(*, now: datetime) -> list[int]:
    """Ids of runs with a round, a timer or a new attempt that is due, or with a way on that has opened from outside."""
    rounds = Round.objects.filter(closes_at__lte=now, closed_at=None, cancelled_at=None)
    timers = Timer.objects.filter(due_at__lte=now, fired_at=None, cancelled_at=None)
    waiting = Q(retry_at=None) | Q(retry_at__lte=now)
    due = Q(pk__in=rounds.values("visit__run_id")) | Q(pk__in=timers.values("visit__run_id")) | Q(retry_at__lte=now)
    due |= Q(pk__in=released_visits().values("run_id"))
    return list(Run.objects.filter(waiting & due).order_by("pk").values_list("pk", flat=True))


def beat(*, now: datetime) -> None:
    """Note that beat and worker have both been seen alive: a tick was sent and is being done."""
    SystemPulse.objects.update_or_create(part="tick", defaults={"seen_at": now})
