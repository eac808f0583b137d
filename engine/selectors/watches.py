"""Rounds, and stays in stages, as their reminders see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from engine.models import Assignment, Event, Round, Timer, Visit
from engine.models.definitions import definition_of
from engine.process.reminders import RoundWatch, VisitWatch
from engine.process.values import Rung, Stage
from engine.selectors.panels import lacking

# Events that move the deadline of a round: of the one that they name, or of every one that was open.
MOVES = ("deadline-extended", "resumed")


def rungs_of(round: Round) -> tuple[Rung, ...]:
    """The ladder of a round: that of its template in the run's present version. Its visit and run are loaded."""
    stage = definition_of(round.visit.run.version_id).by_key.get(round.visit.stage)
    template = stage.round if stage else None
    return template.reminders if template and template.key == round.key else ()


def watches(rounds: Collection[Round]) -> dict[int, RoundWatch]:
    """The watch of each round, by its id; their visits and runs are loaded. Constant number of queries."""
    waited_for, done = _reviewers(rounds)
    moved, settled = _moved(rounds), _settled(rounds)
    return {
        each.pk: replace(
            glance(each),
            moved_at=moved.get(each.pk),
            settled=settled.get(each.pk, ""),
            waited_for=frozenset(waited_for.get(each.pk, ())),
            done=done.get(each.pk, {}),
        )
        for each in rounds
    }


def glance(round: Round) -> RoundWatch:
    """A round as its own row tells it: enough to know when its rungs fall due, not to whom they go. No query."""
    return RoundWatch(
        id=round.pk,
        key=round.key,
        rungs=rungs_of(round),
        opened_at=round.opened_at,
        closes_at=round.closes_at,
        closed_at=round.closed_at,
        over="cancelled" if round.cancelled_at else "left" if round.visit.left_at else "",
    )


def _reviewers(rounds: Collection[Round] | Mapping[int, int]) -> tuple[dict[int, set[int]], dict[int, dict[int, str]]]:
    waited_for: dict[int, set[int]] = {}
    done: dict[int, dict[int, str]] = {}
    rows = Assignment.objects.filter(round__in=rounds).values_list(
        "round_id", "reviewer_id", "reviewer__is_active", "barred_at", "declined_at", "review__submitted_at"
    )
    for round_id, person_id, is_active, barred_at, declined_at, submitted_at in rows:
        reasons = {"removed": barred_at, "handed-in": submitted_at, "declined": declined_at, "inactive": not is_active}
        if why := next((reason for reason, is_so in reasons.items() if is_so), ""):
            done.setdefault(round_id, {})[person_id] = why
        else:
            waited_for.setdefault(round_id, set()).add(person_id)
    return waited_for, done


def _moved(rounds: Collection[Round]) -> dict[int, datetime]:
    """When the deadline of each round was last set anew."""
    found: dict[int, datetime] = {}
    by_run: dict[int, list[Round]] = {}
    for each in rounds:
        by_run.setdefault(each.visit.run_id, []).append(each)
    rows = Event.objects.filter(run__in=by_run, kind__in=MOVES).order_by("at").values_list("run_id", "data", "at")
    for run_id, data, at in rows:
        for each in by_run[run_id]:
            if data.get("round", each.pk) == each.pk and at > each.opened_at:
                found[each.pk] = at
    return found


def _settled(rounds: Collection[Round]) -> Mapping[int, str]:
    """Why a closed round needs nobody: its quorum was reached, or another round of its template was opened since."""
    closed = [each for each in rounds if each.closed_at and not each.cancelled_at and each.visit.left_at is None]
    if not closed:
        return {}
    newest: dict[tuple[int, str], int] = {}
    siblings = Round.objects.filter(visit__in={each.visit_id for each in closed}, cancelled_at=None)
    for visit_id, key, pk in siblings.order_by("opened_at", "pk").values_list("visit_id", "key", "pk"):
        newest[visit_id, key] = pk
    lacks = lacking(closed)
    found = {}
    for each in closed:
        if newest[each.visit_id, each.key] != each.pk:
            found[each.pk] = "reopened"
        elif not lacks[each.pk]:
            found[each.pk] = "quorum"
    return found


def visit_watches(visits: Collection[Visit]) -> dict[int, VisitWatch]:
    """The watch of each visit, by its id; their runs are loaded. Three queries."""
    timers: dict[int, list[Timer]] = {}
    for timer in Timer.objects.filter(visit__in=visits, cancelled_at=None):
        timers.setdefault(timer.visit_id, []).append(timer)
    open_rounds = dict(
        Round.objects.filter(visit__in=visits, closed_at=None, cancelled_at=None).values_list("pk", "visit_id")
    )
    waited_for, _done = _reviewers(open_rounds)
    by_visit: dict[int, set[int]] = {}
    for round_id, visit_id in open_rounds.items():
        by_visit.setdefault(visit_id, set()).update(waited_for.get(round_id, ()))
    found = {}
    for each in visits:
        stage = definition_of(each.run.version_id).by_key.get(each.stage)
        found[each.pk] = VisitWatch(
            id=each.pk,
            stage=each.stage,
            timers={
                timer.key: (timer.due_at, template.to)
                for timer in timers.get(each.pk, ())
                if stage and (template := stage.timer(timer.key))
            },
            awaits=awaits(stage, has_open_round=each.pk in by_visit) if stage else (),
            is_left=each.left_at is not None,
            waited_for=frozenset(by_visit.get(each.pk, ())),
        )
    return found


def awaits(stage: Stage, *, has_open_round: bool) -> tuple[str, ...]:
    """Who acts at a stage, by the names of recipients; nobody where nobody is waited for."""
    if stage.round:
        return ("reviewers",) if has_open_round else ("coordinators",)
    match stage.kind:
        case "draft" | "revise" | "correct":
            return ("coordinators",) if stage.awaits("briefed") else ("authors",)
        case "decide":
            return ("deciders",)
        case "investigate":
            return ("coordinators",)
        case _:
            return ()
