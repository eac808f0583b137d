"""Rebuilding a run from its events: which visits it made, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.process.values import Definition


@dataclass(frozen=True)
class Happening:
    """An event as replay reads it."""

    kind: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Stay:
    """One stay in a stage, as the events tell it; `left_by` is empty for a branch that was closed with another."""

    stage: str
    entered_at: datetime
    left_at: datetime | None = None
    left_by: str = ""


class Impossible(Exception):
    """The events tell of something that cannot have happened."""


def stays(definition: Definition, happenings: Iterable[Happening]) -> tuple[Stay, ...]:
    """Every stay that the events tell of, in the order in which they began; `definition` is that of the beginning.

    Raises:
        Impossible: a stage is left in which the run does not stand, as when a move is told twice.
    """
    made: list[Stay] = []
    for each in happenings:
        match each.kind:
            case "run-opened":
                made.append(Stay(definition.start.key, each.at))
            case "moved":
                _leave(made, each.data["from"], each.at, each.data["transition"])
                made.append(Stay(each.data["to"], each.at))
            case "branch-opened":
                made.append(Stay(each.data["stage"], each.at))
            case "branch-finished":
                _leave(made, each.data["from"], each.at, each.data["transition"])
            case "branch-closed":
                _leave(made, each.data["stage"], each.at, "")
    return tuple(made)


def pinned(happenings: Iterable[Happening]) -> tuple[str, str]:
    """The content hashes of the versions on which the run began and on which it stands, as the events tell it."""
    began = stands = ""
    for each in happenings:
        match each.kind:
            case "run-opened":
                began = stands = each.data["version"]
            case "migrated":
                stands = each.data["to"]
    return began, stands


def _leave(made: list[Stay], stage: str, at: datetime, transition: str) -> None:
    place = next((number for number, stay in enumerate(made) if stay.stage == stage and stay.left_at is None), None)
    if place is None:
        raise Impossible(f"{stage} is left by {transition or 'another branch'} at {at} and was not entered")
    made[place] = replace(made[place], left_at=at, left_by=transition)
