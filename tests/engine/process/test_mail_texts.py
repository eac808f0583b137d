"""Texts with placeholders from a closed list."""

from hypothesis import given
from hypothesis import strategies as st

from engine.process.mail_texts import LONGEST_BODY, LONGEST_SUBJECT, TextFault, faults, fill

ALLOWED = ("title", "area", "answer_by")
words = st.text(st.characters(exclude_characters="{}", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1)


def codes(text: str, *, is_subject: bool = False) -> list[str]:
    return [each.code for each in faults(text, ALLOWED, is_subject=is_subject)]


@given(st.lists(st.one_of(words, st.sampled_from([f"{{{name}}}" for name in ALLOWED])), min_size=1).map("".join))
def test_words_with_known_placeholders_have_no_fault(text):
    assert [code for code in codes(text) if code not in ("empty", "too-long")] == []


@given(st.text())
def test_whatever_has_no_fault_is_filled_and_what_is_filled_in_is_never_read(text):
    values = {"title": "{area} {nonsense}", "area": "\N{LATIN SMALL LETTER E WITH ACUTE}", "answer_by": "{"}
    if faults(text, ALLOWED, is_subject=False) == ():
        filled = fill(text, values)
        assert filled.count("{nonsense}") == text.count("{title}")


@given(words, st.sampled_from("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), words)
def test_no_subject_begins_a_second_line(before, separator, after):
    assert "line-break" in codes(f"a{before}{separator}b{after}", is_subject=True)


def test_each_fault_is_named():
    assert codes(" \n ") == ["empty"]
    assert codes("x" * (LONGEST_BODY + 1)) == ["too-long"]
    assert codes("x" * (LONGEST_SUBJECT + 1), is_subject=True) == ["too-long"]
    assert codes("a\x07b") == ["control-character"]
    assert faults("{titel} and {%x%}", ALLOWED, is_subject=False) == (
        TextFault("unknown-placeholder", "{titel}", "title"),
        TextFault("unknown-placeholder", "{%x%}"),
    )
    assert codes("{title") == ["lone-brace"]
    assert codes("title}") == ["lone-brace"]
    assert codes("{{title}}") == ["lone-brace", "lone-brace"]


def test_a_paragraph_with_nothing_to_say_is_left_out():
    text = "Hello about {title}.\r\n\r\nAnswer until {answer_by}.\n\nGoodbye."
    assert fill(text, {"title": "Crafts", "answer_by": ""}) == "Hello about Crafts.\n\nGoodbye."
    assert fill(text, {"title": "Crafts", "answer_by": "noon"}).split("\n\n")[1] == "Answer until noon."
