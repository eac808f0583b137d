"""What another version would mean for a run: a sound judgement without any database."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.definitions import read_definition
from engine.process.facts import Facts, RoundFacts, TimerFacts
from engine.process.migration import Standing, fit, waiting_timers
from engine.process.quorum import Quorum
from engine.process.values import definition_from

DATA, _LINES = read_definition(Path("engine/definitions/ekip-engine.yaml").read_text())
ENGINE = definition_from(DATA)
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
TEN_DAYS = timedelta(days=10)


def other(change):
    """The shipped process after a change to a copy of its plain data."""
    data = deepcopy(DATA)
    change({stage["key"]: stage for stage in data["stages"]}, data)
    return definition_from(data)


def standing(*stages, rounds=(), taken=None, fired=()):
    """A run that has been at these stages for ten days, with the timers of the shipped process."""
    entered = dict.fromkeys(stages, NOW - TEN_DAYS)
    timers = tuple(
        TimerFacts(number, timer.key, key, NOW - TEN_DAYS + timer.after)
        for number, (key, timer) in enumerate((key, timer) for key in stages for timer in ENGINE.stage(key).timers)
        if (key, timer.key) not in fired
    )
    facts = Facts(1, ENGINE, stages, taken=taken or {}, area_sources=10, rounds=rounds, timers=timers)
    return Standing(facts, entered, frozenset(fired))


def a_round(key="community-review", **fields):
    return RoundFacts(1, key, "community-review", NOW + TEN_DAYS, Quorum(2), 0, **fields)


def told(consequences):
    return [(each.code, each.stage) for each in consequences]


REVIEWED = standing("community-review", "city-prototyping", rounds=(a_round(),))


def drop(key):
    """The process without a stage, with what leads there led to the revision."""

    def change(stages, data):
        data["stages"] = [stage for stage in data["stages"] if stage["key"] != key]
        for stage in data["stages"]:
            for way in stage.get("transitions", ()):
                way["beside"] = [each for each in way.get("beside", ()) if each != key]

    return change


def set_in(key, **fields):
    return lambda stages, data: stages[key].update(fields)


def set_round(**fields):
    return lambda stages, data: stages["community-review"]["round"].update(fields)


def lapsing(days):
    """The community review closes by itself so many days after it began."""

    def change(stages, data):
        stage = stages["community-review"]
        stage["timers"] = [{"key": "gone", "after": f"P{days}D", "then": "take", "transition": "gone"}]
        stage["transitions"].append({"key": "gone", "kind": "end", "label": "Lapse", "to": "closed", "by": "timer"})

    return change


def most_sent_back(most):
    """The coordinator sends back at most so often."""

    def change(stages, data):
        way = next(each for each in stages["community-review"]["transitions"] if each["key"] == "send-back")
        way["at_most"] = most

    return change


def test_a_run_fits_into_its_own_version_and_nothing_changes():
    found = fit(REVIEWED, ENGINE, now=NOW)
    assert (found.changes, found.obstacles) == ((), ())


@pytest.mark.parametrize(
    ("change", "code", "stage"),
    [
        (drop("city-prototyping"), "stage-gone", "city-prototyping"),
        (set_in("city-prototyping", end=True, transitions=[]), "stage-is-an-end", "city-prototyping"),
        (set_round(key="peer-review"), "round-gone", "community-review"),
        (lambda stages, data: stages["community-review"].pop("round"), "round-gone", "community-review"),
        (set_round(kind="consultation"), "round-of-another-kind", "community-review"),
        (lapsing(9), "lapses-at-once", "community-review"),
    ],
)
def test_what_does_not_fit_is_named_at_its_stage(change, code, stage):
    found = fit(REVIEWED, other(change), now=NOW)
    assert (code, stage) in told(found.obstacles)
    assert found.changes == ()


def test_two_open_stages_stay_beside_each_other():
    def one_after_the_other(stages, data):
        submit = stages["drafting"]["transitions"][0]
        submit["beside"] = []
        stages["community-review"]["transitions"][0]["to"] = "city-prototyping"

    found = fit(REVIEWED, other(one_after_the_other), now=NOW)
    assert told(found.obstacles) == [("not-beside", "community-review")]
    alone = fit(standing("city-prototyping"), other(one_after_the_other), now=NOW)
    assert alone.obstacles == ()


def test_a_way_that_was_taken_too_often_does_not_fit_and_one_that_is_spent_is_told():
    run = standing("drafting", taken={("community-review", "send-back"): 2})
    assert told(fit(run, other(most_sent_back(1)), now=NOW).obstacles) == [("taken-too-often", "community-review")]
    found = fit(run, other(most_sent_back(2)), now=NOW)
    assert (found.obstacles, told(found.changes)) == ((), [("way-spent", "community-review")])


def test_an_ended_run_stays_where_it_ended():
    assert told(fit(standing("closed"), ENGINE, now=NOW).obstacles) == [("ended", "")]


def test_what_changes_at_the_present_stages_is_told():
    def change(stages, data):
        stages["community-review"]["capabilities"] = ["test"]
        stages["community-review"]["round"]["quorum"] = 3
        stages["community-review"]["transitions"].pop()
        stages["community-review"]["timers"] = [{"key": "soon", "after": "P11D", "then": "remind"}]
        data["conflicts"]["same-network"] = "block"

    found = fit(REVIEWED, other(change), now=NOW)
    assert found.obstacles == ()
    lost = [("timer-dropped", "community-review")] * len(ENGINE.stage("community-review").timers)
    assert told(found.changes) == [
        ("capability-gained", "community-review"),
        ("capability-lost", "community-review"),
        ("way-lost", "community-review"),
        ("round-stays", "community-review"),
        ("timer-set", "community-review"),
        *lost,
        ("conflicts", ""),
    ]


def test_a_timer_that_would_be_due_is_told_and_one_that_fired_stays_fired():
    def change(days):
        timers = [{"key": "review-overdue", "after": f"P{days}D", "then": "remind"}]
        return other(set_in("community-review", timers=timers))

    run = standing("community-review")
    assert ("timer-due", "community-review") in told(fit(run, change(5), now=NOW).changes)
    fired = standing("community-review", fired=[("community-review", "review-overdue")])
    assert waiting_timers(fired, change(5), now=NOW) == ()
    [again] = waiting_timers(fired, change(12), now=NOW)
    assert again.due_at == NOW + timedelta(days=2)


def test_what_the_system_would_do_at_once_is_told():
    def easier(stages, data):
        stages["community-review"]["transitions"][0]["when"] = []

    found = fit(standing("community-review"), other(easier), now=NOW)
    [move] = [each for each in found.changes if each.code == "moves-on"]
    assert (move.stage, move.names) == ("community-review", {"to": ("revision",)})


def test_a_closed_round_needs_no_template():
    run = standing("community-review", rounds=(a_round(is_closed=True),))
    assert fit(run, other(set_round(key="peer-review")), now=NOW).obstacles == ()
