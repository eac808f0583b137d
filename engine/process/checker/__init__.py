"""Is a definition sound? Every fault is reported at once, with the path to it and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.process.checker import forks, gates, graph, names, rounds, timers, waiting
from engine.process.checker.faults import MESSAGES, Fault, Path
from engine.process.checker.grammar import DEFINITION
from engine.process.checker.known import Known, Names
from engine.process.checker.reading import Spot
from engine.process.checker.sketch import sketch

__all__ = ["DEFINITION", "MESSAGES", "Fault", "Known", "Names", "Path", "faults"]

ON_STAGES = (rounds.faults_of, timers.faults_of)
ON_THE_WHOLE = (graph.faults_of, forks.faults_of, waiting.faults_of)


def faults(data: Any, known: Known | None = None) -> list[Fault]:
    """Everything wrong with a definition given as plain data, in the order of the text; empty when it is sound.

    A part that cannot be read does not hide what is wrong with the rest. `known` says what there is in this
    installation; without it, what only an installation knows is not asked.
    """
    root = Spot((), data)
    if not isinstance(data, dict):
        return [root.fault("not-a-mapping", what="definition")]
    return sorted(_found(root, Names.of(root, known or Known())), key=lambda fault: _place(fault.path, data))


def _found(root: Spot, known: Names) -> Iterator[Fault]:
    yield from DEFINITION.faults(root, known)
    yield from names.faults_of(root)
    if root.has("stages") and not root.parts("stages"):
        yield root.at("stages").fault("no-stages")
    for stage in root.parts("stages"):
        for rule in ON_STAGES:
            yield from rule(stage)
    yield from gates.faults_of(root)
    drawn = sketch(root)
    for ask in ON_THE_WHOLE:
        yield from ask(drawn)


def _place(path: Path, data: Any) -> tuple[int, ...]:
    """Where a path stands in the text; what is missing stands at the end of what lacks it."""
    place: list[int] = []
    for step in path:
        if isinstance(data, dict):
            place.append(list(data).index(step) if step in data else len(data))
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            place.append(step)
            data = data[step]
    return tuple(place)
