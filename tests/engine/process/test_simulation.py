"""Synthetic proposals: the same seed, the same result; what is assumed shows in what comes out."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions import read_definition
from engine.process.gates import GATES
from engine.process.simulation import Behaviour, Days, simulate
from engine.process.values import definition_from
from tests.engine.process.generated import definitions

ENGINE = definition_from(read_definition(Path("engine/definitions/ekip-engine.yaml").read_text())[0])
DAY = Days(1, 1, 1)
PUNCTUAL = Behaviour(
    research=DAY,
    write=DAY,
    revise=DAY,
    coordinate=DAY,
    answer=DAY,
    review=DAY,
    decide=DAY,
    accept=1,
    hand_in=1,
    send_back=0,
    withdraw=0,
    decline=0,
    silent=0,
)


def way(to, by="author", kind="advance", **more):
    """A transition as plain data."""
    return {"key": f"{kind}-{to}", "kind": kind, "label": to, "to": to, "by": by} | more


def process(*ways, **more):
    """A definition of one stage with these ways and what else is said of it, and two ends."""
    first = {"key": "first", "kind": "draft", "label": "First", "who": "authors", "transitions": list(ways)}
    ends = [{"key": key, "kind": "end", "label": key.title(), "end": True} for key in ("out", "closed")]
    return definition_from({"key": "example", "title": "Example", "stages": [first | more, *ends]})


def test_when_everybody_acts_at_once_only_the_rounds_take_time():
    result = simulate(ENGINE, PUNCTUAL, proposals=5, seed=1)
    # Research, writing, opening the rounds, the longer one (the city test) of 28 days, revising, deciding.
    assert result.published == 5
    assert (result.to_publication.tenth, result.to_publication.nine_tenths) == (33, 33)
    waited = {(wait.stage.key, wait.who): wait.days for wait in result.waits}
    assert waited["community-review", "reviewers"] == 21
    assert waited["city-prototyping", "coordinators"] == 1


def test_the_same_seed_gives_the_same_result_and_another_one_another():
    first = simulate(ENGINE, Behaviour(), proposals=60, seed=7)
    assert simulate(ENGINE, Behaviour(), proposals=60, seed=7) == first
    assert simulate(ENGINE, Behaviour(), proposals=60, seed=8).to_publication != first.to_publication


def test_every_proposal_is_counted_once():
    result = simulate(ENGINE, replace(Behaviour(), silent=0.2), proposals=80, seed=3)
    assert result.published + result.lapsed + result.ended + result.under_way == 80
    assert result.published < 80


def test_sending_back_takes_time():
    strict = simulate(ENGINE, replace(PUNCTUAL, send_back=0.5), proposals=40, seed=1)
    assert strict.to_publication.half > 33


def test_without_anybody_acting_a_timer_ends_it():
    lapse = way("closed", by="timer", kind="end")
    timer = {"key": "late", "after": "P30D", "then": "take", "transition": lapse["key"]}
    result = simulate(
        process(way("out", effects=["publish"]), lapse, timers=[timer]),
        replace(PUNCTUAL, silent=1),
        proposals=4,
        seed=1,
    )
    assert (result.published, result.lapsed, result.ended, result.under_way) == (0, 4, 0, 0)
    assert [(wait.who, wait.days) for wait in result.waits] == [("authors", 30)]


def test_a_reminder_that_is_heeded_gets_things_going():
    reminded = process(way("out", effects=["publish"]), timers=[{"key": "late", "after": "P30D", "then": "remind"}])
    result = simulate(reminded, replace(PUNCTUAL, silent=1, heed=1), proposals=4, seed=1)
    assert result.to_publication.half == 31


def test_where_nobody_ever_acts_it_is_left_lying():
    result = simulate(process(way("out"), open_ended=True), replace(PUNCTUAL, silent=1), proposals=4, seed=1)
    assert (result.under_way, result.to_publication) == (4, None)


@pytest.mark.parametrize(
    "quorum", [2, {"number": 2, "share": 0.5}, {"number": 1, "kinds": ["academia", "public-authority"], "countries": 3}]
)
def test_a_panel_that_hands_in_reaches_every_kind_of_quorum(quorum):
    round = {
        "key": "r",
        "kind": "review",
        "label": "R",
        "quorum": quorum,
        "visibility": "never",
        "period": {"working_days": 5},
    }
    on = way("out", by="system", when=[{"gate": "quorum", "round": "r"}], effects=["publish"])
    result = simulate(process(on, round=round, who="reviewers"), PUNCTUAL, proposals=3, seed=1)
    assert result.to_publication.half == 8


PARAMETERS = {
    "area-supported": {"minimum": 10},
    "complete": {"sections": ["context"]},
    "evidenced": {"minimum": 3},
    "quorum": {"round": "r"},
}


@pytest.mark.parametrize("name", sorted(set(GATES) - {"quorum"}))
@pytest.mark.parametrize("by", ["author", "system"])
def test_every_gate_is_passed(name, by):
    gate = {"gate": name} | PARAMETERS.get(name, {})
    result = simulate(process(way("out", by=by, when=[gate], effects=["publish"])), PUNCTUAL, proposals=2, seed=1)
    assert result.published == 2


@settings(max_examples=40, deadline=None)
@given(definitions(), st.integers(0, 1000))
def test_any_sound_definition_can_be_simulated(data, seed):
    result = simulate(definition_from(data), replace(Behaviour(), silent=0.2), proposals=3, seed=seed)
    assert result.published + result.lapsed + result.ended + result.under_way == 3
