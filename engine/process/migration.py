"""What would become of a run under another version of its process: what changes, and what does not fit. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from engine.process.facts import Facts, TimerFacts
from engine.process.plan import Move, plan
from engine.process.values import Definition, Stage


@dataclass(frozen=True)
class Standing:
    """A run as it stands: since when it is at each open stage, and which timers (stage, key) have fired there.

    `later` is the time by which extensions and pauses have moved the timers of a stage.
    """

    facts: Facts
    entered: Mapping[str, datetime]
    fired: frozenset[tuple[str, str]] = frozenset()
    later: Mapping[str, timedelta] = field(default_factory=dict)

    def instant(self, now: datetime) -> datetime:
        """The instant by which its timers are judged: in a paused run that at which the pause began."""
        return self.facts.paused_at or now


@dataclass(frozen=True)
class WaitingTimer:
    """A timer that waits at an open stage under the new version."""

    stage: str
    key: str
    due_at: datetime


@dataclass(frozen=True)
class Consequence:
    """One thing that the other version means for a run, at the stage of that key; `names` go into its sentence."""

    code: str
    stage: str = ""
    names: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Fit:
    """How a run fits into another version; with an obstacle it does not go over."""

    changes: tuple[Consequence, ...]
    obstacles: tuple[Consequence, ...]


def fit(standing: Standing, new: Definition, *, now: datetime) -> Fit:
    """What would change for the run if it went over to `new` at this instant, and what keeps it from doing so."""
    now = standing.instant(now)
    obstacles = tuple(_obstacles(standing, new, now))
    if obstacles:
        return Fit((), obstacles)
    return Fit(tuple(_changes(standing, new, now)), ())


def waiting_timers(standing: Standing, new: Definition, *, now: datetime) -> tuple[WaitingTimer, ...]:
    """The timers that wait at the open stages under `new`, counted from when the stage was entered.

    One that has fired waits again only if it now falls due later than this instant.
    """
    now = standing.instant(now)
    stages = (new.by_key[key] for key in standing.facts.open_stages if key in new.by_key)
    return tuple(timer for stage in stages for timer in _waiting_at(stage, standing, now))


def _waiting_at(stage: Stage, standing: Standing, now: datetime) -> Iterator[WaitingTimer]:
    for template in stage.timers:
        due_at = standing.entered[stage.key] + template.after + standing.later.get(stage.key, timedelta())
        if due_at > now or (stage.key, template.key) not in standing.fired:
            yield WaitingTimer(stage.key, template.key, due_at)


# --- what does not fit ----------------------------------------------------------------------------------------------


def _obstacles(standing: Standing, new: Definition, now: datetime) -> Iterator[Consequence]:
    facts = standing.facts
    if all(facts.definition.stage(key).is_end for key in facts.open_stages):
        yield Consequence("ended")
        return
    for key in facts.open_stages:
        if key not in new.by_key:
            yield Consequence("stage-gone", key)
        elif new.stage(key).is_end:
            yield Consequence("stage-is-an-end", key)
        else:
            yield from _rounds_without_template(standing, new.stage(key))
            yield from _lapses(standing, new.stage(key), now)
    if len(facts.open_stages) > 1 and not any(_puts_beside(fork, facts.open_stages, new) for fork in _forks(new)):
        yield Consequence("not-beside", facts.open_stages[0])
    for (key, taken), times in facts.taken.items():
        way = new.way(key, taken)
        if way and way.at_most is not None and times > way.at_most:
            yield Consequence("taken-too-often", key, {"way": way.label, "times": times, "most": way.at_most})


def _rounds_without_template(standing: Standing, stage: Stage) -> Iterator[Consequence]:
    before = standing.facts.definition.stage(stage.key).round
    for key in {each.key for each in standing.facts.rounds if each.stage == stage.key and not each.is_closed}:
        if stage.round is None or stage.round.key != key:
            yield Consequence("round-gone", stage.key, {"round": key})
        elif before and before.kind != stage.round.kind:
            yield Consequence("round-of-another-kind", stage.key, {"round": stage.round.label})


def _lapses(standing: Standing, stage: Stage, now: datetime) -> Iterator[Consequence]:
    """Nobody would have had the time that the new version gives."""
    for timer in _waiting_at(stage, standing, now):
        if timer.due_at <= now and (way := stage.way_of_timer(timer.key)):
            yield Consequence("lapses-at-once", stage.key, {"way": way.label, "at": timer.due_at})


def _forks(definition: Definition) -> Iterator[tuple[str, ...]]:
    return (way.enters for stage in definition.stages for way in stage.transitions if way.beside)


def _puts_beside(fork: tuple[str, ...], stages: tuple[str, ...], definition: Definition) -> bool:
    branches = [_branch(first, definition) for first in fork]
    found = [next((n for n, branch in enumerate(branches) if key in branch), None) for key in stages]
    return None not in found and len(set(found)) == len(stages)


def _branch(first: str, definition: Definition) -> set[str]:
    """The stages of a branch, up to the join."""
    branch: set[str] = set()
    ahead = [first]
    while ahead:
        stage = definition.stage(ahead.pop())
        if stage.key not in branch and not stage.is_join:
            branch.add(stage.key)
            ahead += [way.to for way in stage.transitions if way.kind == "advance"]
    return branch


# --- what changes ---------------------------------------------------------------------------------------------------


def _changes(standing: Standing, new: Definition, now: datetime) -> Iterator[Consequence]:
    facts, old = standing.facts, standing.facts.definition
    for key in facts.open_stages:
        before, after = old.stage(key), new.stage(key)
        yield from _gained_and_lost("capability", key, before.capabilities, after.capabilities)
        had = {way.key: way.label for way in before.transitions}
        has = {way.key: way.label for way in after.transitions}
        yield from _gained_and_lost("way", key, had, has, labels=had | has)
        if any(each.stage == key and not each.is_closed for each in facts.rounds) and before.round != after.round:
            yield Consequence("round-stays", key)
    yield from _timers(standing, new, now)
    for (key, taken), times in facts.taken.items():
        way = new.way(key, taken)
        if way and way.at_most == times:
            yield Consequence("way-spent", key, {"way": way.label, "times": times})
    decided = {body.key: body.label for body in old.bodies}
    decide = {body.key: body.label for body in new.bodies}
    yield from _gained_and_lost("body", "", decided, decide, labels=decided | decide)
    if dict(old.conflicts) != dict(new.conflicts):
        yield Consequence("conflicts")
    yield from _at_once(standing, new, now)


def _gained_and_lost(
    what: str, stage: str, before: Iterable[str], after: Iterable[str], labels: Mapping[str, str] | None = None
) -> Iterator[Consequence]:
    for change, keys in (("gained", set(after) - set(before)), ("lost", set(before) - set(after))):
        for key in sorted(keys):
            yield Consequence(f"{what}-{change}", stage, {what: labels[key] if labels else key})


def _timers(standing: Standing, new: Definition, now: datetime) -> Iterator[Consequence]:
    waiting = {(each.stage, each.key): each.due_at for each in standing.facts.timers}
    fresh = {(each.stage, each.key): each.due_at for each in waiting_timers(standing, new, now=now)}
    for (stage, key), due_at in fresh.items():
        if due_at <= now:
            yield Consequence("timer-due", stage, {"timer": key, "at": due_at})
        elif waiting.get((stage, key)) != due_at:
            yield Consequence("timer-set", stage, {"timer": key, "at": due_at})
    for stage, key in waiting.keys() - fresh.keys():
        yield Consequence("timer-dropped", stage, {"timer": key})


def _at_once(standing: Standing, new: Definition, now: datetime) -> Iterator[Consequence]:
    """What the system does by itself as soon as the run has gone over."""
    timers = tuple(
        TimerFacts(number, each.key, each.stage, each.due_at)
        for number, each in enumerate(waiting_timers(standing, new, now=now))
    )
    steps = plan(replace(standing.facts, definition=new, timers=timers), now=now)
    for step in steps if isinstance(steps, tuple) else ():
        if isinstance(step, Move):
            yield Consequence("moves-on", step.stage, {"to": step.enters})
