"""A stage more: it fits wherever it may stand, and leaves the definition sound."""

from importlib.resources import files

import pytest

from engine.definitions import read_definition
from engine.process.checker import faults
from engine.process.insertion import KINDS, Addition, free_key, inserted, places, smallest
from engine.process.values import definition_from

SHIPPED = [
    read_definition(file.read_text())[0]
    for file in files("engine.definitions").iterdir()
    if file.name.endswith(".yaml")
]


def addition(kind: str, **changes) -> Addition:
    """A second consultation, of some kind."""
    questions = ("Is it clear?",) if kind == "review" else ()
    given = {"key": "second", "label": "Second consultation", "kind": kind, "days": 21, "longest": 90}
    return Addition(**(given | {"questions": questions} | changes))


@pytest.mark.parametrize("data", SHIPPED, ids=lambda data: data["key"])
@pytest.mark.parametrize("kind", KINDS)
def test_it_fits_at_every_place_of_every_shipped_definition(data, kind):
    definition = definition_from(data)
    assert places(definition)
    for place in places(definition):
        changed = inserted(data, addition(kind), place, definition)
        assert faults(changed) == []
        after = definition_from(changed)
        assert {after.stage(place.after.key).transition(key).enters for key in place.ways} == {("second",)}
        onward = {way.enters for way in after.stage("second").transitions if way.kind == "advance"}
        assert onward == {tuple(stage.key for stage in place.before)}
        assert len(after.stages) == len(definition.stages) + 1


def test_no_place_lies_where_the_text_is_not_frozen_or_is_published():
    [data] = [each for each in SHIPPED if each["key"] == "ekip-engine"]
    assert [place.key for place in places(definition_from(data))] == [
        "drafting>community-review+city-prototyping",
        "community-review>revision",
        "city-prototyping>revision",
        "revision>decision",
    ]


def test_two_can_be_added_one_after_the_other():
    [data] = [each for each in SHIPPED if each["key"] == "ekip-engine"]
    for number in range(3):
        definition = definition_from(data)
        place = next(each for each in places(definition) if each.before[0].key == "decision")
        data = inserted(data, addition("review", key=f"more-{number}"), place, definition)
    assert faults(data) == []


def test_words_are_written_in_every_language_of_the_definition():
    [strict] = [each for each in SHIPPED if each["key"] == "ekip-engine"]
    data = strict | {"languages": ["en", "sv"]}
    definition = definition_from(data)
    stage = inserted(data, addition("review"), places(definition)[0], definition)["stages"][2]
    assert stage["label"] == {"en": "Second consultation", "sv": "Second consultation"}


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Second consultation", "second-consultation"),
        ("Décision", "decision-2"),
        ("Revision", "revision-2"),
        ("相談", "stage"),
        ("x" * 80, "x" * 50),
    ],
)
def test_a_key_is_made_from_the_label_and_is_free(label, key):
    [data] = [each for each in SHIPPED if each["key"] == "ekip-engine"]
    assert free_key(label, definition_from(data)) == key


@pytest.mark.parametrize("kind", KINDS)
def test_the_smallest_process_with_such_a_stage_can_be_read(kind):
    assert definition_from(smallest(kind)).stages[0].kind == kind
