"""What a process definition is, as frozen values made from plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from engine.process.durations import parse_duration

STAGE_KINDS = ("investigate", "draft", "review", "revise", "decide", "publish", "follow", "correct", "end")
ROUND_KINDS = ("review", "city-test")
TRANSITION_KINDS = ("advance", "return", "withdraw", "end")
ACTORS = ("system", "author", "coordinator", "decider")
EFFECTS = ("freeze", "publish", "reissue", "withdraw")
VISIBILITIES = ("never", "after-own", "after-close", "always")
CAPABILITIES = (
    "edit",
    "comment",
    "suggest",
    "submit",
    "review",
    "consult",
    "test",
    "dispose",
    "decide",
    "translate",
    "publish",
    "list",
)


@dataclass(frozen=True)
class Gate:
    """A named condition with its parameters; `engine.process.gates` knows the names."""

    name: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Transition:
    """A way from one stage to another: who may take it, under which gates, with which effects.

    `beside` names the stages that open in parallel with `to`.
    """

    key: str
    kind: str
    label: str
    to: str
    by: str
    beside: tuple[str, ...] = ()
    gates: tuple[Gate, ...] = ()
    effects: tuple[str, ...] = ()
    needs_reason: bool = False
    at_most: int | None = None


@dataclass(frozen=True)
class Criterion:
    """One question that reviewers score from 1 to 5."""

    key: str
    question: str


@dataclass(frozen=True)
class RoundTemplate:
    """What a round opened in a stage looks like; each round keeps its own copy."""

    key: str
    kind: str
    label: str
    quorum: int
    visibility: str
    period: timedelta
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class TimerTemplate:
    """Something that falls due some time after a stage was entered."""

    key: str
    after: timedelta
    then: str


@dataclass(frozen=True)
class Stage:
    """A stage: what may be done in it, by whom, and where it leads."""

    key: str
    kind: str
    label: str
    description: str
    who: str
    capabilities: frozenset[str]
    transitions: tuple[Transition, ...]
    round: RoundTemplate | None
    timers: tuple[TimerTemplate, ...]
    is_end: bool
    is_open_ended: bool
    is_join: bool

    def transition(self, key: str) -> Transition | None:
        """The transition of that key, or None."""
        return next((each for each in self.transitions if each.key == key), None)


@dataclass(frozen=True)
class Definition:
    """A whole process."""

    key: str
    title: str
    stages: tuple[Stage, ...]
    conflicts: Mapping[str, str]

    @cached_property
    def by_key(self) -> dict[str, Stage]:
        """Stages by their key."""
        return {stage.key: stage for stage in self.stages}

    @property
    def start(self) -> Stage:
        """The first stage, where every run begins."""
        return self.stages[0]

    def stage(self, key: str) -> Stage:
        """The stage of that key; KeyError when a run stands at a stage that its version does not know."""
        return self.by_key[key]


def definition_from(data: Mapping[str, Any]) -> Definition:
    """The definition that plain data (checked before) describes.

    Raises:
        KeyError, ValueError: data that the checker would have reported.
    """
    return Definition(
        key=data["key"],
        title=data["title"],
        stages=tuple(_stage(each) for each in data["stages"]),
        conflicts=dict(data.get("conflicts", {})),
    )


def _stage(data: Mapping[str, Any]) -> Stage:
    return Stage(
        key=data["key"],
        kind=data["kind"],
        label=data["label"],
        description=data.get("description", ""),
        who=data.get("who", ""),
        capabilities=frozenset(data.get("capabilities", ())),
        transitions=tuple(_transition(each) for each in data.get("transitions", ())),
        round=_round(data["round"]) if "round" in data else None,
        timers=tuple(
            TimerTemplate(each["key"], parse_duration(each["after"]), each["then"]) for each in data.get("timers", ())
        ),
        is_end=bool(data.get("end", False)),
        is_open_ended=bool(data.get("open_ended", False)),
        is_join=bool(data.get("join", False)),
    )


def _transition(data: Mapping[str, Any]) -> Transition:
    return Transition(
        key=data["key"],
        kind=data["kind"],
        label=data["label"],
        to=data["to"],
        by=data["by"],
        beside=tuple(data.get("beside", ())),
        gates=tuple(
            Gate(each["gate"], {name: value for name, value in each.items() if name != "gate"})
            for each in data.get("when", ())
        ),
        effects=tuple(data.get("effects", ())),
        needs_reason=bool(data.get("reason", False)),
        at_most=data.get("at_most"),
    )


def _round(data: Mapping[str, Any]) -> RoundTemplate:
    return RoundTemplate(
        key=data["key"],
        kind=data["kind"],
        label=data["label"],
        quorum=data["quorum"],
        visibility=data["visibility"],
        period=parse_duration(data["period"]),
        criteria=tuple(Criterion(each["key"], each["question"]) for each in data["criteria"]),
    )
