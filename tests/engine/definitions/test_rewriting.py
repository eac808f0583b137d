"""Changing a definition's text: what is meant changes, comments and all other lines stay."""

from importlib.resources import files

import pytest

from engine.definitions import read_definition, write_definition
from engine.definitions.rewriting import with_stage
from engine.process.insertion import KINDS, inserted, places
from engine.process.values import definition_from
from tests.engine.process.test_insertion import addition

TEXT = (files("engine.definitions") / "ekip-engine.yaml").read_text()
SHORT = """\
key: short   # a name
title: Short
stages:
- key: drafting   # here they write
  kind: draft
  label: Drafting
  open_ended: true
  capabilities: [edit, submit]
  transitions:
  - {key: submit, kind: advance, label: Submit, to: decision, by: author, effects: [freeze]}

# the end
- {key: decision, kind: decide, label: Decision, end: true}"""


def added(text: str, number: int, kind: str = "review") -> tuple[str, dict]:
    """The text with a stage at that place, and what it should say."""
    data, _places = read_definition(text)
    definition = definition_from(data)
    place = places(definition)[number]
    wanted = inserted(data, addition(kind), place, definition)
    return with_stage(text, wanted, after=place.after.key, ways=place.ways), wanted


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", range(4))
def test_the_text_says_what_is_wanted_and_no_other_line_changes(number, kind):
    changed, wanted = added(TEXT, number, kind)
    assert read_definition(changed)[0] == wanted
    lost = [line for line in TEXT.splitlines() if line not in changed.splitlines()]
    assert [line.split(":")[0].strip() for line in lost] in (["beside"], [])


def test_comments_and_other_ways_of_writing_are_kept():
    changed, wanted = added(SHORT, 0)
    assert read_definition(changed)[0] == wanted
    for line in ("key: short   # a name", "- key: drafting   # here they write", "# the end"):
        assert line in changed.splitlines()
    assert "to: second, by: author" in changed


@pytest.mark.parametrize(
    "text",
    [
        write_definition(read_definition(SHORT)[0]),
        "{key: short, title: Short, stages: [{key: drafting, kind: draft, label: Drafting, open_ended: true, "
        "capabilities: [edit], transitions: [{key: submit, kind: advance, label: Submit, to: decision, by: author, "
        "effects: [freeze]}]}, {key: decision, kind: decide, label: Decision, end: true}]}",
        SHORT.replace("to: decision, by", "to: decision, beside: [decision], by"),
        SHORT.replace("\n", "\r\n"),
    ],
)
def test_however_it_is_written_the_text_says_what_is_wanted(text):
    changed, wanted = added(text, 0)
    assert read_definition(changed)[0] == wanted
