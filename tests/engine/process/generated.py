"""Definitions made at random that are sound by the way in which they are built: a chain of stages and forks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import strategies as st

from engine.process.values import CONFLICTS, RECIPIENTS, STAGE_VISIBILITIES, TREATMENTS, VISIBILITIES

Data = dict[str, Any]
LANGUAGES = ["en", "pt", "sv", "lt"]
SECTIONS = ["context", "problem", "solution"]
KINDS = ["academia", "government", "industry"]
MIDDLE = ["review", "consult", "test", "revise", "decide", "follow", "correct"]
ROUNDS = {"review": "review", "consultation": "consult", "city-test": "test", "lab": "comment"}


def definitions(*, open_ended: bool = True) -> st.SearchStrategy[Data]:
    """Sound definitions as plain data; without `open_ended` every stage is surely left some time."""
    return st.integers(0, 2**48).map(lambda seed: definition(Random(seed), open_ended=open_ended))


def definition(random: Random, *, open_ended: bool = True) -> Data:
    """One sound definition as plain data."""
    return _Making(random, open_ended).definition()


class _Making:
    """A definition in the making."""

    def __init__(self, random: Random, open_ended: bool) -> None:
        self.random = random
        self.open_ended = open_ended
        self.languages = random.sample(LANGUAGES, random.choice([1, 1, 1, 2, 3]))
        self.stages: list[Data] = []
        self.numbers = iter(range(10_000))
        self.needs_closed = False
        self.bodies = [self.key("body") for _ in range(random.randrange(3))]
        self.calendars = [self.key("calendar") for _ in range(random.randrange(2))]
        self.forms = [self.key("form") for _ in range(random.randrange(3))]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def key(self, stem: str) -> str:
        return f"{stem}-{next(self.numbers)}"

    def words(self, text: str) -> Any:
        if len(self.languages) == 1 and self.chance(0.7):
            return text
        return {each: self.heard(f"{text} ({each})") for each in self.languages}

    def heard(self, text: str) -> Any:
        return text if self.chance(0.8) else {"default": text, "reviewer": f"{text}, for reviewers"}

    def duration(self, most: int = 400) -> str:
        days = self.random.randint(1, most)
        return self.random.choice([f"P{days}D", f"P{days // 7 + 1}W", f"PT{days}H", f"P{days}DT6H"])

    def period(self) -> Any:
        if self.chance(0.7):
            return f"P{self.random.randint(10, 60)}D"
        by = {"calendar": self.random.choice(self.calendars)} if self.calendars else {}
        return {"working_days": self.random.randint(10, 40), **by}

    def definition(self) -> Data:
        start = self.stage("draft", ["edit", "submit"])
        done = {"key": "done", "kind": "end", "label": self.words("Done"), "end": True}
        chain = [[[start]]]
        for _ in range(self.random.randint(1, 4)):
            chain.append(self.segment(may_fork=len(chain[-1]) == 1))
        chain.append([[done]])
        for segment, onward in pairwise(chain):
            if len(segment) > 1:
                onward[0][0]["join"] = True
        self.stages = [stage for segment in chain for branch in segment for stage in branch]
        for number, segment in enumerate(chain[:-1]):
            onward = self.enter(chain[number + 1])
            later = [self.enter(each) for each in chain[number + 1 :]]
            passed = chain[: number + 1]
            earlier = [{"to": stage["key"]} for each in passed for branch in each for stage in branch]
            # A way back may enter branches anew, all of them.
            earlier += [self.enter(each) for each in passed if len(each) > 1]
            for branch in segment:
                for place, stage in enumerate(branch):
                    is_last = place == len(branch) - 1
                    self.ways(
                        stage,
                        onward if is_last else {"to": branch[place + 1]["key"]},
                        # Only where nothing runs beside it may a stage lead past the next.
                        later if is_last and len(segment) == 1 else [],
                        earlier,
                        [{"to": each["key"]} for each in branch[: place + 1]] if len(segment) > 1 else earlier,
                    )
        for way in start["transitions"]:
            if way["kind"] == "advance":
                way["effects"] = ["freeze"]
        if self.needs_closed:
            self.stages.append({"key": "closed", "kind": "end", "label": self.words("Closed"), "end": True})
        return self.whole()

    def whole(self) -> Data:
        data: Data = {"format": "ekip-process/1", "key": self.key("process"), "title": self.words("A process")}
        if self.languages != ["en"]:
            data["languages"] = self.languages
        if self.chance(0.5):
            data["conflicts"] = {each: self.random.choice(TREATMENTS) for each in CONFLICTS if self.chance(0.7)}
        if self.bodies:
            data["bodies"] = [{"key": each, "label": self.words("A body")} for each in self.bodies]
        if self.calendars:
            data["calendars"] = [{"key": each, "country": "SE", "days": ["2027-12-31"]} for each in self.calendars]
        if self.forms:
            data["forms"] = [{"key": each, "criteria": self.criteria()} for each in self.forms]
        # Nothing is shared between places, so that a change in one is a change in one.
        return json.loads(json.dumps(data | {"stages": self.stages}))

    def segment(self, *, may_fork: bool) -> list[list[Data]]:
        """One stage, or branches beside each other."""
        if not may_fork or self.chance(0.6):
            return [[self.stage(self.random.choice(MIDDLE))]]
        return [
            [self.stage(self.random.choice(MIDDLE)) for _ in range(self.random.randint(1, 2))]
            for _ in range(self.random.randint(2, 3))
        ]

    def stage(self, kind: str, capabilities: list[str] | None = None) -> Data:
        stage: Data = {"key": self.key(kind), "kind": kind, "label": self.words(kind.title())}
        if self.chance(0.5):
            stage["description"] = self.words("What is done here.")
        if self.chance(0.5):
            stage["who"] = self.words("somebody")
        if self.chance(0.6):
            stage["visibility"] = self.random.choice(list(STAGE_VISIBILITIES))
        stage["capabilities"] = capabilities or []
        if kind != "draft" and self.chance(0.5):
            self.add_round(stage)
        return stage

    def add_round(self, stage: Data) -> None:
        kind = self.random.choice(list(ROUNDS))
        panel = self.random.randint(3, 50)
        quorum: Any = self.random.randint(1, 3)
        if self.chance(0.3):
            quorum = {"number": quorum, "share": 0.5, "kinds": self.random.sample(KINDS, 2), "countries": 2}
        round: Data = {"key": self.key("round"), "kind": kind, "label": self.words("A round"), "quorum": quorum}
        round |= {"visibility": self.random.choice(VISIBILITIES), "period": self.period(), "panel": panel}
        if self.chance(0.3):
            round["blind"] = self.random.choice(["none", "single", "double"])
        if self.chance(0.3):
            round["response"] = self.period()
        if self.forms and self.chance(0.5):
            round["form"] = self.random.choice(self.forms)
        elif kind == "review":
            round["criteria"] = self.criteria()
        if self.chance(0.3):
            round["reminders"] = [
                {"key": "soon", "before": "P3D", "to": ["reviewers"]},
                {"key": "due", "on": "deadline", "to": self.recipients()},
                {"key": "late", "after": "P2D", "to": self.recipients()},
            ]
        stage["capabilities"].append(ROUNDS[kind])
        stage["round"] = round

    def criteria(self) -> list[Data]:
        return [
            {"key": self.key("criterion"), "question": self.words("Is it so?")}
            for _ in range(self.random.randint(1, 3))
        ]

    def recipients(self) -> list[str]:
        return self.random.sample(RECIPIENTS, self.random.randint(1, 3))

    def enter(self, segment: list[list[Data]]) -> Data:
        """How a way leads into a segment."""
        first, *beside = [branch[0]["key"] for branch in segment]
        return {"to": first, "beside": beside} if beside else {"to": first}

    def ways(self, stage: Data, onward: Data, later: list[Data], earlier: list[Data], behind: list[Data]) -> None:
        """Gives a stage what ends it, and then more ways on, back, round and out."""
        ways = stage["transitions"] = self.first_ways(stage, onward)
        for _ in range(self.random.randrange(3)):
            ways.append(self.way("advance", onward, self.person(stage), stage, gated=True))
        if later and self.chance(0.3):
            ways.append(self.way("advance", self.random.choice(later), self.person(stage), stage, gated=True))
        for _ in range(self.random.randrange(3)):
            kind = self.random.choice(["return", "withdraw"])
            ways.append(self.bounded(self.way(kind, self.random.choice(earlier), self.person(stage), stage)))
        if self.chance(0.15):
            back = self.way("advance", self.random.choice(behind), self.person(stage), stage)
            ways.append(self.bounded(back))
        if self.chance(0.15):
            ways.append(self.bounded(self.way("return", self.random.choice(earlier), "system", stage)))
        if self.chance(0.2):
            ways.append(self.way("end", self.closed(), self.person(stage), stage))
        if self.chance(0.2):
            back = self.bounded(self.way("return", self.random.choice(earlier), "timer", stage, gated=True))
            ways.append(back)
            self.timers(stage).append(self.taking(back))
        if self.chance(0.4):
            timer = {"key": self.key("timer"), "after": self.duration(), "then": "remind"}
            self.timers(stage).append(timer | ({"to": self.recipients()} if self.chance(0.5) else {}))

    def first_ways(self, stage: Data, onward: Data) -> list[Data]:
        """A way on, and whatever keeps the stage from being waited for without end."""
        if self.chance(0.2):
            return [self.way("advance", onward, "system", stage)]
        by_people = self.way("advance", onward, self.random.choice([self.person(stage), "system"]), stage, gated=True)
        if self.open_ended and self.chance(0.2):
            stage["open_ended"] = True
            return [by_people]
        if self.chance(0.5):
            by_timer = self.way("advance", onward, "timer", stage)
        else:
            by_timer = self.way("end", self.closed(), "timer", stage)
        self.timers(stage).append(self.taking(by_timer))
        return [by_people, by_timer]

    def taking(self, way: Data) -> Data:
        return {"key": self.key("timer"), "after": self.duration(), "then": "take", "transition": way["key"]}

    def timers(self, stage: Data) -> list[Data]:
        return stage.setdefault("timers", [])

    def closed(self) -> Data:
        self.needs_closed = True
        return {"to": "closed"}

    def person(self, stage: Data) -> str:
        people = ["author", "coordinator", "decider"] if stage["kind"] != "draft" else ["author", "coordinator"]
        return self.random.choice(people)

    def bounded(self, way: Data) -> Data:
        return way | {"at_most": self.random.randint(1, 4)}

    def way(self, kind: str, onto: Data, by: str, stage: Data, *, gated: bool = False) -> Data:
        way: Data = {"key": self.key(kind), "kind": kind, "label": self.words(kind.title()), **onto, "by": by}
        if by == "decider" and self.bodies and self.chance(0.5):
            way["body"] = self.random.choice(self.bodies)
        if self.chance(0.3):
            way["reason"] = True
        if gated and self.chance(0.5):
            way["when"] = [self.gate(stage)]
        return way

    def gate(self, stage: Data) -> Data:
        gates: list[tuple[Data, str]] = [
            ({"gate": "area-supported", "minimum": 10}, ""),
            ({"gate": "complete"}, "edit"),
            ({"gate": "complete", "sections": self.random.sample(SECTIONS, 2)}, "edit"),
            ({"gate": "evidenced", "minimum": 3}, "edit"),
            ({"gate": "points-answered"}, "dispose"),
        ]
        if "round" in stage:
            gates += [({"gate": "quorum", "round": stage["round"]["key"]}, "")] * 3
        gate, needed = self.random.choice(gates)
        if needed and needed not in stage["capabilities"]:
            stage["capabilities"].append(needed)
        return gate


def change_anything(data: Data, random: Random) -> None:
    """Another value somewhere: none, one of another kind, or one that stands elsewhere under the same name."""
    places = list(_places(data))
    holder, name = random.choice(places)
    alike = [other[key] for other, key in places if key == name and isinstance(name, str)]
    match random.randrange(4):
        case 0:
            del holder[name]
        case 1:
            holder[name] = random.choice([None, 0, -1, True, 1.5, "", "moon", [], {}, [None], {"key": "moon"}])
        case _ if alike:
            holder[name] = json.loads(json.dumps(random.choice(alike)))


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in the data: what holds it, and its name or number there."""
    names = list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    for name in names:
        yield data, name
        yield from _places(data[name])
