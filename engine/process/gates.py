"""Gates: named conditions on facts. A gate answers None when it is open, or the code of what is missing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.process.facts import Facts
from engine.process.quorum import together


def area_supported(facts: Facts, stage: str, minimum: int) -> str | None:
    """At least `minimum` sources support the policy area (ekip's method of mapping innovation areas asks for ten)."""
    return None if facts.area_sources >= minimum else "area-not-supported"


def briefed(facts: Facts, stage: str) -> str | None:
    """A research briefing of the policy area is published."""
    return None if facts.is_briefed else "not-briefed"


def complete(facts: Facts, stage: str, sections: Sequence[str] = ()) -> str | None:
    """Nothing that the section template requires is missing; with `sections`, these are written."""
    is_lacking = facts.unwritten & set(sections) if sections else facts.missing
    return "incomplete" if is_lacking else None


def evidenced(facts: Facts, stage: str, minimum: int) -> str | None:
    """At least `minimum` pieces of evidence are attached to the proposal."""
    return None if facts.evidence >= minimum else "not-evidenced"


def points_answered(facts: Facts, stage: str) -> str | None:
    """Every point that must be answered has a disposition."""
    return None if facts.unanswered == 0 else "points-unanswered"


def quorum(facts: Facts, stage: str, round: str) -> str | None:
    """A round of that template has closed, and the reviews submitted in this visit reach the quorum together."""
    rounds = facts.rounds_at(stage, round)
    if not rounds or not all(each.is_closed for each in rounds):
        return "round-open"
    panel = together(each.panel for each in rounds)
    return None if all(each.quorum.reached(panel) for each in rounds) else "quorum-not-met"


GATES: Mapping[str, Callable[..., str | None]] = {
    "area-supported": area_supported,
    "briefed": briefed,
    "complete": complete,
    "evidenced": evidenced,
    "points-answered": points_answered,
    "quorum": quorum,
}


def closed_gate(facts: Facts, stage: str, gates: tuple[Any, ...]) -> str | None:
    """The code of the first gate that is closed, or None when all are open."""
    for gate in gates:
        if code := GATES[gate.name](facts, stage, **gate.parameters):
            return code
    return None
