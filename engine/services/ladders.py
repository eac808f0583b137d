"""What the ladders of rounds and the timers of stages owe, written into the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from engine.models import Assignment, Reminder, Round, Run, Timer, Visit
from engine.models.definitions import definition_of
from engine.process.reminders import ABSENT, Owed, RoundWatch, next_look, owed, owed_by_timer
from engine.process.values import Stage
from engine.selectors.watches import glance, visit_watches, watches
from engine.services.circles import Circles, circles_of
from engine.services.ledger import Entry, enter


def look(rounds: Sequence[Round], *, now: datetime) -> None:
    """Write what the rungs that have fallen due owe, and note when to look at each round again.

    The caller holds the locks of the runs; visits and runs are loaded. Constant number of queries.
    """
    glances = {each.pk: glance(each) for each in rounds}
    due = [each.pk for each in rounds if _has_due(glances[each.pk], now)]
    if due:
        rows = Round.objects.filter(pk__in=due).select_related("visit__run__proposal__area")
        _owe(list(rows.order_by("pk")), now=now)
    _note([(each.pk, glances[each.pk].deadline, next_look(glances[each.pk], now=now)) for each in rounds])


def owe_timers(timer_ids: Collection[int], *, now: datetime) -> None:
    """Write what timers owe that have fired and took no way. Constant number of queries.

    The caller holds the locks of the runs.
    """
    if not timer_ids:
        return
    timers = list(Timer.objects.filter(pk__in=timer_ids).select_related("visit__run__proposal__area").order_by("pk"))
    visits = {each.visit_id: each.visit for each in timers}
    seen = visit_watches(visits.values())
    runs, further = people_of((each.run, seen[each.pk].waited_for) for each in visits.values())
    circles = circles_of(runs, further, now=now)
    entries = []
    for timer in timers:
        run, visit = timer.visit.run, visits[timer.visit_id]
        watch = replace(seen[visit.pk], waited_for=circles.unbarred(run, seen[visit.pk].waited_for))
        lines = owed_by_timer(watch, timer.key, circles.at(run, stage_of(visit)))
        entries += [Entry(run.pk, line) for line in lines]
    enter(entries, circles.hours, now=now)


@dataclass(frozen=True)
class Away:
    """A reviewer who was to be reminded of a round, and cannot be reached because they are absent."""

    round: Round
    person: int
    due_at: datetime


def tell_of_absences(away: Sequence[Away], circles: Circles, *, now: datetime) -> None:
    """Tell the coordinators, once for each reviewer and round, who is away. Two queries."""
    if not away:
        return
    rounds = {each.round for each in away}
    assignments = {
        (round_id, person): pk
        for pk, round_id, person in Assignment.objects.filter(round__in=rounds).values_list(
            "pk", "round_id", "reviewer_id"
        )
    }
    told = set(
        Reminder.objects.filter(run__in={each.visit.run_id for each in rounds}, rule=ABSENT).values_list(
            "about", flat=True
        )
    )
    entries = []
    for each in away:
        about = f"assignment:{assignments[each.round.pk, each.person]}"
        run = each.round.visit.run
        people = circles.at(run, stage_of(each.round.visit)).of(["coordinators"]) - {each.person}
        if about not in told:
            entries += [
                Entry(run.pk, Owed(ABSENT, about, person, each.due_at), each.round.closes_at)
                for person in sorted(people)
            ]
    enter(entries, circles.hours, now=now)


def stage_of(visit: Visit) -> Stage:
    """The stage of a visit in its run's present version. The run is loaded."""
    return definition_of(visit.run.version_id).stage(visit.stage)


def people_of(pairs: Iterable[tuple[Run, Collection[int]]]) -> tuple[list[Run], dict[int, set[int]]]:
    """The runs, each once, and the people beside each, by the run's id."""
    runs: dict[int, Run] = {}
    people: dict[int, set[int]] = {}
    for run, some in pairs:
        runs.setdefault(run.pk, run)
        people.setdefault(run.pk, set()).update(some)
    return list(runs.values()), people


def _has_due(watch: RoundWatch, now: datetime) -> bool:
    return not watch.over and any(watch.falls(rung) <= now for rung in watch.rungs)


def _owe(rounds: Sequence[Round], *, now: datetime) -> None:
    seen = watches(rounds)
    runs, further = people_of((each.visit.run, seen[each.pk].waited_for) for each in rounds)
    circles = circles_of(runs, further, now=now)
    had: dict[str, set[tuple[str, int]]] = {}
    sent = Reminder.objects.filter(run__in=runs, sent_at__isnull=False)
    for about, rule, person in sent.values_list("about", "rule", "recipient_id"):
        had.setdefault(about, set()).add((rule, person))
    entries: list[Entry] = []
    away: list[Away] = []
    for each in rounds:
        run = each.visit.run
        watch = replace(seen[each.pk], waited_for=circles.unbarred(run, seen[each.pk].waited_for))
        circle = circles.at(run, stage_of(each.visit))
        for line in owed(watch, circle, had=had.get(watch.about, ()), now=now):
            rung = watch.rung(line.rule)
            is_before = rung is not None and rung.before is not None
            entries.append(Entry(run.pk, line, watch.deadline if is_before else None))
            if line.recipient in watch.waited_for and not line.reason and circles.is_away(line.recipient):
                away.append(Away(each, line.recipient, line.due_at))
    enter(entries, circles.hours, now=now)
    tell_of_absences(away, circles, now=now)


def _note(seen: Sequence[tuple[int, datetime, datetime | None]]) -> None:
    """One statement for all: their values differ, and there may be very many."""
    if seen:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE engine_round SET ladder_for = seen.deadline, ladder_at = seen.next"
                " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS seen (id, deadline, next)"
                " WHERE engine_round.id = seen.id",
                [list(column) for column in zip(*seen, strict=True)],
            )
