"""Every class of faults is found, at its line, in definitions that were sound before they were spoiled."""

import copy
import os
from random import Random

import pytest

from engine.definitions import read_definition
from engine.process.checker import MESSAGES, faults
from tests.engine.process.generated import definition
from tests.engine.process.mutations import BASES, KNOWN, OPERATORS, SHIPPED, messages, reported, written

EXAMPLES = int(os.environ.get("PROCESS_EXAMPLES", "1000")) // 1000
EACH = [(code, number) for code, operators in OPERATORS.items() for number in range(len(operators))]


def test_every_class_of_faults_has_an_operator():
    assert set(OPERATORS) == set(MESSAGES)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_definitions_that_ship_are_sound(path):
    data, _lines = read_definition(path.read_text())
    assert messages(faults(data, KNOWN)) == []


@pytest.mark.parametrize(("code", "number"), EACH, ids=lambda value: str(value))
def test_a_spoiled_definition_is_reported_with_class_and_line(code, number):
    random = Random(f"{code} {number}")
    bases = [copy.deepcopy(random.choice(BASES)), *(definition(random) for _ in range(max(1, EXAMPLES)))]
    for data in bases:
        path = OPERATORS[code][number](data, random)
        line, found = reported(written(data), path)
        assert (code, line) in found, f"{code} at line {line} of\n{written(data)}"


def test_faults_of_form_do_not_hide_faults_of_the_whole_and_come_in_the_order_of_the_text():
    data = copy.deepcopy(BASES[0])
    data["stages"][1]["kind"] = "dream"
    data["stages"][2]["timers"] = data["stages"][2]["timers"][:1]
    data["stages"].append({"key": "island", "kind": "end", "label": 3, "end": True})
    last = len(data["stages"]) - 1
    assert [(fault.path, fault.code) for fault in faults(data)] == [
        (("stages", 1, "kind"), "unknown"),
        (("stages", 2), "no-timer"),
        (("stages", 2, "transitions", 3), "never-taken"),
        (("stages", last), "unreachable"),
        (("stages", last, "label"), "not-a-text"),
    ]


def test_the_nearest_word_is_named():
    data = copy.deepcopy(BASES[0])
    data["stages"][2]["capabilites"] = ["edit"]
    (fault,) = faults(data)
    assert "capabilities" in fault.message


@pytest.mark.parametrize("seed", range(5))
def test_every_value_stands_on_the_line_that_its_path_names(seed):
    text = written(definition(Random(seed)))
    lines = text.splitlines()
    data, places = read_definition(text)
    for path, line in places.items():
        value = data
        for step in path:
            value = value[step]
        if isinstance(value, str):
            assert value in lines[line - 1]
