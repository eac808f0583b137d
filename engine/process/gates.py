"""Gates: named conditions on facts. A gate answers None when it is open, or the code of what is missing."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.process.facts import Facts


def area_supported(facts: Facts, stage: str, minimum: int) -> str | None:
    """At least `minimum` sources support the policy area (ekip's method of mapping innovation areas asks for ten)."""
    return None if facts.area_sources >= minimum else "area-not-supported"


def complete(facts: Facts, stage: str) -> str | None:
    """Nothing that the section template requires is missing."""
    return None if facts.missing == 0 else "incomplete"


def points_answered(facts: Facts, stage: str) -> str | None:
    """Every point that must be answered has a disposition."""
    return None if facts.unanswered == 0 else "points-unanswered"


def quorum(facts: Facts, stage: str, round: str) -> str | None:
    """A round of that template has closed, and the reviews submitted in this visit reach the quorum together."""
    rounds = facts.rounds_at(stage, round)
    if not rounds or not all(each.is_closed for each in rounds):
        return "round-open"
    reached = sum(each.submitted for each in rounds) >= max(each.quorum for each in rounds)
    return None if reached else "quorum-not-met"


GATES: Mapping[str, Callable[..., str | None]] = {
    "area-supported": area_supported,
    "complete": complete,
    "points-answered": points_answered,
    "quorum": quorum,
}


def closed_gate(facts: Facts, stage: str, gates: tuple[Any, ...]) -> str | None:
    """The code of the first gate that is closed, or None when all are open."""
    for gate in gates:
        if code := GATES[gate.name](facts, stage, **gate.parameters):
            return code
    return None
