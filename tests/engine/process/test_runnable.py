"""What a definition may ask for, and this release does not do."""

from pathlib import Path

import pytest

from engine.definitions import read_definition
from engine.process.runnable import not_yet
from engine.process.values import definition_from
from tests.engine.processes import consulting, deciding, drafting, ended, reading, stage

SHIPPED = Path("engine/definitions")


def lacks(*stages, **more) -> list[tuple]:
    definition = definition_from({"key": "example", "title": "Example", "stages": list(stages), **more})
    return [each.path for each in not_yet(definition)]


@pytest.mark.parametrize("key", ["ekip-engine", "light"])
def test_shipped_definitions_that_can_be_run(key):
    data, _lines = read_definition((SHIPPED / f"{key}.yaml").read_text())
    assert not_yet(definition_from(data)) == ()


def test_what_rounds_can_ask_for():
    quorum = {"number": 2, "share": 0.5, "kinds": ["academia"], "countries": 2}
    assert lacks(drafting("reading"), reading("done", round={"blind": "double", "quorum": quorum}), ended("done")) == []
    assert lacks(drafting("consulting"), consulting("done"), ended("done")) == []


def test_a_consultation_needs_a_stage_that_is_public():
    asked = {**consulting("done"), "visibility": "listed"}
    assert lacks(asked, ended("done")) == [("stages", 0, "round")]


def test_a_body_s_key_has_an_end():
    assert lacks(deciding("done", body="b" * 55), ended("done")) == []
    assert lacks(deciding("done", body="b" * 56), ended("done")) == [("stages", 0, "transitions", 0, "body")]


def test_lengths_in_working_days_can_be_run():
    lengths = {"period": {"working_days": 20, "calendar": "sweden"}, "response": {"working_days": 5}}
    calendars = [{"key": "sweden", "country": "SE"}]
    assert lacks(reading("done", round=lengths), ended("done"), calendars=calendars) == []


@pytest.mark.parametrize("gate", ["complete", "evidenced", "points-answered"])
def test_what_authors_write_opens_no_way_of_the_system(gate):
    way = {"key": "on", "kind": "advance", "label": "On", "to": "done", "when": [{"gate": gate, "minimum": 1}]}
    assert lacks(stage("first", "draft", {**way, "by": "author"}), ended("done")) == []
    assert lacks(stage("first", "draft", {**way, "by": "system"}), ended("done")) == [
        ("stages", 0, "transitions", 0, "when")
    ]


def test_the_system_waits_for_the_area_or_for_people_and_not_for_both():
    area, people = {"gate": "briefed"}, {"gate": "quorum", "round": "reading"}
    for when, lacking in (([people], []), ([area], []), ([area, people], [("stages", 0, "transitions", 0, "when")])):
        asked = reading("done")
        asked["transitions"][0]["when"] = when
        assert lacks(asked, ended("done")) == lacking


def test_labs_and_further_capabilities_are_for_later():
    assert lacks(reading("done", round={"kind": "lab"}), ended("done")) == [("stages", 0, "round", "kind")]
    for capability in ("comment", "suggest", "translate", "publish"):
        assert lacks(stage("first", "draft", capabilities=[capability])) == [("stages", 0, "capabilities")]


def test_languages_and_audiences_are_for_later():
    assert lacks(ended("done"), languages=["en", "pt"]) == [("languages",)]
    heard = {**ended("done"), "label": {"en": {"default": "Done", "author": "You are done"}}}
    assert lacks(heard) == [("stages", 0, "label")]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"by": "coordinator"}, "by"),
        ({"kind": "return"}, "by"),
        ({"by": "system", "when": [{"gate": "complete"}]}, "when"),
        ({"by": "timer", "when": [{"gate": "complete"}]}, "when"),
    ],
)
def test_ways_that_no_page_offers_and_gates_at_which_nobody_looks_are_for_later(change, name):
    asked = drafting("done")
    asked["transitions"][0] |= change
    assert lacks(asked, ended("done")) == [("stages", 0, "transitions", 0, name)]


def test_of_two_ways_alike_a_page_offers_the_first():
    asked = drafting("done")
    asked["transitions"] = [*asked["transitions"], {**asked["transitions"][0], "key": "again"}]
    assert lacks(asked, ended("done")) == [("stages", 0, "transitions", 1, "by")]
