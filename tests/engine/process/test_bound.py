"""How long a run can be at most, counted by hand."""

from datetime import timedelta

from engine.process.bound import Bound, bound
from engine.process.values import definition_from


def stage(key, *ways, after=None, **more):
    """A stage as plain data; `after` so long its first way is taken by a timer."""
    timers = [{"key": "over", "after": after, "then": "take", "transition": ways[0]["key"]}] if after else []
    return {"key": key, "kind": "draft", "label": key, "timers": timers, "transitions": list(ways)} | more


def way(to, by="timer", kind="advance", **more):
    """A way as plain data."""
    return {"key": f"{kind}-{to}", "kind": kind, "label": to, "to": to, "by": by} | more


def process(*stages):
    """A definition of these stages and an end."""
    end = {"key": "end", "kind": "end", "label": "End", "end": True}
    return definition_from({"key": "example", "title": "Example", "stages": [*stages, end]})


def test_a_chain_is_as_long_as_its_stages():
    chain = process(stage("a", way("b"), after="P3D"), stage("b", way("end"), after="P4D"))
    assert bound(chain) == Bound(2, timedelta(days=7), ())


def test_what_passes_by_itself_takes_no_time():
    assert bound(process(stage("a", way("end", by="system")))) == Bound(1, timedelta(0), ())


def test_a_way_back_counts_as_often_as_it_may_be_taken():
    back = way("a", by="decider", kind="return", at_most=2)
    turning = process(stage("a", way("b"), after="P3D"), stage("b", way("end"), back, after="P4D"))
    assert bound(turning) == Bound(2 + 2 * (1 + 2), timedelta(days=7 + 2 * 7), ())


def test_of_branches_the_longest_counts_in_time_and_all_count_in_moves():
    forked = process(
        stage("a", way("b", beside=["c"]), after="P1D"),
        stage("b", way("d"), after="P9D"),
        stage("c", way("d"), after="P4D"),
        stage("d", way("end"), after="P1D", join=True),
    )
    assert bound(forked) == Bound(1 + 2 + 2, timedelta(days=11), ())


def test_a_stage_that_promises_no_end_is_named():
    waiting = process(stage("a", way("end", by="author"), open_ended=True))
    assert bound(waiting) == Bound(1, None, ("a",))
