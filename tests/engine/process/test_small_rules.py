"""Chain, conflicts, tally and durations."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.process.chain import GENESIS, Link, first_fault, link_hash, word_hash
from engine.process.conflicts import Side, Tie, bars, ties
from engine.process.durations import parse_duration
from engine.process.tally import ReviewFacts, merge_small, tally

NOW = datetime(2027, 3, 1, tzinfo=UTC)
RULES = {"author": "block", "same-organisation": "block", "same-network": "warn"}


def chain(length: int) -> list[Link]:
    links, previous = [], GENESIS
    for number in range(1, length + 1):
        link = Link(1, number, "moved", NOW, None, {"n": number}, previous)
        links.append(replace(link, hash=link_hash(link)))
        previous = links[-1].hash
    return links


@given(st.integers(1, 12), st.data())
def test_any_change_to_a_chain_is_found(length, data):
    links = chain(length)
    assert first_fault(links) is None
    place = data.draw(st.integers(0, length - 1))
    change = data.draw(st.sampled_from([{"kind": "other"}, {"actor": 5}, {"data": {}}, {"at": NOW + timedelta(1)}]))
    links[place] = replace(links[place], **change)
    assert first_fault(links) == place + 1


def test_a_missing_event_is_found():
    links = chain(5)
    assert first_fault(links[:2] + links[3:]) == 4


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
