"""A further stage between two others: where it may stand, and what the definition says with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain, count
from typing import Any
from unicodedata import normalize

from engine.process.course import course
from engine.process.values import Definition, Stage

KINDS = ("review", "consult", "test", "decide")
"""What may be added, by kind of stage: each works on a frozen text."""
ROUNDS: Mapping[str, str] = {"review": "review", "consult": "consultation", "test": "city-test"}
WHO: Mapping[str, str] = {"review": "reviewers", "consult": "everyone", "test": "cities", "decide": "deciders"}
OUT = frozenset({"publish", "reissue", "supersede", "withdraw"})
RETURNS = 3
LONGEST_KEY = 50


@dataclass(frozen=True)
class Place:
    """Between a stage and those that its ways on enter; `ways` are the keys of these ways."""

    after: Stage
    before: tuple[Stage, ...]
    ways: tuple[str, ...]

    @property
    def key(self) -> str:
        """A name for it: the keys of all its stages."""
        return f"{self.after.key}>{'+'.join(stage.key for stage in self.before)}"


@dataclass(frozen=True)
class Addition:
    """A stage to be added: what it is called, how long its round lasts, how long it may stay altogether (in days),
    how many must hand something in, and what reviewers are asked.
    """

    key: str
    label: str
    kind: str
    days: int
    longest: int
    quorum: int = 1
    questions: tuple[str, ...] = ()


def places(definition: Definition) -> tuple[Place, ...]:
    """Everywhere on the course where the text is frozen and not published yet, in the order of the course."""
    return tuple(place for step in course(definition) for stage in step for place in _places_after(stage, definition))


def _places_after(stage: Stage, definition: Definition) -> Iterator[Place]:
    found: dict[tuple[str, ...], list[str]] = {}
    for way in stage.transitions:
        is_frozen = "freeze" in way.effects or ("edit" not in stage.capabilities and stage.kind in KINDS)
        if way.kind == "advance" and is_frozen and not OUT & {*way.effects}:
            found.setdefault(way.enters, []).append(way.key)
    for enters, ways in found.items():
        yield Place(stage, tuple(definition.stage(key) for key in enters), tuple(ways))


def stage_data(addition: Addition, place: Place, definition: Definition) -> dict[str, Any]:
    """The new stage as plain data. It goes on by itself when its time is over, so that nothing waits for ever."""
    has_round = addition.kind in ROUNDS
    written = {
        "key": addition.key,
        "kind": addition.kind,
        "label": _words(addition.label, definition),
        "who": WHO[addition.kind],
        "visibility": "public" if addition.kind == "consult" else "listed",
        "capabilities": [addition.kind],
    }
    if has_round:
        written["round"] = _round(addition, definition)
    written["timers"] = [
        {"key": "overdue", "after": f"P{addition.days}D", "then": "remind", "to": ["coordinators"]},
        {"key": "over", "after": f"P{addition.longest}D", "then": "take", "transition": "go-on"},
    ]
    onward: dict[str, Any] = {"to": place.before[0].key}
    if beside := [each.key for each in place.before[1:]]:
        onward["beside"] = beside
    label = _words("Go on", definition)
    done = (
        {"by": "system", "when": [{"gate": "quorum", "round": addition.key}]}
        if has_round
        else {"by": "decider", "reason": True}
    )
    written["transitions"] = [
        {"key": "done", "kind": "advance", "label": label, **onward, **done},
        {"key": "go-on", "kind": "advance", "label": _words("Go on without", definition), **onward, "by": "timer"},
        *_ways_back(place, definition, by="coordinator" if has_round else "decider"),
    ]
    return written


def inserted(data: Mapping[str, Any], addition: Addition, place: Place, definition: Definition) -> dict[str, Any]:
    """The definition with the stage: the ways that led on at that place lead to it, and it leads on."""
    result: dict[str, Any] = deepcopy(dict(data))
    number = next(n for n, stage in enumerate(result["stages"]) if stage["key"] == place.after.key)
    for way in result["stages"][number]["transitions"]:
        if way["key"] in place.ways:
            way["to"] = addition.key
            way.pop("beside", None)
    result["stages"].insert(number + 1, stage_data(addition, place, definition))
    return result


def _round(addition: Addition, definition: Definition) -> dict[str, Any]:
    round = {
        "key": addition.key,
        "kind": ROUNDS[addition.kind],
        "label": _words(addition.label, definition),
        "quorum": addition.quorum,
        "visibility": "always" if addition.kind == "consult" else "after-close",
        "period": f"P{addition.days}D",
    }
    if addition.questions:
        round["criteria"] = [
            {"key": f"question-{number}", "question": _words(question, definition)}
            for number, question in enumerate(addition.questions, start=1)
        ]
    return round


def _ways_back(place: Place, definition: Definition, *, by: str) -> Iterator[dict[str, Any]]:
    """To the last stage before it in which authors write."""
    passed = []
    for step in course(definition):
        passed += [stage for stage in step if {"edit", "submit"} <= stage.capabilities]
        if place.after in step:
            break
    if passed:
        common = {"to": passed[-1].key, "reason": True, "at_most": RETURNS}
        label = _words("Send back to the authors", definition)
        yield {"key": "send-back", "kind": "return", "label": label, "by": by, **common}
        label = _words("Withdraw the submission", definition)
        yield {"key": "withdraw", "kind": "withdraw", "label": label, "by": "author", **common}


def _words(text: str, definition: Definition) -> Any:
    """A text, the same in every language of the definition where there are several."""
    return text if len(definition.languages) == 1 else dict.fromkeys(definition.languages, text)


def free_key(label: str, definition: Definition) -> str:
    """A key made from a label that no stage of the definition has."""
    plain = normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    key = "-".join(re.findall(r"[a-z0-9]+", plain))[:LONGEST_KEY].strip("-") or "stage"
    taken = {stage.key for stage in definition.stages}
    numbered = (f"{key}-{number}" for number in count(2))
    return next(each for each in chain([key], numbered) if each not in taken)


def smallest(kind: str) -> dict[str, Any]:
    """A process that has nothing but such a stage: what it asks for, every process with such a stage asks for."""
    end = Stage("end", "end", "", "", "", frozenset(), (), None, (), is_end=True, is_open_ended=False, is_join=False)
    bare = Definition("", "", (end,), {})
    addition = Addition(kind, kind, kind, days=1, longest=2, questions=("?",) if kind == "review" else ())
    stage = stage_data(addition, Place(end, (end,), ()), bare)
    ending = {"key": "end", "kind": "end", "label": "", "end": True}
    return {"key": "smallest", "title": "", "stages": [stage, ending]}
