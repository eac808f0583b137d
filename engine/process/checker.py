"""Is a definition sound? Every fault is reported at once, with the path to it and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.process.durations import parse_duration
from engine.process.gates import GATES
from engine.process.values import (
    ACTORS,
    CAPABILITIES,
    EFFECTS,
    ROUND_KINDS,
    STAGE_KINDS,
    TRANSITION_KINDS,
    VISIBILITIES,
)

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a definition: where, what, and how to mend it."""

    path: Path
    code: str
    message: str


def faults(data: Any) -> list[Fault]:
    """Everything wrong with a definition given as plain data, in the order of the text; empty when it is sound."""
    if not isinstance(data, Mapping) or not isinstance(data.get("stages"), list) or not data["stages"]:
        return [Fault(("stages",), "no-stages", "A definition needs a list of stages; write at least two.")]
    found = list(_shape(data))
    return found or list(_graph(data["stages"]))


def _shape(data: Mapping[str, Any]) -> Iterator[Fault]:
    for name in ("key", "title"):
        if not isinstance(data.get(name), str):
            yield Fault((name,), "missing", f"Write {name}: as a text.")
    keys = [stage.get("key") for stage in data["stages"] if isinstance(stage, Mapping)]
    for number, stage in enumerate(data["stages"]):
        path: Path = ("stages", number)
        if not isinstance(stage, Mapping):
            yield Fault(path, "not-a-stage", "A stage is a mapping with key, kind and label.")
            continue
        for name in ("key", "kind", "label"):
            if not isinstance(stage.get(name), str):
                yield Fault((*path, name), "missing", f"Write {name}: as a text.")
        if keys.count(stage.get("key")) > 1:
            yield Fault((*path, "key"), "twice", f"Two stages are called {stage.get('key')}; rename one.")
        yield from _one_of((*path, "kind"), stage.get("kind"), STAGE_KINDS)
        for place, capability in enumerate(stage.get("capabilities", ())):
            yield from _one_of((*path, "capabilities", place), capability, CAPABILITIES)
        for place, timer in enumerate(stage.get("timers", ())):
            yield from _duration((*path, "timers", place, "after"), timer.get("after"))
            yield from _one_of((*path, "timers", place, "then"), timer.get("then"), ("remind",))
        if "round" in stage:
            yield from _round_shape((*path, "round"), stage["round"])
        for place, transition in enumerate(stage.get("transitions", ())):
            yield from _transition_shape((*path, "transitions", place), transition, keys, stage)


def _round_shape(path: Path, data: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _one_of((*path, "visibility"), data.get("visibility"), VISIBILITIES)
    yield from _duration((*path, "period"), data.get("period"))
    if not isinstance(data.get("quorum"), int) or data["quorum"] < 1:
        yield Fault((*path, "quorum"), "quorum", "A quorum is a whole number from 1.")
    yield from _one_of((*path, "kind"), data.get("kind"), ROUND_KINDS)
    if data.get("kind") == "review" and not data.get("criteria"):
        yield Fault((*path, "criteria"), "no-criteria", "Reviewers need at least one criterion to score.")


def _transition_shape(
    path: Path, data: Mapping[str, Any], keys: list[Any], stage: Mapping[str, Any]
) -> Iterator[Fault]:
    yield from _one_of((*path, "kind"), data.get("kind"), TRANSITION_KINDS)
    yield from _one_of((*path, "by"), data.get("by"), ACTORS)
    if data.get("to") not in keys:
        yield Fault(
            (*path, "to"),
            "unknown-stage",
            f"There is no stage {data.get('to')!r}; name one that is written here.",
        )
    for place, other in enumerate(data.get("beside", ())):
        if other not in keys or other == data.get("to"):
            yield Fault(
                (*path, "beside", place), "unknown-stage", f"{other!r} is no other stage; name one written here."
            )
    for place, effect in enumerate(data.get("effects", ())):
        yield from _one_of((*path, "effects", place), effect, EFFECTS)
    for place, gate in enumerate(data.get("when", ())):
        yield from _one_of((*path, "when", place, "gate"), gate.get("gate"), tuple(GATES))
        wanted = gate.get("round")
        if wanted is not None and wanted != stage.get("round", {}).get("key"):
            yield Fault((*path, "when", place, "round"), "unknown-round", f"This stage opens no round {wanted!r}.")
    if data.get("kind") in ("return", "withdraw") and not isinstance(data.get("at_most"), int):
        yield Fault((*path, "at_most"), "unbounded", "A way back needs at_most: how often it may be taken.")


def _graph(stages: list[Mapping[str, Any]]) -> Iterator[Fault]:
    ways = {
        stage["key"]: [to for way in stage.get("transitions", ()) for to in (way["to"], *way.get("beside", ()))]
        for stage in stages
    }
    yield from _joins(stages, ways)
    reached = _closure(ways, stages[0]["key"])
    ends = {stage["key"] for stage in stages if stage.get("end")}
    for number, stage in enumerate(stages):
        path: Path = ("stages", number)
        if stage["key"] not in reached:
            yield Fault(path, "unreachable", f"No transition leads to {stage['key']}; add one or drop the stage.")
        if not stage.get("end") and not _closure(ways, stage["key"]) & ends:
            yield Fault(path, "dead-end", f"No end can be reached from {stage['key']}; add a way on.")
        waits = any(way["by"] != "system" for way in stage.get("transitions", ()))
        if waits and not stage.get("timers") and not stage.get("open_ended"):
            yield Fault(path, "no-timer", f"{stage['key']} waits for people; give it a timer or open_ended: true.")
    yield from _loops(stages)


def _joins(stages: list[Mapping[str, Any]], ways: Mapping[str, list[str]]) -> Iterator[Fault]:
    """Every branch of a fork must lead to a join, or the branches never meet again."""
    joins = {stage["key"] for stage in stages if stage.get("join")}
    for number, stage in enumerate(stages):
        for place, way in enumerate(stage.get("transitions", ())):
            for branch in (way["to"], *way["beside"]) if way.get("beside") else ():
                if not _closure(ways, branch) & joins:
                    path = ("stages", number, "transitions", place)
                    yield Fault(
                        path, "no-join", f"The branch {branch} never meets the others; mark a stage join: true."
                    )


def _loops(stages: list[Mapping[str, Any]]) -> Iterator[Fault]:
    """Ways that may be taken without bound must lead onward only."""
    free = {
        stage["key"]: [way["to"] for way in stage.get("transitions", ()) if not isinstance(way.get("at_most"), int)]
        for stage in stages
    }
    for number, stage in enumerate(stages):
        if any(stage["key"] in _closure(free, onward) for onward in free[stage["key"]]):
            yield Fault(
                ("stages", number),
                "loop",
                f"{stage['key']} can be entered for ever; bound a way back by at_most.",
            )


def _closure(ways: Mapping[str, list[str]], start: str) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for onward in ways.get(waiting.pop(), []):
            if onward not in seen:
                seen.add(onward)
                waiting.append(onward)
    return seen


def _one_of(path: Path, value: Any, allowed: tuple[str, ...]) -> Iterator[Fault]:
    if value not in allowed:
        yield Fault(path, "unknown", f"{value!r} is not known here; use one of {', '.join(allowed)}.")


def _duration(path: Path, value: Any) -> Iterator[Fault]:
    try:
        parse_duration(str(value))
    except ValueError:
        yield Fault(path, "duration", f"{value!r} is not a duration; write for example P21D.")
