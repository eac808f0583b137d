"""What people enter, checked field by field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ekip.shared.errors import Invalid
from recommendations.entries import Entries

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.binary(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_all_faults_are_told_in_one_refusal_with_the_code_of_the_first():
    entries = Entries()
    entries.line("title", "", most=10)
    entries.prose("summary", "x" * 11, most=10)
    entries.chosen("kind", "rumour", ["survey"])
    with pytest.raises(Invalid) as refusal:
        entries.enforce(title="", summary="typed")
    assert refusal.value.code == "field-empty"
    assert list(refusal.value.errors) == ["title", "summary", "kind"]
    assert refusal.value.context["kept"] == {"title": "", "summary": "typed"}


def test_a_line_is_one_line_and_prose_keeps_its_paragraphs():
    entries = Entries()
    assert entries.line("title", "  one\n two\t three ", most=20) == "one two three"
    assert entries.prose("summary", " one\r\n\r\ntwo ", most=20) == "one\n\ntwo"
    entries.enforce()


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("", ""),
        ("javascript:alert(1)", None),
        ("//example.org", None),
        ("mailto:a@example.org", None),
        ("https://user@example.org", None),
        ("ftp://example.org", None),
    ],
)
def test_an_address_is_http_or_https(address, kept):
    entries = Entries()
    assert entries.address("address", address) == (kept or "")
    assert bool(entries.errors) == (kept is None)


@given(anything)
def test_nothing_that_can_be_entered_breaks_a_check_and_what_passes_fits(value):
    entries = Entries()
    line = entries.line("line", value, most=10)
    prose = entries.prose("prose", value, most=10)
    assert len(line) <= 10
    assert len(prose) <= 10
    assert "\n" not in line
    assert "\x00" not in line + prose
    assert entries.chosen("chosen", value, ["a", "b"]) in {"a", "b", ""}
    assert set(entries.several("several", value, ["a", "b"])) <= {"a", "b"}
    assert entries.year("year", value) is None or 1900 <= value <= 2100
    assert entries.address("address", value).lower()[:4] in {"", "http"}
    assert isinstance(entries.blocks("blocks", value), list)


@given(st.lists(st.sampled_from(["a", "b", "c"])))
def test_chosen_keys_come_once_in_the_order_of_the_vocabulary(keys):
    entries = Entries()
    assert entries.several("keys", keys, ["c", "b", "a"]) == [key for key in "cba" if key in keys]
    entries.enforce()
