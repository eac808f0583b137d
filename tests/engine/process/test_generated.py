"""Sound definitions have no fault, and no run of one outlasts the bound, whatever people do or leave undone."""

import json
import os
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine.definitions import read_definition, write_definition
from engine.definitions.schema import FILE, schema
from engine.process.bound import bound
from engine.process.checker import faults
from engine.process.values import definition_from
from tests.engine.process.generated import change_anything, definitions
from tests.engine.process.mutations import BASES, KNOWN, OPERATORS, messages
from tests.engine.process.walks import Walker

EXAMPLES = int(os.environ.get("PROCESS_EXAMPLES", "1000"))
MANY = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
SCHEMA = Draft202012Validator(schema())
# Which names there are, in which languages texts are needed, and where stages lead, no schema can say.
FORM = (
    "missing",
    "unknown-key",
    "unknown",
    "unknown-role",
    "unknown-capability",
    "use-visibility",
    "not-a-mapping",
    "not-a-list",
    "not-a-text",
    "not-a-key",
    "not-a-switch",
    "not-a-number",
    "too-long",
    "quorum",
)


@MANY
@given(definitions())
def test_a_sound_definition_has_no_fault(data):
    assert messages(faults(data, KNOWN)) == []


@MANY
@given(definitions(open_ended=False), st.integers(0, 2**32), st.booleans(), st.booleans())
def test_every_run_ends_within_its_bound(data, seed, acts, jumps):
    definition = definition_from(data)
    most = bound(definition)
    walk = Walker(definition, Random(seed), acts=acts, jumps=jumps).walk()
    assert walk.moves <= most.moves
    assert most.time is not None
    assert jumps or walk.time <= most.time


@MANY
@given(definitions(open_ended=False))
def test_a_run_ends_within_its_bound_when_nobody_ever_acts(data):
    definition = definition_from(data)
    walk = Walker(definition, Random(0), acts=False, jumps=False).walk()
    assert walk.moves <= bound(definition).moves
    assert walk.time <= bound(definition).time


def test_the_published_schema_is_that_of_the_grammar():
    assert json.loads(FILE.read_text()) == schema(), "write it anew: python -m engine.definitions.schema"
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("data", BASES, ids=lambda data: data["key"])
def test_definitions_that_ship_fit_the_schema(data):
    assert [error.message for error in SCHEMA.iter_errors(data)] == []


@settings(max_examples=10, deadline=None)
@given(definitions())
def test_sound_definitions_fit_the_schema_are_written_and_read_back_and_speak_each_of_their_languages(data):
    assert SCHEMA.is_valid(data)
    assert read_definition(write_definition(data))[0] == data
    for language in data.get("languages", ["en"]):
        assert definition_from(data, language=language).start.label


@pytest.mark.parametrize("code", FORM)
def test_the_schema_refuses_faults_of_form(code):
    for number, operator in enumerate(OPERATORS[code]):
        data = json.loads(json.dumps(BASES[number % len(BASES)]))
        operator(data, Random(number))
        assert not SCHEMA.is_valid(data)


@MANY
@given(definitions(open_ended=False), st.integers(0, 2**32))
def test_whatever_is_changed_is_either_a_fault_or_keeps_to_its_bound(data, seed):
    random = Random(seed)
    for _ in range(random.randint(1, 3)):
        change_anything(data, random)
    if faults(data, KNOWN):
        return
    definition = definition_from(data)
    most = bound(definition)
    if most.time is not None:
        for acts in (False, True):
            walk = Walker(definition, random, acts=acts, jumps=False).walk()
            assert walk.moves <= most.moves
            assert walk.time <= most.time
