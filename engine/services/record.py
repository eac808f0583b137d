"""Writing the steps of many runs at once: visits, rounds, timers, openings, events, notifications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max

from engine.models import Assignment, Disposition, Round, Run, Timer, Visit
from engine.models.definitions import definition_of
from engine.process.facts import Facts
from engine.process.plan import CloseRound, FireTimer, Move, Step
from engine.services import publication
from engine.services.events import NewEvent, append_events
from engine.services.ladders import owe_timers
from engine.services.messages import announce
from partners.models import User
from recommendations import access
from recommendations.drafting.services import freeze_revision
from recommendations.models import Edition


@dataclass(frozen=True)
class Planned:
    """A claimed run, what was known of it, and the steps that follow."""

    run: Run
    facts: Facts
    steps: tuple[Step, ...]


def record(planned: Sequence[Planned], *, person: User | None, now: datetime, successor_id: int | None = None) -> None:
    """Write every step of every run. Constant queries, but for the texts that are frozen or published one by one."""
    events: list[NewEvent] = []
    moving = [each.run for each in planned if any(isinstance(step, Move) for step in each.steps)]
    positions = _positions(moving)
    _close_rounds([step for each in planned for step in each.steps if isinstance(step, CloseRound)], now=now)
    _fire_timers([step for each in planned for step in each.steps if isinstance(step, FireTimer)], now=now)
    entered: list[Visit] = []
    left: list[Visit] = []
    for each in planned:
        for step in each.steps:
            events += _events(each.run, step, person)
            if isinstance(step, Move):
                events += _effects(each.run, step, person=person, successor_id=successor_id, now=now)
                left += _leave(positions[each.run.pk], step, now=now)
                entered += _enter(positions[each.run.pk], each.run, step, now=now)
    _store_visits(left, entered, now=now)
    set_openings(moving)
    announce(append_events(events, now=now), now=now)
    fired = (step for each in planned for step in each.steps if isinstance(step, FireTimer))
    owe_timers([step.timer_id for step in fired if not step.takes], now=now)


def begin(run: Run, *, now: datetime) -> None:
    """Enter the first stage of a new run: its visit, its timers, and what is open there."""
    visit = Visit.objects.create(run=run, stage=run.version.process.start.key, number=1, entered_at=now)
    start_timers([visit])
    set_openings([run])


def set_openings(runs: Sequence[Run]) -> None:
    """Push down what is open on each run's proposal: the capabilities of its open visits, none when put away."""
    if runs:
        access.set_openings(expected_openings(runs))


def expected_openings(runs: Sequence[Run]) -> Mapping[int, frozenset[str]]:
    """Proposal id → capabilities, as the open visits of each run say."""
    stages: dict[int, set[str]] = {run.pk: set() for run in runs}
    visits = Visit.objects.filter(run__in=stages, left_at=None)
    for run_id, stage in visits.values_list("run_id", "stage"):
        stages[run_id].add(stage)
    return {
        run.proposal_id: frozenset().union(
            *(definition_of(run.version_id).stage(key).capabilities for key in stages[run.pk])
        )
        if run.proposal.archived_at is None and run.proposal.deleted_at is None
        else frozenset()
        for run in runs
    }


def start_timers(visits: Sequence[Visit]) -> None:
    """Set the timers that the stages of newly entered visits ask for."""
    Timer.objects.bulk_create(
        Timer(visit=visit, key=template.key, due_at=visit.entered_at + template.after)
        for visit in visits
        for template in definition_of(visit.run.version_id).stage(visit.stage).timers
    )


@dataclass
class _Position:
    """Where a run stands while its steps are written: its open visits, and the number of its last one."""

    last: int = 0
    visits: list[Visit] = field(default_factory=list)


def _positions(runs: Sequence[Run]) -> dict[int, _Position]:
    """The positions of runs that move, by run id."""
    ids = [run.pk for run in runs]
    visits = Visit.objects.filter(run__in=ids)
    last = visits.order_by().values_list("run_id").annotate(last=Max("number"))
    positions = {run_id: _Position(number) for run_id, number in last}
    for visit in visits.filter(left_at=None).order_by("number"):
        positions[visit.run_id].visits.append(visit)
    return positions


def _leave(position: _Position, step: Move, *, now: datetime) -> list[Visit]:
    """The visits that end; a parallel one that is closed with the rest was not left by a way of its own."""
    ending = [each for each in position.visits if each.stage in step.leaves]
    for visit in ending:
        visit.left_at, visit.left_by = now, step.transition if visit.stage == step.stage else ""
    position.visits = [each for each in position.visits if each not in ending]
    return ending


