"""A person's deadlines for their calendar: what the desk says is theirs to do, where it has a date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from engine.models import Assignment, Event, Visit
from engine.selectors.desk import Task, desk_of
from partners.models import User

DATED = (
    "moved",
    "branch-opened",
    "round-opened",
    "reviewer-invited",
    "invitation-accepted",
    "invitation-declined",
    "deadline-extended",
    "resumed",
    "migrated",
)
"""The kinds of event that give something a date, or another one."""


@dataclass(frozen=True)
class Entry:
    """A task with its date; `changes` counts, and `changed_at` tells, what may have moved it."""

    task: Task
    due_at: datetime
    changes: int
    changed_at: datetime


def entries(person: User, *, now: datetime) -> list[Entry]:
    """What is due for the person, by date. While a run is paused its dates are left out. Constant number of queries."""
    tasks = [task for task in desk_of(person, now=now).for_you if task.key and task.due_at and task.paused_at is None]
    runs = _runs({task.key for task in tasks})
    rows = Event.objects.filter(run__in=set(runs.values()), kind__in=DATED).order_by().values_list("run")
    changes = {run: (count, at) for run, count, at in rows.annotate(n=Count("pk"), last=Max("at"))}
    return [
        Entry(task, task.due_at, *changes.get(runs[task.key], (0, now)))
        for task in tasks
        if task.due_at and task.key in runs
    ]


def _runs(keys: Collection[str]) -> Mapping[str, int]:
    """The run to which each key belongs. Two queries."""
    visits = {int(key.split(":")[1]): 0 for key in keys if key.startswith("visit:")}
    assignments = {int(key.split(":")[1]): 0 for key in keys if key.startswith("assignment:")}
    visits |= dict(Visit.objects.filter(pk__in=visits).values_list("pk", "run"))
    assignments |= dict(Assignment.objects.filter(pk__in=assignments).values_list("pk", "round__visit__run"))
    found = {key: (visits if key.startswith("visit:") else assignments)[int(key.split(":")[1])] for key in keys}
    return {key: run for key, run in found.items() if run}
