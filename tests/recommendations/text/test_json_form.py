import json

import pytest
from hypothesis import strategies as st

from recommendations.text import MAX_BLOCKS, TextInvalid, check, from_data, from_html, to_data
from tests.recommendations.text.texts import TEXTS, for_any

PARAGRAPH = {"kind": "paragraph", "id": "a", "lang": "en", "runs": [{"text": "Words"}]}


def refused(data: object) -> list[tuple[str, str]]:
    with pytest.raises(TextInvalid) as caught:
        from_data(data)
    return [(problem.code, problem.path) for problem in caught.value.problems]


@for_any(TEXTS)
def test_what_is_written_as_data_is_read_as_the_same_text(text):
    assert from_data(json.loads(json.dumps(to_data(text)))) == text


@for_any(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["kind", "id", "lang", "runs", "rows", "text", "marks"]), inner)
        ),
    )
)
def test_any_data_is_read_or_refused(data):
    try:
        from_data(data)
    except TextInvalid as error:
        assert error.problems


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"kind": "poem"}, ("kind_unknown", "[0].kind")),
        ({"id": "Not a slug"}, ("id_form", "[0].id")),
        ({"lang": "English"}, ("lang_form", "[0].lang")),
        ({"lang": "EN"}, ("lang_form", "[0].lang")),
        ({"runs": "Words"}, ("not_a_list", "[0].runs")),
        ({"runs": []}, ("empty", "[0].runs")),
        ({"runs": [{"text": " \u0000 "}]}, ("empty", "[0].runs")),
        ({"runs": ["Words"]}, ("not_a_run", "[0].runs[0]")),
        ({"runs": [{"text": "x", "marks": {"link": "javascript:x"}}]}, ("link_refused", "[0].runs[0].marks.link")),
        ({"runs": [{"text": "x", "marks": {"strong": 1}}]}, ("not_a_flag", "[0].runs[0].marks.strong")),
        ({"runs": [{"text": "x", "marks": {"colour": "red"}}]}, ("key_unknown", "[0].runs[0].marks")),
        ({"runs": [{"text": "1", "marks": {"note": "nowhere"}}]}, ("note_unknown", "[0]")),
        ({"level": 2}, ("key_unknown", "[0]")),
        ({"kind": "heading", "level": 1}, ("not_in_range", "[0].level")),
        ({"kind": "heading"}, ("not_in_range", "[0].level")),
        ({"kind": "list_item", "depth": 9}, ("not_in_range", "[0].depth")),
        ({"kind": "list_item", "depth": 1}, ("depth_jump", "[0].depth")),
        ({"kind": "list_item", "start": 3}, ("start_unordered", "[0].start")),
    ],
)
def test_a_fault_is_named_by_code_and_place(change, expected):
    assert refused([PARAGRAPH | change]) == [expected]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"src": "http://example.org/i.png"}, ("src_refused", "[0].src")),
        ({"src": "//example.org/i.png"}, ("src_refused", "[0].src")),
        ({"src": "/\t/example.org"}, ("src_refused", "[0].src")),
        ({"src": "/\\example.org"}, ("src_refused", "[0].src")),
        ({"src": "data:image/png;base64,x"}, ("src_refused", "[0].src")),
        ({"alt": " "}, ("alt_missing", "[0].alt")),
        ({"alt": None}, ("alt_missing", "[0].alt")),
    ],
)
def test_an_image_has_a_safe_source_and_words_in_its_place(change, expected):
    image = {"kind": "image", "id": "a", "lang": "en", "src": "/i.png", "alt": "A square"}
    assert from_data([image])
    assert refused([image | change]) == [expected]


def test_all_faults_are_reported_at_once():
    assert refused([PARAGRAPH | {"id": ""}, 7, PARAGRAPH | {"lang": None}]) == [
        ("id_form", "[0].id"),
        ("not_an_object", "[1]"),
        ("lang_form", "[2].lang"),
    ]


def test_an_id_stands_once():
    assert refused([PARAGRAPH, PARAGRAPH]) == [("id_repeated", "[1].id")]


@pytest.mark.parametrize("data", [None, {}, "words", 7])
def test_a_text_is_a_list(data):
    assert refused(data) == [("not_a_list", "")]


def test_a_table_has_words_and_bounds():
    table = {"kind": "table", "id": "a", "lang": "en", "rows": [[[{"text": "x"}], []]]}
    assert from_data([table])
    assert refused([table | {"rows": [[[]]]}]) == [("empty", "[0].rows")]
    assert refused([table | {"rows": [[]]}])[0] == ("empty", "[0].rows[0]")
    assert ("too_many_cells", "[0].rows[0]") in refused([table | {"rows": [[[]] * 21]}])


def test_limits_are_kept():
    many = [PARAGRAPH | {"id": f"a{n}"} for n in range(MAX_BLOCKS + 1)]
    assert from_data(many[:-1])
    assert refused(many) == [("too_many_blocks", "")]
    assert refused([PARAGRAPH | {"runs": [{"text": "é" * 160_000}]}]) == [("too_long", "")]


def test_html_with_an_image_without_words_is_read_but_not_accepted():
    text = from_html('<p>Words</p><img src="/i.png">', lang="en")
    with pytest.raises(TextInvalid) as caught:
        check(text)
    assert caught.value.code == "alt_missing"
