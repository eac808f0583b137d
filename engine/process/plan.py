"""What follows from a run's facts, the instant and perhaps a command: the steps to take. Nothing is done here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from engine.process.facts import Facts, RoundFacts, TimerFacts
from engine.process.gates import closed_gate
from engine.process.quorum import together
from engine.process.values import PEOPLE, Stage, Transition

MOST_STEPS = 1000


@dataclass(frozen=True)
class Command:
    """Somebody asks for one transition out of one stage. Who may ask is settled before."""

    stage: str
    transition: str
    by: str
    reason: str = ""


@dataclass(frozen=True)
class CloseRound:
    """A round's deadline has passed (half-open: at `closes_at` itself the round is closed)."""

    round_id: int
    stage: str
    quorum_met: bool


@dataclass(frozen=True)
class FireTimer:
    """A timer has fallen due. `takes` is the way that it takes, empty when it reminds or that way is closed."""

    timer_id: int
    key: str
    stage: str
    takes: str = ""


@dataclass(frozen=True)
class Move:
    """One stage is left, with the parallel ones that `closes` names; none is entered when a join waits for the rest."""

    stage: str
    transition: str
    kind: str
    enters: tuple[str, ...]
    closes: tuple[str, ...]
    by: str
    effects: tuple[str, ...]
    reason: str

    @property
    def leaves(self) -> tuple[str, ...]:
        """Every stage that is left."""
        return (self.stage, *self.closes)


@dataclass(frozen=True)
class Refused:
    """The command cannot be carried out; `code` is stable."""

    code: str


Step = CloseRound | FireTimer | Move


def plan(facts: Facts, *, now: datetime, command: Command | None = None) -> tuple[Step, ...] | Refused:
    """The steps that follow, in order: what is due, then the command, then what the system may do by itself.

    What is due comes in the order of its instants, each followed by what the system may do then. While the run is
    paused nothing follows, and a command is refused.

    Raises:
        RuntimeError: the definition lets the system move for ever (the checker refuses such definitions).
    """
    if facts.paused:
        return () if command is None else Refused("paused")
    steps: list[Step] = []
    facts = _what_is_due(facts, now, steps)
    if command is not None:
        facts = _by_itself(facts, steps)
        move = _obey(facts, command)
        if isinstance(move, Refused):
            return move
        steps.append(move)
        facts = _after(facts, move)
    _by_itself(facts, steps)
    return tuple(steps)


def _what_is_due(facts: Facts, now: datetime, steps: list[Step]) -> Facts:
    """Rounds come before timers of the same instant, so that a quorum reached in time counts."""
    due: list[tuple[datetime, RoundFacts | TimerFacts]] = [
        *((each.closes_at, each) for each in facts.rounds if not each.is_closed and now >= each.closes_at),
        *((each.due_at, each) for each in facts.timers if now >= each.due_at),
    ]
    for _at, each in sorted(due, key=itemgetter(0)):
        # A stage that was left meanwhile took its rounds and timers with it, also when it is entered again.
        if each not in facts.rounds and each not in facts.timers:
            continue
        facts = _close(facts, each, steps) if isinstance(each, RoundFacts) else _fire(facts, each, steps)
        facts = _by_itself(facts, steps)
    return facts


def _close(facts: Facts, due: RoundFacts, steps: list[Step]) -> Facts:
    facts = facts.closing(due.id)
    panel = together(each.panel for each in facts.rounds_at(due.stage, due.key))
    steps.append(CloseRound(due.id, due.stage, quorum_met=due.quorum.reached(panel)))
    return facts


def _fire(facts: Facts, due: TimerFacts, steps: list[Step]) -> Facts:
    facts = facts.firing(due.id)
    stage = facts.definition.stage(due.stage)
    way = stage.way_of_timer(due.key)
    if way is None or not _is_open(facts, stage, way):
        steps.append(FireTimer(due.id, due.key, due.stage))
        return facts
    move = _move(facts, stage, way, by="system", reason="")
    steps += [FireTimer(due.id, due.key, due.stage, way.key), move]
    return _after(facts, move)


def _by_itself(facts: Facts, steps: list[Step]) -> Facts:
    while move := _automatic(facts):
        if len(steps) >= MOST_STEPS:
            raise RuntimeError(f"run {facts.run_id} moves without end")
        steps.append(move)
        facts = _after(facts, move)
    return facts


def _automatic(facts: Facts) -> Move | None:
    for key in facts.open_stages:
        stage = facts.definition.stage(key)
        for transition in stage.transitions:
            if transition.by == "system" and _is_open(facts, stage, transition):
                return _move(facts, stage, transition, by="system", reason="")
    return None


def _is_open(facts: Facts, stage: Stage, way: Transition) -> bool:
    return not _is_spent(facts, stage, way) and closed_gate(facts, stage.key, way.gates) is None


def _is_spent(facts: Facts, stage: Stage, way: Transition) -> bool:
    return way.at_most is not None and facts.taken.get((stage.key, way.key), 0) >= way.at_most


def _obey(facts: Facts, command: Command) -> Move | Refused:
    if command.stage not in facts.open_stages:
        return Refused("stage-moved")
    stage = facts.definition.stage(command.stage)
    transition = stage.transition(command.transition)
    if transition is None or transition.by != command.by or command.by not in PEOPLE:
        return Refused("no-such-transition")
    if transition.needs_reason and not command.reason.strip():
        return Refused("reason-required")
    if _is_spent(facts, stage, transition):
        return Refused("too-often")
    if code := closed_gate(facts, stage.key, transition.gates):
        return Refused(code)
    return _move(facts, stage, transition, by=command.by, reason=command.reason.strip())


def _move(facts: Facts, stage: Stage, transition: Transition, *, by: str, reason: str) -> Move:
    others = tuple(each for each in facts.open_stages if each != stage.key)
    enters = transition.enters
    closes: tuple[str, ...] = ()
    if transition.kind != "advance":
        closes = others
    elif others and facts.definition.stage(transition.to).is_join:
        enters = ()
    return Move(stage.key, transition.key, transition.kind, enters, closes, by, transition.effects, reason)


def _after(facts: Facts, move: Move) -> Facts:
    return facts.moved(move.leaves, move.enters, (move.stage, move.transition))
