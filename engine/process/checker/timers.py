"""Timers and the ways that they take."""

from __future__ import annotations

from collections.abc import Iterator

from engine.process.checker.faults import Fault
from engine.process.checker.reading import Spot


def faults_of(stage: Spot) -> Iterator[Fault]:
    """Timers without a way to take, and ways of timers that none takes."""
    ways = {way.text("key") for way in stage.parts("transitions") if way.text("by") == "timer"}
    taken = set()
    for timer in stage.parts("timers"):
        if timer.text("then") == "take":
            taken.add(timer.text("transition"))
            if timer.text("transition") not in ways:
                yield timer.at("transition").fault("timer-without-target")
        elif timer.text("then") == "remind" and timer.has("transition"):
            yield timer.at("transition").fault("reminds-only")
    for way in stage.parts("transitions"):
        if way.text("by") == "timer" and way.text("key") not in taken:
            yield way.fault("never-taken")
