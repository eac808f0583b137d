"""How long a run can be at most: in moves, and in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from graphlib import TopologicalSorter

from engine.process.values import Definition, Stage, Transition


@dataclass(frozen=True)
class Bound:
    """The most moves, and the most time, None where `open_ended` names stages that promise no end."""

    moves: int
    time: timedelta | None
    open_ended: tuple[str, ...]


def bound(definition: Definition) -> Bound:
    """The bound of a definition without faults; the rules of the checker are what makes it one.

    A run is given credit: for each stage where it stands, the weight of that stage, and for each way that is bounded,
    as often as it may still be taken, one and the weight of what it enters. The weight of a stage is at least one
    more than that of all that any way without a bound enters, so such a move costs one at least; a move along a
    bounded way spends the credit of that way. Branches that are closed, and joins that wait, only give credit up.
    So no run makes more moves than the credit with which it begins.

    The same holds for time when the clock is looked at whenever something is due: no visit outlasts the timer that
    takes a way without gate or bound, and branches run beside each other, so that the longest counts.
    """
    bounded = [way for stage in definition.stages for way in stage.transitions if way.at_most is not None]
    weights, times = _weights(definition), _times(definition)
    open_ended = tuple(stage.key for stage in definition.stages if not stage.is_end and stay(stage) is None)
    return Bound(
        moves=weights[definition.start.key] + sum((way.at_most or 0) * _cost(way, weights) for way in bounded),
        time=None
        if open_ended
        else sum(
            ((way.at_most or 0) * max(times[key] for key in way.enters) for way in bounded),
            times[definition.start.key],
        ),
        open_ended=open_ended,
    )


def stay(stage: Stage) -> timedelta | None:
    """The longest stay in a stage, whatever people do or leave undone; None when nothing ends it but people."""
    sure = {way.key: way for way in stage.transitions if way.at_most is None and not way.gates}
    if any(way.by == "system" for way in sure.values()):
        return timedelta(0)
    ending = (timer.after for timer in stage.timers if timer.then == "take" and timer.transition in sure)
    return min(ending, default=None)


def _weights(definition: Definition) -> dict[str, int]:
    weights: dict[str, int] = {}
    for stage in _last_first(definition):
        weights[stage.key] = max((_cost(way, weights) for way in _free(stage)), default=0)
    return weights


def _times(definition: Definition) -> dict[str, timedelta]:
    times: dict[str, timedelta] = {}
    for stage in _last_first(definition):
        onward = (times[key] for way in _free(stage) for key in way.enters)
        times[stage.key] = (stay(stage) or timedelta(0)) + max(onward, default=timedelta(0))
    return times


def _cost(way: Transition, weights: Mapping[str, int]) -> int:
    return 1 + sum(weights[key] for key in way.enters)


def _free(stage: Stage) -> list[Transition]:
    return [way for way in stage.transitions if way.at_most is None]


def _last_first(definition: Definition) -> list[Stage]:
    """Every stage after all that its ways without a bound lead to; these never go round."""
    order = TopologicalSorter(
        {stage.key: [key for way in _free(stage) for key in way.enters] for stage in definition.stages}
    )
    return [definition.stage(key) for key in order.static_order()]
