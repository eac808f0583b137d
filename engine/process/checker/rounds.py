"""Rounds: quorum and panel, criteria, reminders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.process.checker.faults import Fault
from engine.process.checker.reading import Spot, is_number
from engine.process.durations import in_calendar_days, length_from, parse_duration
from engine.process.values import LARGEST_PANEL

INSTANTS = ("before", "on", "after")


def faults_of(stage: Spot) -> Iterator[Fault]:
    """What is wrong with the round of a stage."""
    if not isinstance(stage.at("round").value, dict):
        return
    round = stage.at("round")
    yield from _quorum(round)
    yield from _criteria(round)
    period = _length(round.at("period"))
    for rung in round.parts("reminders"):
        yield from _rung(rung, period)


def _quorum(round: Spot) -> Iterator[Fault]:
    panel = round.count("panel") or LARGEST_PANEL
    quorum = round.at("quorum")
    asked = [quorum, quorum.at("number"), quorum.at("countries")]
    wanted = [(each, each.value) for each in asked if is_number(each.value)]
    wanted.append((quorum.at("kinds"), len(quorum.texts("kinds"))))
    for each, needed in wanted:
        if needed > panel:
            yield each.fault("quorum-too-high", panel=panel, needed=needed)


def _criteria(round: Spot) -> Iterator[Fault]:
    if round.has("form") and round.has("criteria"):
        yield round.at("form").fault("form-and-criteria")
    if round.text("kind") == "review" and not round.has("form") and not round.at("criteria").value:
        yield round.at("criteria").fault("no-criteria")


def _rung(rung: Spot, period: timedelta | None) -> Iterator[Fault]:
    before = _length(rung.at("before"))
    comes_too_early = before is not None and period is not None and before > period
    if len([name for name in INSTANTS if rung.has(name)]) != 1 or comes_too_early:
        yield rung.fault("ladder")


def _length(spot: Spot) -> timedelta | None:
    try:
        return in_calendar_days(length_from(spot.value)) if isinstance(spot.value, dict) else parse_duration(spot.value)
    except (KeyError, TypeError, ValueError):
        return None
