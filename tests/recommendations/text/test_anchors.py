import pytest
from hypothesis import assume
from hypothesis import strategies as st

from recommendations.text import (
    Anchor,
    Found,
    Lost,
    TextInvalid,
    anchor_for,
    find,
    find_all,
    from_plain_text,
    keep_ids,
    words,
)
from tests.recommendations.text.texts import TEXTS, for_any

SOURCE = """\
## Procurement

Cities should reserve a share of cultural procurement for small studios. They report on it every year.

Networks collect these reports and compare them across borders.

- A city with more than 100 000 people names a lead.
- A city with fewer than 100 000 people shares a lead.
"""


def read(source: str):
    return from_plain_text(source, lang="en")


def edited(before, old: str, new: str):
    """The text after an edit in its source, as the editor would bring it back."""
    assert old in SOURCE
    return keep_ids(read(SOURCE.replace(old, new)), before)


def passage(text, place):
    return words(next(block for block in text if block.id == place.block_id))[place.start : place.end]


@for_any(TEXTS, TEXTS, st.data())
def test_a_passage_is_found_after_edits_elsewhere(text, others, data):
    assume(text)
    block = data.draw(st.sampled_from(text))
    anchor = anchor_for(text, block.id)
    new = [
        type(other)(**{name: getattr(other, name) for name in other.__slots__} | {"id": f"new-{other.id}"})
        for other in others
    ]
    cut = data.draw(st.integers(0, len(new)))
    after = (*new[:cut], block, *new[cut:])
    found = find(anchor, after)
    assert isinstance(found, Found)
    assert found.exact
    assert found.block_id == block.id


@for_any(TEXTS, TEXTS, st.data())
def test_a_passage_is_never_found_on_other_words(text, others, data):
    assume(text)
    block = data.draw(st.sampled_from(text))
    anchor = anchor_for(text, block.id)
    found = find(anchor, others)
    if isinstance(found, Found) and found.exact:
        assert passage(others, found).split() == anchor.quote.split()


def test_an_anchor_says_where_it_is():
    text = read(SOURCE)
    anchor = anchor_for(text, text[1].id, "cultural  procurement\nfor")
    assert anchor.quote == "cultural procurement for"
    assert passage(text, find(anchor, text)) == "cultural procurement for"
    assert Anchor.from_data(anchor.to_data()) == anchor


@pytest.mark.parametrize(("block", "quote"), [(9, ""), (1, "words not there"), (1, "x" * 3_000)])
def test_an_anchor_needs_its_words(block, quote):
    text = read(SOURCE)
    with pytest.raises(TextInvalid):
        anchor_for(text, text[block].id if block < len(text) else "none", quote)


@pytest.mark.parametrize("data", [None, {}, {"block_id": "a", "quote": " "}, {"block_id": "a", "quote": 7}])
def test_an_anchor_is_checked_when_it_is_read(data):
    with pytest.raises(TextInvalid):
        Anchor.from_data(data)


def test_of_several_places_the_one_meant_is_kept():
    text = read("Pay artists. We pay. Pay artists. They stay.")
    second = anchor_for(text, text[0].id, "Pay artists", start=21)
    assert find(second, text) == Found(text[0].id, 21, 32)
    after = keep_ids(read("Now pay. Pay artists. We pay. Pay artists. They stay."), text)
    assert find(second, after).start == 30


def test_a_passage_follows_its_words_into_another_paragraph():
    before = read(SOURCE)
    anchor = anchor_for(before, before[1].id, "They report on it every year.")
    after = edited(before, " They report", "\n\nThey report")
    found = find(anchor, after)
    assert found.block_id != anchor.block_id
    assert passage(after, found) == "They report on it every year."


def test_an_edited_passage_is_found_where_it_stood():
    before = read(SOURCE)
    anchor = anchor_for(before, before[1].id, "reserve a share of cultural procurement for small studios")
    after = edited(before, "a share of cultural", "a fifth of cultural")
    found = find(anchor, after)
    assert not found.exact
    assert passage(after, found) == "reserve a fifth of cultural procurement for small studios"


def test_a_remark_on_a_whole_block_stays_with_it():
    before = read(SOURCE)
    anchor = anchor_for(before, before[2].id)
    after = edited(before, "compare them across borders", "publish them")
    found = find(anchor, after)
    assert passage(after, found) == "Networks collect these reports and publish them."


@pytest.mark.parametrize("loses_ids", [True, False])
def test_a_similar_sentence_next_to_it_is_not_the_passage(loses_ids):
    before = read(SOURCE)
    anchor = anchor_for(before, before[3].id)
    source = SOURCE.replace("- A city with more than 100 000 people names a lead.\n", "")
    after = from_plain_text(source, lang="en", salt="x") if loses_ids else tuple(b for b in before if b != before[3])
    assert isinstance(find(anchor, after), Lost)


def test_a_word_is_not_found_inside_another():
    before = read("The art of making. Words follow here.")
    anchor = anchor_for(before, before[0].id, "art")
    assert isinstance(find(anchor, keep_ids(read("The party of making. Words follow here."), before)), Lost)


def test_a_deleted_twin_is_not_taken_for_the_other():
    before = read(
        "Before it.\n\nThe same sentence stands twice in this text.\n\nBetween.\n\n"
        "The same sentence stands twice in this text.\n\nAfter."
    )
    anchor = anchor_for(before, before[1].id)
    after = tuple(block for block in before if block.id != before[1].id)
    assert isinstance(find(anchor, after), Lost)


def test_a_short_quote_is_not_found_without_its_context():
    before = read("Every year the city pays the studios what they need.")
    anchor = anchor_for(before, before[0].id, "pays")
    after = (type(before[0])(id=before[0].id, lang="en", runs=read("Nobody ever pays attention.")[0].runs),)
    assert isinstance(find(anchor, after), Lost)


def test_many_anchors_are_found_at_once():
    text = read(SOURCE)
    anchors = [anchor_for(text, block.id) for block in text]
    assert [found.block_id for found in find_all(anchors, text)] == [block.id for block in text]
