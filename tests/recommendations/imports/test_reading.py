"""Reading a file with the lines of its parts."""

import json

from hypothesis import given
from hypothesis import strategies as st

from recommendations.imports.problems import written
from recommendations.imports.reading import read
from recommendations.text.inline import clean

printable = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), max_size=12)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | printable,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), inner),
    max_leaves=12,
)


def test_bare_words_are_words():
    data = read("a: no\nb: 2026-11-01\nc: true\nd: 12\ne: 1.5\nf: ~\ng:\nh: 0x1F\n").data
    assert data == {"a": "no", "b": "2026-11-01", "c": True, "d": 12, "e": 1.5, "f": None, "g": None, "h": "0x1F"}


def test_every_part_knows_its_line():
    lines = read("a:\n  - b: 1\n    c: |\n      text\n  - d\n").lines
    assert [lines.of(path) for path in ((), ("a",), ("a", 0, "b"), ("a", 0, "c"), ("a", 1))] == [1, 1, 2, 3, 5]
    assert lines.of(("a", 0, "missing", 7)) == 2


def test_a_path_is_written_as_people_read_it():
    assert written(("publications", 0, "authors", 1)) == "publications[0].authors[1]"


def test_json_keeps_what_yaml_would_read_differently():
    data = '{\t"a": "\\ud83d\\ude00 caf\\u0065\\u0301",\n\t"b": "x\\/y",\n\t"c": 1e2}'
    assert read(data).data == {"a": "😀 café", "b": "x/y", "c": 100.0}
    assert read(data).lines.of(("c",)) == 3


@given(st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), plain, min_size=1))
def test_json_is_read_as_it_was_written(data):
    def stripped(value):
        match value:
            case str():
                return clean(value).strip()
            case dict():
                return {key: stripped(item) for key, item in value.items()}
            case list():
                return [stripped(item) for item in value]
            case _:
                return value

    reading = read(json.dumps(data))
    assert (reading.data, reading.problems) == (stripped(data), [])


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_reading_never_raises(data):
    reading = read(data)
    assert all(problem.line >= 1 for problem in reading.problems)
