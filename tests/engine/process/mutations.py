"""One way, at least, to spoil a sound definition for each class of faults. Each says where the fault then is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path as File
from random import Random
from typing import Any

import yaml

from engine.definitions import line_of, read_definition
from engine.process.checker import Fault, Known, faults
from engine.process.checker.faults import Path

Data = dict[str, Any]
Operator = Callable[[Data, Random], Path]

SHIPPED = sorted(File("engine/definitions").glob("*.yaml"))
BASES = [read_definition(path.read_text())[0] for path in SHIPPED]
KNOWN = Known(sections=frozenset({"context", "problem", "solution"}), countries=frozenset({"SE", "PT"}))
OPERATORS: dict[str, list[Operator]] = {}


def spoils(code: str) -> Callable[[Operator], Operator]:
    """Registers an operator under the class of the fault that it makes."""

    def register(operator: Operator) -> Operator:
        OPERATORS.setdefault(code, []).append(operator)
        return operator

    return register


def reported(text: str, path: Path) -> tuple[int, set[tuple[str, int]]]:
    """The line on which a path stands, and class and line of every fault of the definition."""
    data, lines = read_definition(text)
    return line_of(path, lines), {(fault.code, line_of(fault.path, lines)) for fault in faults(data, KNOWN)}


def written(data: Data) -> str:
    """A definition as YAML, one value to a line."""
    return yaml.dump(data, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=10_000)


def messages(found: list[Fault]) -> list[str]:
    """What faults say, with their places."""
    return [f"{fault.path}: {fault.message} [{fault.code}]" for fault in found]


def a_stage(data: Data, random: Random) -> tuple[int, Data]:
    number = random.choice([n for n, each in enumerate(data["stages"]) if not each.get("end")])
    return number, data["stages"][number]


def a_way(data: Data, random: Random) -> tuple[Path, Data]:
    number, stage = a_stage(data, random)
    place = random.randrange(len(stage["transitions"]))
    return ("stages", number, "transitions", place), stage["transitions"][place]


def a_round(data: Data, random: Random) -> tuple[Path, Data]:
    """A round of some stage, one that is put there when there is none."""
    number = random.choice([n for n, each in enumerate(data["stages"]) if not each.get("end") and n])
    new = {"key": "new", "kind": "lab", "label": "New", "visibility": "never", "quorum": 1, "period": "P9D"}
    return ("stages", number, "round"), data["stages"][number].setdefault("round", new)


def an_end(data: Data) -> int:
    return next(n for n, each in enumerate(data["stages"]) if each.get("end"))


def add_way(data: Data, number: int, **way: Any) -> Path:
    ways = data["stages"][number].setdefault("transitions", [])
    ways.append({"key": f"new-{len(ways)}", "kind": "advance", "label": "New", "by": "coordinator", **way})
    return ("stages", number, "transitions", len(ways) - 1)


def add_stage(data: Data, key: str, *onward: str, **more: Any) -> int:
    """A further stage that passes to the first of `onward` by itself; people can take it to the others."""
    ways = [{"key": f"to-{to}", "kind": "advance", "label": "On", "to": to, "by": "system"} for to in onward[:1]]
    ways += [{"key": f"to-{to}", "kind": "advance", "label": "On", "to": to, "by": "author"} for to in onward[1:]]
    data["stages"].append({"key": key, "kind": "revise", "label": key.title(), "transitions": ways, **more})
    return len(data["stages"]) - 1


def end_key(data: Data) -> str:
    return data["stages"][an_end(data)]["key"]


@spoils("no-stages")
def _(data: Data, random: Random) -> Path:
    data["stages"] = []
    return ("stages",)


@spoils("missing")
def _(data: Data, random: Random) -> Path:
    path, way = a_way(data, random)
    name = random.choice(["key", "kind", "label", "to", "by"])
    del way[name]
    return (*path, name)


@spoils("missing")
def _(data: Data, random: Random) -> Path:
    del data["stages"]
    return ("stages",)


@spoils("missing-label")
def _(data: Data, random: Random) -> Path:
    data["languages"] = [*data.get("languages", ["en"]), "fi"]
    number, _stage = a_stage(data, random)
    return ("stages", number, "label")


@spoils("missing-label")
def _(data: Data, random: Random) -> Path:
    data["languages"] = ["en", "pt"]
    data["title"] = {"en": "A title"}
    return ("title",)


@spoils("unknown-key")
def _(data: Data, random: Random) -> Path:
    path, way = a_way(data, random)
    way["atmost"] = 3
    return (*path, "atmost")


@spoils("unknown-key")
def _(data: Data, random: Random) -> Path:
    language = data.get("languages", ["en"])[0]
    data["title"] = {language: {"default": "A title", "king": "Your title"}}
    return ("title", language, "king")


@spoils("reminds-only")
def _(data: Data, random: Random) -> Path:
    number, stage = a_stage(data, random)
    timer = {"key": "new", "after": "P3D", "then": "remind", "transition": "new"}
    stage["timers"] = [*stage.get("timers", []), timer]
    return ("stages", number, "timers", len(stage["timers"]) - 1, "transition")


@spoils("unknown")
def _(data: Data, random: Random) -> Path:
    number, stage = a_stage(data, random)
    stage["kind"] = "dream"
    return ("stages", number, "kind")


@spoils("unknown")
def _(data: Data, random: Random) -> Path:
    path, way = a_way(data, random)
    way["when"] = [{"gate": "heaven"}]
    return (*path, "when", 0, "gate")


@spoils("not-a-mapping")
def _(data: Data, random: Random) -> Path:
    data["conflicts"] = "block"
    return ("conflicts",)


@spoils("not-a-mapping")
def _(data: Data, random: Random) -> Path:
    data["stages"].insert(1, "a stage")
    return ("stages", 1)


@spoils("not-a-list")
def _(data: Data, random: Random) -> Path:
    number, stage = a_stage(data, random)
    stage["capabilities"] = "edit"
    return ("stages", number, "capabilities")


@spoils("not-a-text")
def _(data: Data, random: Random) -> Path:
    data["title"] = 7
    return ("title",)


@spoils("not-a-key")
def _(data: Data, random: Random) -> Path:
    data["key"] = "My process"
    return ("key",)


@spoils("not-a-switch")
def _(data: Data, random: Random) -> Path:
    number, stage = a_stage(data, random)
    stage["open_ended"] = "perhaps"
    return ("stages", number, "open_ended")


@spoils("not-a-number")
def _(data: Data, random: Random) -> Path:
    path, way = a_way(data, random)
    way["at_most"] = random.choice([0, -1, True, "three", 1000])
    return (*path, "at_most")


@spoils("not-a-date")
def _(data: Data, random: Random) -> Path:
    data.setdefault("calendars", []).append({"key": "new", "days": ["2027-02-28", "2027-02-30"]})
    return ("calendars", len(data["calendars"]) - 1, "days", 1)


@spoils("too-long")
def _(data: Data, random: Random) -> Path:
    data["title"] = "x" * 121
    return ("title",)


@spoils("twice")
def _(data: Data, random: Random) -> Path:
    data["stages"][1]["key"] = data["stages"][0]["key"]
    return ("stages", 1, "key")


@spoils("twice")
def _(data: Data, random: Random) -> Path:
    number, stage = a_stage(data, random)
    stage["capabilities"] = ["decide", "decide"]
    return ("stages", number, "capabilities", 1)


@spoils("duration")
def _(data: Data, random: Random) -> Path:
    path, round = a_round(data, random)
    round["period"] = random.choice(["soon", "P0D", "P1Y", "21", 21])
    return (*path, "period")


@spoils("unknown-language")
def _(data: Data, random: Random) -> Path:
    data["title"] = dict.fromkeys([*data.get("languages", ["en"]), "xx"], "A title")
    return ("title", "xx")


@spoils("unknown-stage")
def _(data: Data, random: Random) -> Path:
    path, way = a_way(data, random)
    way["to"] = "moon"
    return (*path, "to")


@spoils("unknown-stage")
def _(data: Data, random: Random) -> Path:
    path, way = a_way(data, random)
    way["beside"] = ["moon"]
    return (*path, "beside", 0)


@spoils("unknown-round")
def _(data: Data, random: Random) -> Path:
    path, way = a_way(data, random)
    way["when"] = [{"gate": "quorum", "round": "moon"}]
    return (*path, "when", 0, "round")


@spoils("unknown-role")
def _(data: Data, random: Random) -> Path:
    path, way = a_way(data, random)
    way["by"] = "emperor"
    return (*path, "by")


@spoils("unknown-role")
def _(data: Data, random: Random) -> Path:
    number, stage = a_stage(data, random)
    stage["timers"] = [*stage.get("timers", []), {"key": "new", "after": "P3D", "then": "remind", "to": ["emperors"]}]
    return ("stages", number, "timers", len(stage["timers"]) - 1, "to", 0)


@spoils("unknown-capability")
def _(data: Data, random: Random) -> Path:
    number, stage = a_stage(data, random)
    stage["capabilities"] = [*stage.get("capabilities", []), "fly"]
    return ("stages", number, "capabilities", len(stage["capabilities"]) - 1)


@spoils("use-visibility")
def _(data: Data, random: Random) -> Path:
    number, stage = a_stage(data, random)
    stage["capabilities"] = [random.choice(["list", "read"])]
    return ("stages", number, "capabilities", 0)


@spoils("unknown-form")
def _(data: Data, random: Random) -> Path:
    path, round = a_round(data, random)
    round["form"] = "moon"
    return (*path, "form")


@spoils("unknown-body")
def _(data: Data, random: Random) -> Path:
    path, way = a_way(data, random)
    way["body"] = "moon"
    return (*path, "body")


@spoils("unknown-calendar")
def _(data: Data, random: Random) -> Path:
    path, round = a_round(data, random)
    round["response"] = {"working_days": 5, "calendar": "moon"}
    return (*path, "response", "calendar")


@spoils("unknown-country")
def _(data: Data, random: Random) -> Path:
    data["calendars"] = [{"key": "new", "country": random.choice(["Sweden", "se", "XX"])}]
    return ("calendars", 0, "country")


@spoils("unknown-section")
def _(data: Data, random: Random) -> Path:
    path, way = a_way(data, random)
    way["when"] = [{"gate": "complete", "sections": ["context", "moon"]}]
    return (*path, "when", 0, "sections", 1)


@spoils("body-without-decider")
def _(data: Data, random: Random) -> Path:
    data["bodies"] = [{"key": "board", "label": "Board"}]
    path, way = a_way(data, random)
    way |= {"by": "author", "body": "board"}
    return (*path, "body")


@spoils("quorum")
def _(data: Data, random: Random) -> Path:
    path, round = a_round(data, random)
    round["quorum"] = random.choice([0, "half", True, 1.5])
    return (*path, "quorum")


@spoils("quorum")
def _(data: Data, random: Random) -> Path:
    path, round = a_round(data, random)
    round["quorum"] = {"share": random.choice([0, 1.2, -0.5, "half"])}
    return (*path, "quorum", "share")


@spoils("quorum-too-high")
def _(data: Data, random: Random) -> Path:
    path, round = a_round(data, random)
    round |= {"panel": 2, "quorum": 3}
    return (*path, "quorum")


@spoils("quorum-too-high")
def _(data: Data, random: Random) -> Path:
    path, round = a_round(data, random)
    name, value = random.choice([("kinds", ["academia", "government"]), ("countries", 2)])
    round |= {"panel": 1, "quorum": {name: value}}
    return (*path, "quorum", name)


@spoils("no-criteria")
def _(data: Data, random: Random) -> Path:
    path, round = a_round(data, random)
    round["kind"] = "review"
    round.pop("form", None)
    round["criteria"] = []
    return (*path, "criteria")


@spoils("form-and-criteria")
def _(data: Data, random: Random) -> Path:
    path, round = a_round(data, random)
    round |= {"form": "new", "criteria": [{"key": "new", "question": "Is it new?"}]}
    return (*path, "form")


@spoils("ladder")
def _(data: Data, random: Random) -> Path:
    path, round = a_round(data, random)
    instants = random.choice([{}, {"before": "P1D", "after": "P1D"}, {"before": "P900D"}])
    round["reminders"] = [{"key": "new", **instants, "to": ["reviewers"]}]
    return (*path, "reminders", 0)


@spoils("unsatisfiable-gate")
def _(data: Data, random: Random) -> Path:
    path, _round = a_round(data, random)
    data["stages"][path[1]]["round"]["key"] = "elsewhere"
    here = add_way(data, 0, to=end_key(data), when=[{"gate": "quorum", "round": "elsewhere"}])
    return (*here, "when", 0, "round")


@spoils("unsatisfiable-gate")
def _(data: Data, random: Random) -> Path:
    number, stage = a_stage(data, random)
    gate = random.choice([{"gate": "points-answered"}, {"gate": "complete"}, {"gate": "evidenced", "minimum": 3}])
    stage["capabilities"] = []
    return (*add_way(data, number, to=end_key(data), when=[gate]), "when", 0)


@spoils("unsatisfiable-gate")
def _(data: Data, random: Random) -> Path:
    path, round = a_round(data, random)
    round |= {"kind": "city-test", "key": "here"}
    data["stages"][path[1]]["capabilities"] = []
    return (*add_way(data, path[1], to=end_key(data), when=[{"gate": "quorum", "round": "here"}]), "when", 0)


@spoils("timer-without-target")
def _(data: Data, random: Random) -> Path:
    number, stage = a_stage(data, random)
    by_people = next((each["key"] for each in stage["transitions"] if each["by"] != "timer"), "moon")
    timer = {"key": "new", "after": "P3D", "then": "take", "transition": random.choice(["moon", by_people])}
    stage["timers"] = [*stage.get("timers", []), timer]
    return ("stages", number, "timers", len(stage["timers"]) - 1, "transition")


@spoils("never-taken")
def _(data: Data, random: Random) -> Path:
    return add_way(data, a_stage(data, random)[0], kind="end", to=end_key(data), by="timer")


@spoils("no-start")
def _(data: Data, random: Random) -> Path:
    data["stages"].insert(0, {"key": "new", "kind": "end", "label": "New", "end": True})
    return ("stages", 0)


@spoils("unbounded")
def _(data: Data, random: Random) -> Path:
    kind = random.choice(["return", "withdraw"])
    return (*add_way(data, a_stage(data, random)[0], kind=kind, to=data["stages"][0]["key"]), "at_most")


@spoils("unreachable")
def _(data: Data, random: Random) -> Path:
    return ("stages", add_stage(data, "island", end_key(data)))


@spoils("dead-end")
def _(data: Data, random: Random) -> Path:
    add_way(data, 0, to="trap")
    return ("stages", add_stage(data, "trap", open_ended=True))


@spoils("loop")
def _(data: Data, random: Random) -> Path:
    add_way(data, 0, to="here")
    add_stage(data, "here", "there", end_key(data))
    return ("stages", add_stage(data, "there", "here"))


@spoils("loop")
def _(data: Data, random: Random) -> Path:
    number, stage = a_stage(data, random)
    add_way(data, number, to=stage["key"])
    return ("stages", number)


@spoils("end-with-ways")
def _(data: Data, random: Random) -> Path:
    return add_way(data, an_end(data), to=end_key(data))[:3]


@spoils("no-text")
def _(data: Data, random: Random) -> Path:
    add_way(data, 0, to=end_key(data), by="decider")
    return ("stages", 0)


@spoils("no-join")
def _(data: Data, random: Random) -> Path:
    data["stages"].append({"key": "outside", "kind": "end", "label": "Outside", "end": True})
    add_stage(data, "left", "outside")
    add_stage(data, "right", "outside")
    return add_way(data, 0, to="left", beside=["right"])


@spoils("join-never-completes")
def _(data: Data, random: Random) -> Path:
    add_stage(data, "meeting", end_key(data), join=True)
    add_stage(data, "left", "meeting", end_key(data))
    add_stage(data, "right", "meeting")
    return add_way(data, 0, to="left", beside=["right"])


@spoils("join-never-completes")
def _(data: Data, random: Random) -> Path:
    for side in ("left", "right"):
        add_stage(data, f"{side}-meeting", end_key(data), join=True)
        add_stage(data, side, f"{side}-meeting")
    return add_way(data, 0, to="left", beside=["right"])


@spoils("fork-in-branch")
def _(data: Data, random: Random) -> Path:
    add_stage(data, "meeting", end_key(data), join=True)
    left = add_stage(data, "left", "meeting")
    for key in ("right", "upper", "lower"):
        add_stage(data, key, "meeting")
    add_way(data, 0, to="left", beside=["right"])
    return add_way(data, left, to="upper", beside=["lower"])


@spoils("branches-meet")
def _(data: Data, random: Random) -> Path:
    add_stage(data, "meeting", end_key(data), join=True)
    add_stage(data, "shared", "meeting")
    for key in ("left", "right"):
        add_stage(data, key, "shared")
    return add_way(data, 0, to="left", beside=["right"])


@spoils("no-timer")
def _(data: Data, random: Random) -> Path:
    add_way(data, 0, to="waiting")
    timers = [{"key": "late", "after": "P3D", "then": "remind"}]
    number = add_stage(data, "waiting", timers=timers)
    add_way(data, number, to=end_key(data))
    return ("stages", number)
