"""The words by which an edition is found."""

from hypothesis import given
from hypothesis import strategies as st

from ekip.shared.folding import fold
from recommendations.publishing.search_text import MAX_BYTES, search_text


def test_parts_are_folded_into_one_text():
    assert search_text(["Košice", "", "Łódź"]) == "kosice lodz"


def test_a_very_long_text_keeps_each_of_its_words_once():
    found = search_text(["again " * 200_000, "last"])
    assert found == "again last"


@given(st.lists(st.text(max_size=40), max_size=20))
def test_no_word_of_an_ordinary_text_is_lost(parts):
    assert set(search_text(parts).split()) == {word for part in parts for word in fold(part).split()}


def test_the_text_never_grows_beyond_what_a_search_vector_holds():
    found = search_text(f"ž{number}я" for number in range(200_000))
    assert len(found.encode()) <= MAX_BYTES
