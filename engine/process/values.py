"""What a process definition is, as frozen values made from plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from engine.process.durations import Length, length_from, parse_duration
from engine.process.quorum import Quorum, quorum_from
from engine.process.words import DEFAULT, by_audience, spoken_by, text

STAGE_KINDS = (
    "investigate",
    "draft",
    "review",
    "consult",
    "test",
    "revise",
    "decide",
    "publish",
    "follow",
    "correct",
    "end",
)
ROUND_KINDS = ("review", "consultation", "lab", "city-test")
TRANSITION_KINDS = ("advance", "return", "withdraw", "end")
PEOPLE = ("author", "coordinator", "decider")
ACTORS = ("system", *PEOPLE, "timer")
RECIPIENTS = ("authors", "reviewers", "coordinators", "deputies", "deciders")
EFFECTS = ("freeze", "publish", "reissue", "supersede", "withdraw")
BLIND = ("none", "single", "double")
VISIBILITIES = ("never", "after-own", "after-close", "always")
STAGE_VISIBILITIES: Mapping[str, frozenset[str]] = {
    "participants": frozenset(),
    "listed": frozenset({"list"}),
    "public": frozenset({"list", "read"}),
}
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
)
CONFLICTS = ("author", "same-organisation", "same-network")
TREATMENTS = ("block", "warn", "ignore")
LARGEST_PANEL = 50


@dataclass(frozen=True)
class Gate:
    """A named condition with its parameters; `engine.process.gates` knows the names."""

    name: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Transition:
    """A way from one stage to another: who may take it, under which gates, with which effects.

    `beside` names the stages that open in parallel with `to`; `body` is the decision body that takes it.
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
    body: str = ""

    @property
    def enters(self) -> tuple[str, ...]:
        """Every stage that it leads to."""
        return (self.to, *self.beside)


@dataclass(frozen=True)
class Criterion:
    """One question that reviewers score from 1 to 5."""

    key: str
    question: str


@dataclass(frozen=True)
class Rung:
    """One reminder of a round: so long `before` its deadline or `after` it, or at the deadline itself; `to` whom."""

    key: str
    to: tuple[str, ...]
    before: timedelta | None = None
    after: timedelta | None = None


@dataclass(frozen=True)
class RoundTemplate:
    """What a round opened in a stage looks like; each round keeps its own copy.

    `panel` is the most that may be invited, `response` the time in which an invitation is answered.
    """

    key: str
    kind: str
    label: str
    quorum: Quorum
    visibility: str
    period: Length
    criteria: tuple[Criterion, ...]
    blind: str = "none"
    panel: int = LARGEST_PANEL
    response: Length | None = None
    reminders: tuple[Rung, ...] = ()


@dataclass(frozen=True)
class TimerTemplate:
    """Something that falls due some time after a stage was entered: people are reminded, or a `transition` is taken."""

    key: str
    after: timedelta
    then: str
    to: tuple[str, ...] = ("coordinators",)
    transition: str = ""


@dataclass(frozen=True)
class Body:
    """A body that decides."""

    key: str
    label: str


@dataclass(frozen=True)
class HolidayCalendar:
    """Days on which nobody is expected to work: public holidays of a country, and further days."""

    key: str
    country: str
    days: frozenset[date]


@dataclass(frozen=True)
class Stage:
    """A stage: what may be done in it, by whom, and where it leads. `labels` are those of single audiences."""

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
    visibility: str = "participants"
    labels: Mapping[str, str] = field(default_factory=dict)

    def label_for(self, audience: str) -> str:
        """The label as that audience reads it."""
        return self.labels.get(audience, self.label)

    def transition(self, key: str) -> Transition | None:
        """The transition of that key, or None."""
        return next((each for each in self.transitions if each.key == key), None)

    def way(self, kind: str, by: str) -> Transition | None:
        """The first way of that kind that is taken by that actor, or None."""
        return next((each for each in self.transitions if (each.kind, each.by) == (kind, by)), None)

    def timer(self, key: str) -> TimerTemplate | None:
        """The timer of that key, or None."""
        return next((each for each in self.timers if each.key == key), None)

    def way_of_timer(self, key: str) -> Transition | None:
        """The way that the timer of that key takes, or None when it only reminds."""
        timer = self.timer(key)
        return self.transition(timer.transition) if timer and timer.then == "take" else None

    def awaits(self, gate: str) -> bool:
        """Whether the system takes a way on when that gate opens."""
        return any(way.by == "system" and any(each.name == gate for each in way.gates) for way in self.transitions)


