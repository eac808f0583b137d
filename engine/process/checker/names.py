"""Keys that must differ: two parts of one kind are never called the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.process.checker.faults import Fault
from engine.process.checker.reading import Spot, quoted


def faults_of(root: Spot) -> Iterator[Fault]:
    """Every key that another part of the same list has too."""
    for name in ("bodies", "calendars", "forms", "stages"):
        yield from _twice(root.parts(name))
    for form in root.parts("forms"):
        yield from _twice(form.parts("criteria"))
    for stage in root.parts("stages"):
        for name in ("timers", "transitions"):
            yield from _twice(stage.parts(name))
        for name in ("criteria", "reminders"):
            yield from _twice(stage.at("round").parts(name))
        for way in stage.parts("transitions"):
            for beside in way.at("beside").items():
                if beside.value == way.text("to"):
                    yield beside.fault("twice", value=quoted(beside.value))
    yield from _twice_as_round(root.parts("stages"))


def _twice(parts: Iterable[Spot]) -> Iterator[Fault]:
    seen: set[str] = set()
    for each in parts:
        key = each.text("key")
        if key and key in seen:
            yield each.at("key").fault("twice", value=quoted(key))
        seen.add(key)


def _twice_as_round(stages: Iterable[Spot]) -> Iterator[Fault]:
    """Gates name rounds across the definition, so that two stages never call theirs the same."""
    yield from _twice(each.at("round") for each in stages if each.has("round"))
