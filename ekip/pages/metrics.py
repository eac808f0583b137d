"""Figures for Prometheus, read from the rows when somebody asks: every web process gives the same ones.

How long requests took is not among them: each process knows only its own, the proxy knows all, and so does the log.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from django.db import DatabaseError
from django.db.models import Count, Max, Min, Q, QuerySet

from engine.models import Checkpoint, Event, Pause, Reminder, Round, Run, SystemPulse, Timer
from partners.models import Delivery

logger = logging.getLogger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OVERDUE = timedelta(seconds=60)
# Events whose ids are this far behind the newest one are all committed.
SETTLED = 10_000

Sample = tuple[Mapping[str, str], float]


@dataclass
class EventCount:
    """How many events there are of each kind. Events are only appended, so each is counted once in a process."""

    upto: int = 0
    counted: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def read(self) -> Counter[str]:
        """The counts now; two queries, of which the first after a start reads everything."""
        with self.lock:
            newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
            if newest < self.upto:  # another database stands under the same address
                self.upto, self.counted = 0, Counter()
            settled = max(self.upto, newest - SETTLED)
            rows = Event.objects.filter(pk__gt=self.upto).values("kind").order_by()
            counts = rows.annotate(
                old=Count("pk", filter=Q(pk__lte=settled)), new=Count("pk", filter=Q(pk__gt=settled))
            )
            fresh: Counter[str] = Counter()
            for row in counts:
                self.counted[row["kind"]] += row["old"]
                fresh[row["kind"]] += row["new"]
            self.upto = settled
            return self.counted + fresh


EVENTS = EventCount()


def exposition(*, now: datetime) -> str:
    """All figures in Prometheus' text format. Without a database there is one: that there is none."""
    try:
        families = list(_families(now))
    except DatabaseError as error:
        logger.warning("there are no figures without the database: %s", error)
        families = [_family("ekip_database_up", "gauge", "Whether the database answers.", [({}, 0)])]
    return "".join(families)


def _families(now: datetime) -> Iterator[str]:
    yield _family("ekip_database_up", "gauge", "Whether the database answers.", [({}, 1)])
    waiting = {name: _waiting(rows, path, now) for name, (rows, path) in _queues().items()}
    ages = [({"queue": name}, age) for name, (age, _due, _overdue) in waiting.items()]
    yield _family("ekip_queue_age_seconds", "gauge", "For how long the oldest thing that is due has waited.", ages)
    due = [({"queue": name}, number) for name, (_age, number, _overdue) in waiting.items()]
    yield _family("ekip_due", "gauge", "How many things are due now.", due)
    overdue = [({"queue": name}, number) for name, (_age, _due, number) in waiting.items()]
    yield _family("ekip_overdue", "gauge", "How many things have been due for more than a minute.", overdue)
    rows = Delivery.objects.order_by().values_list("channel", "state").annotate(number=Count("pk"))
    deliveries = [({"channel": channel, "state": state}, number) for channel, state, number in rows]
    yield _family("ekip_deliveries", "gauge", "Deliveries by channel and by what became of them.", deliveries)
    events = [({"kind": kind}, number) for kind, number in sorted(EVENTS.read().items())]
    yield _family("ekip_events_total", "counter", "Events of all runs by kind; “moved” are transitions.", events)
    runs = Run.objects.aggregate(all=Count("pk"), aside=Count("pk", filter=Q(set_aside_at__isnull=False)))
    yield _family("ekip_runs", "gauge", "How many runs there are.", [({}, runs["all"])])
    yield _family("ekip_runs_set_aside", "gauge", "Runs in which a step failed.", [({}, runs["aside"])])
    paused = Pause.objects.filter(ended_at=None).count()
    yield _family("ekip_runs_paused", "gauge", "Runs whose deadlines stand still.", [({}, paused)])
    pulses = SystemPulse.objects.order_by("part").values_list("part", "seen_at")
    seen = [({"part": part}, _seconds(now - at)) for part, at in pulses]
    yield _family("ekip_pulse_age_seconds", "gauge", "For how long beat was not seen, and no tick was done.", seen)
    made = Checkpoint.objects.aggregate(at=Max("at"))["at"]
    since = [({}, _seconds(now - made))] if made else []
    yield _family("ekip_checkpoint_age_seconds", "gauge", "How old the newest checkpoint is.", since)


def _queues() -> dict[str, tuple[QuerySet, str]]:
    """What may be due, and since when. Paused runs wait for nobody."""
    paused = Pause.objects.filter(ended_at=None).values("run")
    rounds = Round.objects.filter(closed_at=None, cancelled_at=None, visit__left_at=None)
    timers = Timer.objects.filter(fired_at=None, cancelled_at=None, visit__left_at=None)
    reminders = Reminder.objects.filter(sent_at=None, dropped_at=None)
    return {
        "deliveries": (Delivery.objects.filter(state=Delivery.State.WAITING), "next_attempt_at"),
        "reminders": (reminders.exclude(run__in=paused), "send_at"),
        "rounds": (rounds.exclude(visit__run__in=paused), "closes_at"),
        "timers": (timers.exclude(visit__run__in=paused), "due_at"),
    }


def _waiting(rows: QuerySet, path: str, now: datetime) -> tuple[float, int, int]:
    """Age of the oldest, how many are due, how many overdue. One query, by the index that the clockwork reads."""
    found = rows.filter(**{f"{path}__lte": now}).aggregate(
        oldest=Min(path), due=Count("pk"), overdue=Count("pk", filter=Q(**{f"{path}__lt": now - OVERDUE}))
    )
    age = _seconds(now - found["oldest"]) if found["oldest"] else 0.0
    return age, found["due"], found["overdue"]


def _seconds(length: timedelta) -> float:
    return round(length.total_seconds(), 3)


def _family(name: str, kind: str, help: str, samples: Iterable[Sample]) -> str:
    lines = [f"# HELP {name} {help}", f"# TYPE {name} {kind}"]
    for labels, value in samples:
        told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        lines.append(f"{name}{{{told}}} {value!r}" if told else f"{name} {value!r}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