@dataclass(frozen=True)
class Definition:
    """A whole process."""

    key: str
    title: str
    stages: tuple[Stage, ...]
    conflicts: Mapping[str, str]
    languages: tuple[str, ...] = ("en",)
    bodies: tuple[Body, ...] = ()
    calendars: tuple[HolidayCalendar, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Stage]:
        """Stages by their key."""
        return {stage.key: stage for stage in self.stages}

    @property
    def start(self) -> Stage:
        """The first stage, where every run begins."""
        return self.stages[0]

    def way(self, stage: str, transition: str) -> Transition | None:
        """The way of that key out of that stage; None when this version has no such stage or way."""
        return self.by_key[stage].transition(transition) if stage in self.by_key else None

    def stage(self, key: str) -> Stage:
        """The stage of that key; KeyError when a run stands at a stage that its version does not know."""
        return self.by_key[key]


def definition_from(data: Mapping[str, Any], *, language: str | None = None) -> Definition:
    """The definition that plain data (checked before) describes.

    Its words are those of `language`; what is not written in it, or without one, is in the definition's first.

    Raises:
        KeyError, ValueError: data that the checker would have reported.
    """
    return _Reading(data, spoken_by(data, language)).definition()


@dataclass(frozen=True)
class _Reading:
    """Plain data, and the languages in which its words are looked for."""

    data: Mapping[str, Any]
    languages: tuple[str, ...]

    def definition(self) -> Definition:
        return Definition(
            key=self.data["key"],
            title=self._text(self.data["title"]),
            stages=tuple(self._stage(each) for each in self.data["stages"]),
            conflicts=dict(self.data.get("conflicts", {})),
            languages=tuple(self.data.get("languages", ("en",))),
            bodies=tuple(Body(each["key"], self._text(each["label"])) for each in self.data.get("bodies", ())),
            calendars=tuple(_calendar(each) for each in self.data.get("calendars", ())),
        )

    def _text(self, words: Any) -> str:
        return text(words, self.languages)

    def _stage(self, data: Mapping[str, Any]) -> Stage:
        labels = by_audience(data["label"], self.languages)
        # Stored versions from before there was `visibility` name it as a capability.
        written = frozenset(data.get("capabilities", ()))
        visibility = data.get("visibility", "listed" if "list" in written else "participants")
        return Stage(
            key=data["key"],
            kind=data["kind"],
            label=labels[DEFAULT],
            description=self._text(data.get("description", "")),
            who=self._text(data.get("who", "")),
            capabilities=written | STAGE_VISIBILITIES[visibility],
            transitions=tuple(self._transition(each) for each in data.get("transitions", ())),
            round=self._round(data["round"]) if "round" in data else None,
            timers=tuple(_timer(each) for each in data.get("timers", ())),
            is_end=bool(data.get("end", False)),
            is_open_ended=bool(data.get("open_ended", False)),
            is_join=bool(data.get("join", False)),
            visibility=visibility,
            labels=labels,
        )

    def _transition(self, data: Mapping[str, Any]) -> Transition:
        return Transition(
            key=data["key"],
            kind=data["kind"],
            label=self._text(data["label"]),
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
            body=data.get("body", ""),
        )

    def _round(self, data: Mapping[str, Any]) -> RoundTemplate:
        return RoundTemplate(
            key=data["key"],
            kind=data["kind"],
            label=self._text(data["label"]),
            quorum=quorum_from(data["quorum"]),
            visibility=data["visibility"],
            period=length_from(data["period"]),
            criteria=tuple(Criterion(each["key"], self._text(each["question"])) for each in self._criteria(data)),
            blind=data.get("blind", "none"),
            panel=data.get("panel", LARGEST_PANEL),
            response=length_from(data["response"]) if "response" in data else None,
            reminders=tuple(_rung(each) for each in data.get("reminders", ())),
        )

    def _criteria(self, data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        if "form" not in data:
            return data.get("criteria", ())
        return next(each["criteria"] for each in self.data["forms"] if each["key"] == data["form"])


def _timer(data: Mapping[str, Any]) -> TimerTemplate:
    return TimerTemplate(
        key=data["key"],
        after=parse_duration(data["after"]),
        then=data["then"],
        to=tuple(data.get("to", ("coordinators",))),
        transition=data.get("transition", ""),
    )


def _rung(data: Mapping[str, Any]) -> Rung:
    return Rung(
        key=data["key"],
        to=tuple(data["to"]),
        before=parse_duration(data["before"]) if "before" in data else None,
        after=parse_duration(data["after"]) if "after" in data else None,
    )


def _calendar(data: Mapping[str, Any]) -> HolidayCalendar:
    days = frozenset(date.fromisoformat(each) for each in data.get("days", ()))
    return HolidayCalendar(data["key"], data.get("country", ""), days)