def _enter(position: _Position, run: Run, step: Move, *, now: datetime) -> list[Visit]:
    fresh = [
        Visit(run=run, stage=stage, number=number, entered_at=now)
        for number, stage in enumerate(step.enters, start=position.last + 1)
    ]
    position.last += len(fresh)
    position.visits += fresh
    return fresh


def _store_visits(left: list[Visit], entered: list[Visit], *, now: datetime) -> None:
    ended = {visit.pk: visit.left_by for visit in left if visit.pk}
    for way in sorted(set(ended.values())):
        Visit.objects.filter(pk__in=[pk for pk, by in ended.items() if by == way]).update(left_at=now, left_by=way)
    Timer.objects.filter(visit__in=ended, fired_at=None).update(cancelled_at=now)
    abandoned = Round.objects.filter(visit__in=ended, closed_at=None, cancelled_at=None)
    assignments = list(Assignment.objects.filter(round__in=abandoned).values_list("pk", flat=True))
    abandoned.update(cancelled_at=now)
    access.end([assignment_source(pk) for pk in assignments], now=now)
    Visit.objects.bulk_create(entered)
    start_timers([visit for visit in entered if visit.left_at is None])


def assignment_source(assignment_id: int) -> str:
    """The `source` of the grant that an assignment gives."""
    return f"assignment:{assignment_id}"


def _close_rounds(steps: Sequence[CloseRound], *, now: datetime) -> None:
    if steps:
        Round.objects.filter(pk__in=[step.round_id for step in steps], closed_at=None).update(closed_at=now)


def _fire_timers(steps: Sequence[FireTimer], *, now: datetime) -> None:
    if steps:
        Timer.objects.filter(pk__in=[step.timer_id for step in steps], fired_at=None).update(fired_at=now)


def _effects(run: Run, step: Move, *, person: User | None, successor_id: int | None, now: datetime) -> list[NewEvent]:
    """What a move does beside moving, in the order in which the definition names it."""
    actor = person.pk if person else None
    events = []
    for effect in step.effects:
        match effect:
            case "freeze":
                revision = freeze_revision(proposal=run.proposal, person=person, now=now)
                carried = Disposition.objects.filter(point__review__assignment__round__visit__run=run, revision=None)
                carried.update(revision=revision)
                data = {"revision": revision.number, "content": revision.content_hash}
                events.append(NewEvent(run.pk, "revision-frozen", actor, data))
            case "publish":
                events.append(_appeared("edition-published", run, publication.publish_run(run, now=now)))
            case "reissue":
                edition = publication.reissue(run, reason=step.reason, now=now)
                events.append(_appeared("edition-corrected", run, edition))
            case "supersede":
                edition = publication.supersede(run, reason=step.reason, successor_id=successor_id, now=now)
                events.append(_appeared("edition-superseded", run, edition))
            case "withdraw":
                edition = publication.withdraw(run, reason=step.reason, successor_id=successor_id, now=now)
                events.append(_appeared("edition-withdrawn", run, edition))
    return events


def _appeared(kind: str, run: Run, edition: Edition) -> NewEvent:
    data = {"publication": edition.publication_id, "edition": edition.number, "serial": edition.serial}
    return NewEvent(run.pk, kind, None, data)


def _events(run: Run, step: Step, person: User | None) -> list[NewEvent]:
    match step:
        case CloseRound():
            return [NewEvent(run.pk, "round-closed", None, {"round": step.round_id, "quorum_met": step.quorum_met})]
        case FireTimer():
            fired = {"timer": step.key, "stage": step.stage}
            return [NewEvent(run.pk, "timer-fired", None, fired | ({"takes": step.takes} if step.takes else {}))]
        case Move():
            return _moves(run, step, person)


def _moves(run: Run, step: Move, person: User | None) -> list[NewEvent]:
    """One event for each stage that is entered (or one for a branch that waits), and one for each that is closed."""
    actor = None if step.by == "system" or person is None else person.pk
    way = {"from": step.stage, "transition": step.transition, "kind": step.kind}
    closed = [
        NewEvent(run.pk, "branch-closed", actor, {"stage": stage, "because": step.transition}) for stage in step.closes
    ]
    if not step.enters:
        return [NewEvent(run.pk, "branch-finished", actor, way, {"reason": step.reason})]
    first, *beside = step.enters
    moved = NewEvent(run.pk, "moved", actor, way | {"to": first}, {"reason": step.reason})
    return [*closed, moved, *(NewEvent(run.pk, "branch-opened", actor, {"stage": stage}) for stage in beside)]
