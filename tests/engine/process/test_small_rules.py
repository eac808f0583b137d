"""Chain, conflicts, tally and durations."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.process.chain import (
    GENESIS,
    Link,
    body_hash,
    first_fault,
    first_faults,
    link_hash,
    sealed_actor,
    word_hash,
)
from engine.process.conflicts import Side, Tie, bars, ties
from engine.process.durations import parse_duration
from engine.process.quorum import PanelFacts, Quorum, together
from engine.process.tally import ReviewFacts, merge_small, tally
from engine.process.values import definition_from
from engine.process.working_days import add_working_days

NOW = datetime(2027, 3, 1, tzinfo=UTC)
RULES = {"author": "block", "same-organisation": "block", "same-network": "warn"}


def chain(length: int, *, run: int = 1, seal: str = "s") -> list[Link]:
    links, previous = [], GENESIS
    for number in range(1, length + 1):
        link = Link(run, number, "moved", NOW, None, {"n": number}, previous, seal=seal)
        links.append(replace(link, hash=link_hash(link)))
        previous = links[-1].hash
    return links


@given(st.integers(1, 12), st.sampled_from(["", "s"]), st.data())
def test_any_change_to_a_chain_is_found(length, seal, data):
    links = chain(length, seal=seal)
    assert first_fault(links) is None
    place = data.draw(st.integers(0, length - 1))
    change = data.draw(st.sampled_from([{"kind": "other"}, {"actor": 5}, {"data": {}}, {"at": NOW + timedelta(1)}]))
    links[place] = replace(links[place], **change)
    assert first_fault(links) == place + 1


def test_a_missing_event_is_found():
    links = chain(5)
    assert first_fault(links[:2] + links[3:]) == 4


def test_a_chain_may_begin_unsealed_and_go_on_sealed():
    links = chain(2, seal="")
    link = Link(1, 3, "moved", NOW, 7, {}, links[-1].hash, seal="s")
    assert first_fault([*links, replace(link, hash=link_hash(link))]) is None


def test_the_first_fault_of_each_run_is_named():
    broken = chain(6, run=2)
    broken[1] = replace(broken[1], kind="other")
    broken[3] = replace(broken[3], kind="other")
    assert list(first_faults([*chain(3), *broken, *chain(4, run=3)[1:], *chain(2, run=5)])) == [(2, 2), (3, 2)]


def test_a_seal_hides_the_actor():
    link = Link(1, 1, "moved", NOW, 7, {}, GENESIS, seal="s")
    assert body_hash(link) == body_hash(replace(link, previous="0"))
    assert body_hash(link) != body_hash(replace(link, seal="t"))
    assert sealed_actor("s", None) != sealed_actor("s", 7)


def test_words_hash_differently_under_another_salt():
    assert word_hash("a", "Ada") != word_hash("b", "Ada")


def side(people=(), organisations=(), networks=()) -> Side:
    return Side(frozenset(people), frozenset(organisations), frozenset(networks))


def test_an_author_never_judges():
    assert bars(ties(side([1]), side([1, 2]), RULES)) == Tie("author", True)


def test_a_shared_organisation_blocks_and_a_shared_network_warns():
    found = ties(side([3], [10], [50]), side([1], [10], [50]), RULES)
    assert found == (Tie("same-organisation", True, 10), Tie("same-network", False, 50))


def test_strangers_have_no_conflict():
    assert ties(side([3], [11], [51]), side([1], [10], [50]), RULES) == ()


def test_a_kind_that_the_definition_leaves_out_is_no_conflict():
    assert ties(side([3], [10]), side([1], [10]), {}) == ()


sides = st.builds(side, st.sets(st.integers(1, 4)), st.sets(st.integers(10, 13)), st.sets(st.integers(50, 52)))


@given(sides, sides)
def test_conflicts_are_mutual(one, other):
    assert {(tie.kind, tie.with_id) for tie in ties(one, other, RULES)} == {
        (tie.kind, tie.with_id) for tie in ties(other, one, RULES)
    }


def test_tally_takes_means_of_those_who_scored():
    counted = tally([ReviewFacts({"clarity": 5, "need": 3}, "publish"), ReviewFacts({"clarity": 4}, "revise")])
    assert counted.means == {"clarity": 4.5, "need": 3.0}
    assert counted.advice == {"publish": 1, "revise": 1}
    assert counted.submitted == 2


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P21D", timedelta(days=21)),
        ("P2W", timedelta(weeks=2)),
        ("P1DT12H", timedelta(hours=36)),
        ("PT6H", timedelta(hours=6)),
    ],
)
def test_durations(text, length):
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "P", "PT", "21D", "P0D", "P1Y", "P-1D", "P1D "])
def test_what_is_no_duration(text):
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9)))
def test_merged_cells_name_nobody_and_lose_nobody(counts):
    merged = merge_small(counts)
    assert all(count >= 3 for count in merged.values())
    total = sum(counts.values())
    assert sum(merged.values()) == (total if total >= 3 else 0)


@pytest.mark.parametrize(
    ("quorum", "is_reached"),
    [
        (Quorum(3), True),
        (Quorum(4), False),
        (Quorum(1, share=0.5), True),
        (Quorum(1, share=0.6), False),
        (Quorum(1, kinds=frozenset({"academia"})), True),
        (Quorum(1, kinds=frozenset({"academia", "government"})), False),
        (Quorum(1, countries=2), True),
        (Quorum(1, countries=3), False),
    ],
)
def test_a_quorum_counts_who_handed_in(quorum, is_reached):
    first = PanelFacts(4, 2, frozenset({"academia"}), frozenset({"SE"}))
    second = PanelFacts(2, 1, frozenset({"industry"}), frozenset({"SE", "PT"}))
    assert quorum.reached(together([first, second])) is is_reached


STOCKHOLM = ZoneInfo("Europe/Stockholm")
FRIDAY = datetime(2027, 3, 26, 9, 0, tzinfo=UTC)


def test_working_days_pass_over_weekends_and_holidays_and_keep_the_time_of_day_across_summer_time():
    assert add_working_days(FRIDAY, 0, lambda day: False, STOCKHOLM) == FRIDAY
    assert add_working_days(FRIDAY, 1, lambda day: False, STOCKHOLM) == datetime(2027, 3, 29, 8, 0, tzinfo=UTC)
    easter = {date(2027, 3, 29)}
    assert add_working_days(FRIDAY, 1, easter.__contains__, STOCKHOLM) == datetime(2027, 3, 30, 8, 0, tzinfo=UTC)


def test_a_calendar_without_a_working_day_is_refused():
    with pytest.raises(ValueError, match="no working day"):
        add_working_days(FRIDAY, 1, lambda day: True, STOCKHOLM)


WORDS = {"en": {"default": "Review", "reviewer": "Your review"}, "pt": "Revisão"}


@pytest.mark.parametrize(
    ("language", "default", "for_reviewers"),
    [(None, "Review", "Your review"), ("pt", "Revisão", "Revisão"), ("sv", "Review", "Your review")],
)
def test_words_are_those_of_the_language_and_the_audience(language, default, for_reviewers):
    stage = {"key": "review", "kind": "review", "label": WORDS, "end": True}
    data = {"key": "words", "title": {"en": "Words", "pt": "Palavras"}, "languages": ["en", "pt"], "stages": [stage]}
    read = definition_from(data, language=language).start
    assert (read.label, read.label_for("author"), read.label_for("reviewer")) == (default, default, for_reviewers)


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        ({"capabilities": ["list"]}, {"list"}),
        ({"visibility": "listed"}, {"list"}),
        ({"visibility": "public"}, {"list", "read"}),
        ({"visibility": "participants"}, set()),
    ],
)
def test_who_may_know_follows_from_the_visibility(written, opened):
    stage = {"key": "a", "kind": "review", "label": "A", "end": True, **written}
    assert definition_from({"key": "k", "title": "T", "stages": [stage]}).start.capabilities == opened
