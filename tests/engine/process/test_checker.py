"""Reading definitions: plain data with lines; the default definition has no fault. `test_mutations` has the faults."""

from pathlib import Path

import pytest

from engine.definitions import DefinitionUnreadable, content_hash, read_definition
from engine.process import values
from engine.process.checker import faults
from recommendations import access

TEXT = Path("engine/definitions/ekip-engine.yaml").read_text()
DATA, LINES = read_definition(TEXT)


def test_the_default_process_is_sound():
    assert faults(DATA) == []


def test_every_path_knows_its_line():
    assert TEXT.splitlines()[LINES["stages", 1, "key"] - 1].strip() == "- key: drafting"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: &x 1\nb: *x\n", 1),
        ("a: 1\nb: !!python/object:os.system {}\n", 2),
        ("a: 1\nb: !!str x\n", 2),
        ("a: 1\nb: ! x\n", 2),
        ("a: 1\na: 2\n", 2),
        ("a: 1\n? [b]\n: 2\n", 2),
        ("a: 1\n---\nb: 2\n", 2),
        ('a: 1\nb: "\\0"\n', 2),
        ('a: 1\nb: "\\ud800"\n', 2),
        ("a: 1\nb: \x07\n", 2),
        ("a: [1,\nb: }\n", 2),
        ("[" * 40 + "]" * 40, 1),
        ("a: " + "x" * 300_000, 1),
    ],
)
def test_clever_yaml_is_refused_with_its_line(text, line):
    with pytest.raises(DefinitionUnreadable) as refusal:
        read_definition(text)
    assert refusal.value.line == line


def test_words_without_quotation_marks_are_texts():
    text = "[NO, on, yes, 2027-12-31, 010, 1e3, 12:30, true, false, null, 7, -7, 0.5]"
    plain = ["NO", "on", "yes", "2027-12-31", "010", "1e3", "12:30", True, False, None, 7, -7, 0.5]
    assert read_definition(text)[0] == plain


@pytest.mark.parametrize("data", [None, 7, "text", [], {}, {"stages": None}, {"stages": [None, 7, []]}])
def test_anything_can_be_checked(data):
    assert faults(data) != []


def test_the_hash_does_not_depend_on_the_order_of_keys():
    assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})


def test_definitions_and_access_know_the_same_capabilities():
    assert {*values.CAPABILITIES, "list", "read"} == access.CAPABILITIES
