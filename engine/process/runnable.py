"""What a definition asks for that this release does not do yet; one that asks for nothing of it can be offered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.process.messages import _
from engine.process.values import Definition, RoundTemplate, Stage, Transition

Path = tuple[str | int, ...]

CAPABILITIES = frozenset({"comment", "suggest", "translate", "publish"})
# The kinds of ways that a page offers to each; to deciders it offers all.
OFFERED = {"author": ("advance", "withdraw"), "coordinator": ("return",)}

# Nobody looks at a run when one of these opens.
BY_AUTHORS = frozenset({"complete", "evidenced", "points-answered"})
# What rows outside of the run open; `tick` looks for runs that wait for these alone.
OUTSIDE = frozenset({"area-supported", "briefed"})
# As long as a grant's source can say.
LONGEST_BODY = 55


@dataclass(frozen=True)
class NotYet:
    """Something that cannot be run yet: where it is asked for, and what it is."""

    path: Path
    what: str


def not_yet(definition: Definition) -> tuple[NotYet, ...]:
    """Everything that keeps a definition from being run; empty when it can be offered."""
    return tuple(NotYet(path, what) for path, what in _asked(definition))


def _asked(definition: Definition) -> Iterator[tuple[Path, str]]:
    if len(definition.languages) > 1:
        yield ("languages",), _("texts of a process in several languages")
    for number, stage in enumerate(definition.stages):
        path: Path = ("stages", number)
        if len(stage.labels) > 1:
            yield (*path, "label"), _("labels for single audiences")
        for capability in sorted(stage.capabilities & CAPABILITIES):
            yield (*path, "capabilities"), _NAMES[capability]
        if stage.round and stage.round.kind == "consultation" and not {"consult", "read"} <= stage.capabilities:
            yield (*path, "round"), _("a consultation at a stage that is not public, or where nobody may consult")
        if stage.round:
            yield from (((*path, "round", name), what) for name, what in _round(stage.round))
        yield from (((*path, "transitions", *place), what) for place, what in _transitions(stage))


def _round(round: RoundTemplate) -> Iterator[tuple[str, str]]:
    if round.kind == "lab":
        yield "kind", _("labs")


def _transitions(stage: Stage) -> Iterator[tuple[Path, str]]:
    seen: set[tuple[str, str]] = set()
    for number, way in enumerate(stage.transitions):
        if len(way.body) > LONGEST_BODY:
            yield (number, "body"), _("a decision body with so long a key")
        if way.by in OFFERED:
            if way.kind not in OFFERED[way.by] or (way.by, way.kind) in seen:
                yield (number, "by"), _("this way, because no page offers it")
            seen.add((way.by, way.kind))
        yield from (((number, "when"), what) for what in _gates(way))


def _gates(way: Transition) -> Iterator[str]:
    asked = {gate.name for gate in way.gates}
    if way.by == "system" and asked & OUTSIDE and asked - OUTSIDE:
        yield _("a way of the system that waits for the policy area and for people of the proposal")
    for gate in way.gates:
        if way.by == "system" and gate.name in BY_AUTHORS:
            yield _("a way of the system that opens when authors have written something")
        if way.by == "timer" and gate.name == "complete" and not gate.parameters.get("sections"):
            yield _("a gate that asks for a complete text without anybody's doing")


_NAMES = {
    "comment": _("comments by others than co-authors"),
    "suggest": _("suggestions by others than co-authors"),
    "translate": _("translations within the process"),
    "publish": _("publication by hand"),
}
