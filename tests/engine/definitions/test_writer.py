"""Definitions written as YAML read back as they were."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions import content_hash, read_definition, write_definition
from tests.engine.process.generated import definitions

SHIPPED = sorted(Path("engine/definitions").glob("*.yaml"))
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
KEYS = st.sampled_from(["key", "label", "on", "to", "stages", "when", "no", "null", "<<", "=", "1"]) | TEXTS
WORDS = TEXTS | st.sampled_from(
    [
        "",
        "no",
        "NO",
        "on",
        "~",
        "null",
        "1",
        "1_0",
        "0o7",
        "1:30",
        "2027-12-31",
        "1e3",
        ".5",
        "- key: a",
        "a: b",
        "#",
        "!",
    ]
)
FRACTIONS = st.decimals(-1000, 1000, allow_nan=False, places=15).map(float)
SCALARS = st.none() | st.booleans() | st.integers(-(10**14), 10**14) | FRACTIONS | WORDS
VALUES = st.recursive(
    SCALARS, lambda some: st.lists(some, max_size=3) | st.dictionaries(KEYS, some, max_size=3), max_leaves=12
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=5))
def test_whatever_is_written_reads_back_and_keeps_its_hash(data):
    read, _lines = read_definition(write_definition(data))
    assert read == data
    assert content_hash(read) == content_hash(data)


@settings(max_examples=40, deadline=None)
@given(definitions())
def test_generated_definitions_keep_their_hash(data):
    assert content_hash(read_definition(write_definition(data))[0]) == content_hash(data)


def test_what_other_readers_take_for_something_else_is_written_plainly():
    data = {"calendars": [{"key": "norway", "country": "NO", "days": ["2027-12-31"]}], "on": "deadline", "n": "12"}
    text = write_definition(data)
    assert read_definition(text)[0] == data
    assert "on: deadline" in text
    assert "country: NO" in text
    assert "days: [2027-12-31]" in text
    assert "n: '12'" in text


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_shipped_definitions_keep_their_hash(file):
    data, _lines = read_definition(file.read_text())
    assert content_hash(read_definition(write_definition(data))[0]) == content_hash(data)


def test_the_order_of_keys_is_that_of_the_language_and_not_of_the_data():
    stage = {"transitions": [{"to": "end", "key": "go"}], "capabilities": ["edit", "submit"], "key": "draft"}
    text = write_definition({"stages": [stage, {"end": True, "key": "end"}], "title": "Example", "key": "example"})
    assert (
        text
        == """key: example
title: Example

stages:
  - key: draft
    capabilities: [edit, submit]
    transitions:
      - key: go
        to: end

  - key: end
    end: true
"""
    )


def test_what_stands_twice_is_written_twice():
    shared = ["edit"]
    assert "&" not in write_definition({"a": shared, "b": shared})
