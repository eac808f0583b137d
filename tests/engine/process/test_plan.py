"""What follows from facts: deadlines, gates, commands and bounds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definitions import read_definition
from engine.process.facts import Facts, RoundFacts, TimerFacts
from engine.process.gates import closed_gate
from engine.process.plan import CloseRound, Command, FireTimer, Move, Refused, plan
from engine.process.quorum import Quorum
from engine.process.values import PEOPLE, definition_from

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
TEXT = Path("engine/definitions/ekip-engine.yaml").read_text()
ENGINE = definition_from(read_definition(TEXT)[0])


def facts(stage: str, **known) -> Facts:
    return Facts(run_id=1, definition=ENGINE, open_stages=(stage,), **known)


def a_round(**changes) -> RoundFacts:
    fields = {"id": 7, "key": "community-review", "stage": "community-review", "closes_at": NOW, "quorum": Quorum(2)}
    return RoundFacts(**{**fields, "submitted": 2, **changes})


def moves(steps) -> list[str]:
    return [step.transition for step in steps if isinstance(step, Move)]


def test_a_supported_area_with_a_briefing_opens_drafting_by_itself():
    assert moves(plan(facts("investigation", area_sources=10, is_briefed=True), now=NOW)) == ["investigated"]


def test_nine_sources_are_not_ten():
    assert plan(facts("investigation", area_sources=9, is_briefed=True), now=NOW) == ()


def test_without_a_briefing_the_run_waits_at_the_investigation():
    known = facts("investigation", area_sources=10)
    assert plan(known, now=NOW) == ()
    assert closed_gate(known, "investigation", ENGINE.start.transitions[0].gates) == "not-briefed"


def test_a_stage_says_which_gate_it_awaits():
    assert {stage.key for stage in ENGINE.stages if stage.awaits("briefed")} == {"investigation"}
    assert not ENGINE.stage("drafting").awaits("complete")  # its author acts, not the system


def test_a_deadline_is_half_open_and_the_round_closes_at_the_instant_itself():
    at_review = facts("community-review", rounds=(a_round(),))
    assert plan(at_review, now=NOW - timedelta(microseconds=1)) == ()
    steps = plan(at_review, now=NOW)
    assert steps[0] == CloseRound(7, "community-review", quorum_met=True)
    assert moves(steps) == ["reviewed"]


def test_without_the_quorum_the_round_closes_and_the_run_stays():
    steps = plan(facts("community-review", rounds=(a_round(submitted=1),)), now=NOW)
    assert steps == (CloseRound(7, "community-review", quorum_met=False),)


def test_a_further_round_counts_together_with_the_first():
    first = a_round(id=7, submitted=1, is_closed=True)
    steps = plan(facts("community-review", rounds=(first, a_round(id=8, submitted=1))), now=NOW)
    assert steps[0] == CloseRound(8, "community-review", quorum_met=True)
    assert moves(steps) == ["reviewed"]


def test_a_timer_fires_once_due():
    timer = TimerFacts(3, "revision-overdue", "revision", NOW)
    assert plan(facts("revision", timers=(timer,)), now=NOW - timedelta(seconds=1)) == ()
    assert plan(facts("revision", timers=(timer,)), now=NOW) == (FireTimer(3, "revision-overdue", "revision"),)


LAPSING = definition_from(
    {
        "key": "lapsing",
        "title": "A stage that lapses",
        "stages": [
            {
                "key": "read",
                "kind": "review",
                "label": "Read",
                "timers": [
                    {"key": "late", "after": "P7D", "then": "remind"},
                    {"key": "over", "after": "P14D", "then": "take", "transition": "lapse"},
                ],
                "transitions": [
                    {
                        "key": "counted",
                        "kind": "advance",
                        "label": "Counted",
                        "to": "done",
                        "by": "system",
                        "when": [{"gate": "quorum", "round": "community-review"}],
                    },
                    {"key": "lapse", "kind": "end", "label": "Lapse", "to": "closed", "by": "timer"},
                ],
            },
            {"key": "done", "kind": "end", "label": "Done", "end": True},
            {"key": "closed", "kind": "end", "label": "Closed", "end": True},
        ],
    }
)
OVER = TimerFacts(4, "over", "read", NOW)


def reading(**known) -> Facts:
    return Facts(run_id=1, definition=LAPSING, open_stages=("read",), **known)


def test_a_timer_takes_its_way():
    assert plan(reading(timers=(OVER,)), now=NOW - timedelta(seconds=1)) == ()
    fired, moved = plan(reading(timers=(OVER,)), now=NOW)
    assert fired == FireTimer(4, "over", "read", takes="lapse")
    assert isinstance(moved, Move)
    assert (moved.transition, moved.enters, moved.by) == ("lapse", ("closed",), "system")


@pytest.mark.parametrize("by", ["timer", "system", "author", "coordinator", "decider"])
def test_nobody_takes_a_way_of_a_timer(by):
    command = Command("read", "lapse", by, "because")
    assert plan(reading(), now=NOW, command=command) == Refused("no-such-transition")


@pytest.mark.parametrize(("closed_for", "came"), [(timedelta(0), "counted"), (timedelta(days=-1), "lapse")])
def test_of_what_is_due_at_once_the_earlier_comes_first_and_a_round_before_a_timer(closed_for, came):
    due = a_round(stage="read", closes_at=NOW - closed_for)
    steps = plan(reading(rounds=(due,), timers=(OVER,)), now=NOW + timedelta(days=9))
    assert moves(steps) == [came]


def test_a_way_of_the_system_is_bounded_too():
    spent = {"taken": {("investigation", "investigated"): 1}, "area_sources": 10, "is_briefed": True}
    once = replace(ENGINE.start, transitions=(replace(ENGINE.start.transitions[0], at_most=1),))
    bounded = replace(ENGINE, stages=(once, *ENGINE.stages[1:]))
    assert plan(Facts(run_id=1, definition=bounded, open_stages=("investigation",), **spent), now=NOW) == ()


def test_a_deadline_that_passed_comes_before_the_command():
    command = Command("community-review", "withdraw", "author", "changed our minds")
    steps = plan(facts("community-review", rounds=(a_round(),)), now=NOW, command=command)
    assert steps == Refused("stage-moved")


@pytest.mark.parametrize(
    ("stage", "command", "known", "code"),
    [
        ("drafting", Command("drafting", "submit", "author"), {"missing": 1}, "incomplete"),
        ("revision", Command("revision", "resubmit", "author"), {"unanswered": 1}, "points-unanswered"),
        ("revision", Command("decision", "publish", "decider", "good"), {}, "stage-moved"),
        ("decision", Command("decision", "publish", "decider", "  "), {}, "reason-required"),
        ("decision", Command("decision", "publish", "author", "good"), {}, "no-such-transition"),
        (
            "decision",
            Command("decision", "return", "decider", "more"),
            {"taken": {("decision", "return"): 3}},
            "too-often",
        ),
    ],
)
def test_refusals_are_coded(stage, command, known, code):
    assert plan(facts(stage, **known), now=NOW, command=command) == Refused(code)


def test_publishing_leads_to_the_follow_up():
    steps = plan(facts("decision"), now=NOW, command=Command("decision", "publish", "decider", "good"))
    assert [(step.enters, step.effects) for step in steps] == [(("publication",), ("publish",)), (("follow-up",), ())]


COMMANDS = [
    Command(stage.key, transition.key, transition.by, "because")
    for stage in ENGINE.stages
    for transition in stage.transitions
    if transition.by in PEOPLE
]


@given(st.lists(st.sampled_from(COMMANDS), max_size=60), st.integers(0, 20), st.booleans())
def test_whatever_people_ask_a_run_stands_at_one_stage_or_in_both_branches_and_ways_back_stay_bounded(
    commands, sources, is_briefed
):
    known = facts("investigation", area_sources=sources, is_briefed=is_briefed)
    for command in [None, *commands]:
        steps = plan(known, now=NOW, command=command)
        if isinstance(steps, Refused):
            continue
        for step in steps:
            assert isinstance(step, Move)
            known = known.moved(step.leaves, step.enters, (step.stage, step.transition))
        assert set(known.open_stages) in ({"community-review", "city-prototyping"}, {known.open_stages[0]})
    for (stage, transition), times in known.taken.items():
        bound = ENGINE.stage(stage).transition(transition).at_most
        assert bound is None or times <= bound


BRANCHES = definition_from(
    {
        "key": "branches",
        "title": "Two branches and a join",
        "stages": [
            {
                "key": "draft",
                "kind": "draft",
                "label": "Draft",
                "transitions": [
                    {
                        "key": "send",
                        "kind": "advance",
                        "label": "Send",
                        "to": "review",
                        "beside": ["city"],
                        "by": "author",
                    }
                ],
            },
            {
                "key": "review",
                "kind": "review",
                "label": "Review",
                "transitions": [
                    {"key": "read", "kind": "advance", "label": "Read", "to": "revise", "by": "coordinator"},
                    {
                        "key": "back",
                        "kind": "return",
                        "label": "Back",
                        "to": "draft",
                        "by": "coordinator",
                        "at_most": 1,
                    },
                ],
            },
            {
                "key": "city",
                "kind": "review",
                "label": "City",
                "transitions": [
                    {"key": "tried", "kind": "advance", "label": "Tried", "to": "revise", "by": "coordinator"}
                ],
            },
            {"key": "revise", "kind": "revise", "label": "Revise", "join": True, "end": True},
        ],
    }
)


def after(known: Facts, stage: str, transition: str, by: str = "coordinator") -> tuple[Facts, Move]:
    steps = plan(known, now=NOW, command=Command(stage, transition, by))
    assert not isinstance(steps, Refused)
    (move,) = steps
    return known.moved(move.leaves, move.enters, (move.stage, move.transition)), move


def in_branches() -> Facts:
    known = Facts(run_id=1, definition=BRANCHES, open_stages=("draft",))
    return after(known, "draft", "send", "author")[0]


def test_a_fork_opens_its_branches_at_once():
    assert in_branches().open_stages == ("review", "city")


@pytest.mark.parametrize("order", [["read", "tried"], ["tried", "read"]])
def test_a_join_waits_for_the_last_branch(order):
    stages = {"read": "review", "tried": "city"}
    known, first = after(in_branches(), stages[order[0]], order[0])
    assert first.enters == ()
    known, second = after(known, stages[order[1]], order[1])
    assert second.enters == ("revise",)
    assert known.open_stages == ("revise",)


def test_a_return_from_one_branch_closes_the_others():
    known, move = after(in_branches(), "review", "back")
    assert move.closes == ("city",)
    assert known.open_stages == ("draft",)


@given(
    stage=st.sampled_from([each.key for each in ENGINE.stages]),
    late=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000)),
    submitted=st.integers(0, 9),
    paused_for=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000)),
    by=st.sampled_from(sorted(PEOPLE)),
)
def test_in_a_paused_run_nothing_follows_from_time_and_no_command_is_obeyed(stage, late, submitted, paused_for, by):
    known = facts(
        stage,
        area_sources=10,
        is_briefed=True,
        rounds=(a_round(stage=stage, submitted=submitted),),
        timers=(TimerFacts(1, "review-lapsed", stage, NOW),),
    )
    now = NOW + late
    still = replace(known, paused_at=now - paused_for)
    assert plan(still, now=now) == ()
    for way in ENGINE.stage(stage).transitions:
        assert plan(still, now=now, command=Command(stage, way.key, by, "Why.")) == Refused("paused")
    assert plan(replace(still, paused_at=None), now=now) == plan(known, now=now)
