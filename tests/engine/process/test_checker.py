"""Faults of definitions: each class is found, with the path to it; the default definition has none."""

import copy
from pathlib import Path

import pytest

from engine.definitions import DefinitionUnreadable, content_hash, read_definition
from engine.process import values
from engine.process.checker import faults
from recommendations import access

TEXT = Path("engine/definitions/ekip-engine.yaml").read_text()
DATA, LINES = read_definition(TEXT)


def changed(change) -> list[tuple[tuple, str]]:
    data = copy.deepcopy(DATA)
    change(data)
    return [(fault.path, fault.code) for fault in faults(data)]


def test_the_default_process_is_sound():
    assert faults(DATA) == []


def test_every_path_knows_its_line():
    assert TEXT.splitlines()[LINES["stages", 1, "key"] - 1].strip() == "- key: drafting"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda d: d.update(stages=[]), (("stages",), "no-stages")),
        (lambda d: d["stages"][1].update(kind="dream"), (("stages", 1, "kind"), "unknown")),
        (lambda d: d["stages"][1].update(key="investigation"), (("stages", 0, "key"), "twice")),
        (lambda d: d["stages"][1]["capabilities"].append("fly"), (("stages", 1, "capabilities", 2), "unknown")),
        (
            lambda d: d["stages"][0]["transitions"][0].update(to="moon"),
            (("stages", 0, "transitions", 0, "to"), "unknown-stage"),
        ),
        (lambda d: d["stages"][2]["round"].update(quorum=0), (("stages", 2, "round", "quorum"), "quorum")),
        (lambda d: d["stages"][2]["round"].update(period="soon"), (("stages", 2, "round", "period"), "duration")),
        (lambda d: d["stages"][2]["timers"][0].update(after="P0D"), (("stages", 2, "timers", 0, "after"), "duration")),
        (
            lambda d: d["stages"][2]["transitions"][0]["when"][0].update(gate="g"),
            (("stages", 2, "transitions", 0, "when", 0, "gate"), "unknown"),
        ),
        (
            lambda d: d["stages"][2]["transitions"][1].pop("at_most"),
            (("stages", 2, "transitions", 1, "at_most"), "unbounded"),
        ),
        (lambda d: d["stages"][2].pop("timers"), (("stages", 2), "no-timer")),
        (
            lambda d: d["stages"][1]["transitions"][0].update(beside=["moon"]),
            (("stages", 1, "transitions", 0, "beside", 0), "unknown-stage"),
        ),
        (lambda d: d["stages"][4].pop("join"), (("stages", 1, "transitions", 0), "no-join")),
        (lambda d: d["stages"][5]["transitions"].pop(3), (("stages", 10), "unreachable")),
    ],
)
def test_each_class_of_fault_is_found_where_it_is(change, fault):
    assert fault in changed(change)


def test_a_stage_that_leads_to_no_end_is_a_dead_end():
    def trap(data):
        data["stages"][4]["transitions"] = [
            {"key": "round", "kind": "advance", "label": "R", "to": "revision", "by": "author"}
        ]

    assert (("stages", 4), "dead-end") in changed(trap)
    assert (("stages", 4), "loop") in changed(trap)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: &x 1\nb: *x\n", 1),
        ("a: 1\nb: !!python/object:os.system {}\n", 2),
        ("a: 1\na: 2\n", 2),
        ("a: [1,\nb: }\n", 2),
        ("[" * 40 + "]" * 40, 1),
        ("a: " + "x" * 300_000, 1),
    ],
)
def test_clever_yaml_is_refused_with_its_line(text, line):
    with pytest.raises(DefinitionUnreadable) as refusal:
        read_definition(text)
    assert refusal.value.line == line


def test_the_hash_does_not_depend_on_the_order_of_keys():
    assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})


def test_definitions_and_access_know_the_same_capabilities():
    assert set(values.CAPABILITIES) == access.CAPABILITIES
