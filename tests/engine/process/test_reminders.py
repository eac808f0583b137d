"""Reminders: which are owed and which make sense, whenever anybody looks."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.process.reminders import (
    BY_HAND,
    Circle,
    Owed,
    RoundWatch,
    VisitWatch,
    next_look,
    owed,
    owed_by_timer,
    senseless,
    senseless_of_visit,
    superseded,
)
from engine.process.values import Rung

OPENED = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANNA, BORIS, CLARA, DORA, EMIL = range(1, 6)
CIRCLE = Circle({"authors": frozenset({CLARA}), "coordinators": frozenset({DORA}), "deputies": frozenset({EMIL})})
LADDER = (
    Rung("week", ("reviewers",), before=7 * DAY),
    Rung("day", ("reviewers",), before=DAY),
    Rung("late", ("coordinators",), after=3 * DAY),
    Rung("later", ("deputies",), after=7 * DAY),
)
ROUND = RoundWatch(5, "reading", LADDER, OPENED, OPENED + 14 * DAY, waited_for=frozenset({ANNA, BORIS}))
CLOSED = replace(ROUND, closed_at=ROUND.closes_at)


def rules(watch: RoundWatch, at: datetime, circle: Circle = CIRCLE, had=()) -> list[tuple[str, int, str]]:
    return [(line.rule.split(":")[2], line.recipient, line.reason) for line in owed(watch, circle, had=had, now=at)]


def test_a_rung_is_owed_from_its_instant_on():
    assert rules(ROUND, OPENED + 7 * DAY - HOUR) == []
    assert rules(ROUND, OPENED + 7 * DAY) == [("week", ANNA, ""), ("week", BORIS, "")]


def test_a_rung_before_the_opening_is_not_owed():
    short = replace(ROUND, closes_at=OPENED + 2 * DAY)
    assert rules(short, OPENED + DAY) == [("day", ANNA, ""), ("day", BORIS, "")]


def test_a_rung_that_comes_after_the_deadline_is_dropped_at_once():
    assert rules(ROUND, ROUND.closes_at)[0] == ("week", ANNA, "past")
    assert {reason for _rule, _person, reason in rules(ROUND, ROUND.closes_at)} == {"past"}


def test_coordinators_hear_of_a_round_that_closed_and_settled_nothing():
    assert rules(replace(CLOSED, waited_for=frozenset()), ROUND.closes_at + 3 * DAY) == [("late", DORA, "")]
    for settled in ("quorum", "reopened"):
        quiet = replace(CLOSED, settled=settled, waited_for=frozenset())
        assert rules(quiet, ROUND.closes_at + 9 * DAY) == []


def test_a_round_that_should_have_closed_and_has_not_is_asked_again():
    after = ROUND.closes_at + 8 * DAY
    assert {rule for rule, *_more in rules(ROUND, after)} == {"week", "day"}
    assert next_look(ROUND, now=after) == after + timedelta(minutes=5)


def test_one_that_is_over_owes_nothing():
    for over in ("cancelled", "left"):
        assert rules(replace(ROUND, over=over), ROUND.closes_at) == []
        assert next_look(replace(ROUND, over=over), now=OPENED) is None


def test_deputies_stand_in_while_every_coordinator_is_away():
    quiet = replace(CLOSED, waited_for=frozenset())
    away = replace(CIRCLE, absent=frozenset({DORA}))
    assert rules(quiet, ROUND.closes_at + 3 * DAY, away) == [("late", DORA, ""), ("late", EMIL, "")]
    none = Circle({"deputies": frozenset({EMIL})})
    assert rules(quiet, ROUND.closes_at + 3 * DAY, none) == [("late", EMIL, "")]
    two = replace(away, by_name={**CIRCLE.by_name, "coordinators": frozenset({DORA, CLARA})})
    assert rules(quiet, ROUND.closes_at + 3 * DAY, two) == [("late", CLARA, ""), ("late", DORA, "")]


def test_a_deadline_that_moves_reminds_again_but_not_of_what_had_passed():
    had = [("round:reading:week", ANNA)]
    moved = replace(ROUND, closes_at=ROUND.closes_at + 3 * DAY, moved_at=OPENED + 13 * DAY)
    assert rules(moved, OPENED + 13 * DAY, had=had) == [("week", BORIS, "")]
    assert rules(moved, OPENED + 16 * DAY, had=had) == [("week", BORIS, ""), ("day", ANNA, ""), ("day", BORIS, "")]
    far = replace(ROUND, closes_at=ROUND.closes_at + 30 * DAY, moved_at=OPENED + 13 * DAY)
    assert rules(far, far.closes_at - 7 * DAY, had=had) == [("week", ANNA, ""), ("week", BORIS, "")]


def line(rule="round:reading:week", person=ANNA, due=OPENED + 7 * DAY) -> Owed:
    return Owed(rule, "round:5", person, due)


@pytest.mark.parametrize(
    ("watch", "reminder", "reason"),
    [
        (ROUND, line(), ""),
        (replace(ROUND, over="left"), line(), "left"),
        (CLOSED, line(), "closed"),
        (replace(ROUND, closes_at=ROUND.closes_at + DAY), line(), "moved"),
        (replace(ROUND, waited_for=frozenset({BORIS}), done={ANNA: "handed-in"}), line(), "handed-in"),
        (replace(ROUND, waited_for=frozenset(), done={ANNA: "declined"}), line(), "declined"),
        (replace(ROUND, rungs=LADDER[1:]), line(), "rule-gone"),
        (ROUND, line(person=EMIL), "no-role"),
        (ROUND, line(rule=BY_HAND, due=OPENED), ""),
        (CLOSED, line(rule=BY_HAND, due=OPENED), "closed"),
        (replace(ROUND, waited_for=frozenset(), done={ANNA: "removed"}), line(rule=BY_HAND, due=OPENED), "removed"),
        (CLOSED, line("round:reading:late", DORA, CLOSED.closes_at + 3 * DAY), ""),
        (CLOSED, line("round:reading:late", EMIL, CLOSED.closes_at + 3 * DAY), ""),  # stood in
        (CLOSED, line("round:reading:late", ANNA, CLOSED.closes_at + 3 * DAY), "no-role"),
        (replace(CLOSED, settled="quorum"), line("round:reading:late", DORA, CLOSED.closes_at + 3 * DAY), "quorum"),
    ],
)
def test_whether_it_still_makes_sense(watch, reminder, reason):
    assert senseless(watch, reminder, CIRCLE, now=OPENED + 8 * DAY) == reason


def test_it_makes_no_sense_from_the_deadline_on():
    assert senseless(ROUND, line(), CIRCLE, now=ROUND.closes_at) == "past"


def test_timers_owe_those_whom_they_name():
    visit = VisitWatch(3, "reading", {"late": (OPENED, ("authors", "coordinators"))}, ("coordinators",))
    lines = owed_by_timer(visit, "late", CIRCLE)
    assert [(each.rule, each.about, each.recipient) for each in lines] == [
        ("timer:reading:late", "visit:3", CLARA),
        ("timer:reading:late", "visit:3", DORA),
    ]
    assert [senseless_of_visit(visit, each, CIRCLE) for each in lines] == ["", ""]
    assert senseless_of_visit(replace(visit, is_left=True), lines[0], CIRCLE) == "left"
    assert senseless_of_visit(replace(visit, timers={}), lines[0], CIRCLE) == "rule-gone"
    moved = replace(visit, timers={"late": (OPENED + DAY, ("authors",))})
    assert senseless_of_visit(moved, lines[0], CIRCLE) == "moved"
    assert senseless_of_visit(visit, replace(lines[0], recipient=BORIS), CIRCLE) == "no-role"
    assert owed_by_timer(visit, "unknown", CIRCLE) == ()


def test_of_several_at_once_the_latest_is_sent_and_those_by_hand_stand_for_themselves():
    week, day = line(), line("round:reading:day", due=ROUND.closes_at - DAY)
    other, hand = line(person=BORIS), line(BY_HAND)
    assert superseded([week, day, other, hand]) == {week}


# A round whose reviewers hand in when they like, looked at in any rhythm.


@dataclass
class Course:
    """What happens in a round, and when; `state(at)` is the round as it stands then."""

    days: int
    rungs: tuple[Rung, ...]
    handed_in: dict[int, int]  # hours after the opening
    reopened: int | None
    sent: dict[tuple, datetime] = field(default_factory=dict)
    ledger: dict[tuple, str] = field(default_factory=dict)

    @property
    def closes_at(self) -> datetime:
        return OPENED + self.days * DAY

    def state(self, at: datetime) -> RoundWatch:
        in_time = {p: h for p, h in self.handed_in.items() if OPENED + h * HOUR < self.closes_at}
        done = {p: "handed-in" for p, h in in_time.items() if OPENED + h * HOUR <= at}
        is_closed = at >= self.closes_at
        settled = ""
        if is_closed and len(done) >= 2:
            settled = "quorum"
        elif is_closed and self.reopened is not None and at >= self.closes_at + self.reopened * HOUR:
            settled = "reopened"
        return RoundWatch(
            5,
            "reading",
            self.rungs,
            OPENED,
            self.closes_at,
            closed_at=at if is_closed else None,
            settled=settled,
            waited_for=frozenset({ANNA, BORIS} - done.keys()),
            done=done,
        )

    def tick(self, at: datetime) -> None:
        """What one tick does: write what is owed and not in the ledger, then send or drop what waits."""
        now = self.state(at)
        for each in owed(now, CIRCLE, had=(), now=at):
            self.ledger.setdefault(key(each), each.reason or "waits")
        waiting = [line_of(each) for each, state in self.ledger.items() if state == "waits"]
        fit = []
        for each in waiting:
            reason = senseless(now, each, CIRCLE, now=at)
            if reason:
                self.ledger[key(each)] = reason
            else:
                fit.append(each)
        for each in fit:
            outdone = each in superseded(fit)
            self.ledger[key(each)] = "superseded" if outdone else "sent"
            if not outdone:
                assert key(each) not in self.sent
                self.sent[key(each)] = at


def key(each: Owed) -> tuple:
    return (each.rule, each.about, each.recipient, each.due_at)


def line_of(parts: tuple) -> Owed:
    return Owed(*parts)


rungs = st.lists(
    st.one_of(
        st.builds(
            lambda n, h, to: Rung(f"b{n}", to, before=h * HOUR),
            st.integers(0, 9),
            st.integers(1, 200),
            st.just(("reviewers",)),
        ),
        st.builds(
            lambda n, h, to: Rung(f"a{n}", to, after=h * HOUR),
            st.integers(0, 9),
            st.integers(0, 200),
            st.sampled_from([("coordinators",), ("deputies",), ("authors", "coordinators")]),
        ),
    ),
    max_size=5,
    unique_by=lambda rung: rung.key,
).map(tuple)
courses = st.builds(
    Course,
    st.integers(1, 8),
    rungs,
    st.dictionaries(st.sampled_from([ANNA, BORIS]), st.integers(0, 250)),
    st.none() | st.integers(0, 250),
)
HOURS = 20 * 24


@given(courses, st.sets(st.integers(0, HOURS), max_size=40), st.data())
def test_any_rhythm_of_ticks_sends_what_ticks_without_a_gap_send_but_for_what_lost_its_sense(course, hours, data):
    dense, sparse = replace(course, sent={}, ledger={}), replace(course, sent={}, ledger={})
    for hour in range(HOURS + 1):
        dense.tick(OPENED + hour * HOUR)
    for hour in sorted({*hours, HOURS}):
        for _again in range(data.draw(st.integers(1, 2))):
            sparse.tick(OPENED + hour * HOUR)
    assert sparse.sent.keys() <= dense.sent.keys()
    for missed in dense.sent.keys() - sparse.sent.keys():
        seen = OPENED + min(hour for hour in {*hours, HOURS} if OPENED + hour * HOUR >= missed[3]) * HOUR
        late = line_of(missed)
        later = [line_of(each) for each in dense.sent if each[1:3] == missed[1:3] and missed[3] < each[3] <= seen]
        is_senseless = senseless(sparse.state(seen), late, CIRCLE, now=seen) != ""
        assert is_senseless or late in superseded([late, *later])


@given(courses, st.integers(0, HOURS))
def test_between_two_looks_nothing_falls_due(course, hour):
    at = OPENED + hour * HOUR
    watch = course.state(at)
    then = next_look(watch, now=at) or at + 400 * DAY
    before = {key(each) for each in owed(watch, CIRCLE, had=(), now=at)}
    just_before = min(then - timedelta(seconds=1), at + 400 * DAY)
    if watch.closed_at is None and just_before >= watch.deadline:
        return  # the closing is looked at by itself
    assert {key(each) for each in owed(watch, CIRCLE, had=(), now=just_before)} <= before
