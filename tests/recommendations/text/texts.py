"""Strategies: any text that the form allows, and strings that try to break it."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations.text import (
    Block,
    Footnote,
    Heading,
    Image,
    ListItem,
    Marks,
    Paragraph,
    Quote,
    Run,
    Table,
    Text,
    check,
)
from recommendations.text.inline import tidy


def for_any(*strategies: st.SearchStrategy) -> Callable:
    """A property that holds for any such input; a few dozen are tried."""
    return lambda test: settings(max_examples=40)(given(*strategies)(test))


WORDS = st.text(
    st.sampled_from("abcdeé ñß-*_[]()<>&\"'`#|\\.,!1234 \n\u00a0żλж\U0001f3ad"), min_size=1, max_size=30
) | st.sampled_from(
    ["<script>alert(1)</script>", "&lt;b&gt;", "&amp;", "a > b", "--- x", "1. one", "- two", "## three", "> four"]
)
LANGS = st.sampled_from(["en", "fr", "pt-BR", "sr-Latn"])
LINKS = st.sampled_from(
    ["", "https://example.org/a?b=1&copy=2", "http://example.org/(x)", "mailto:a@example.org", "https://é.example/ü"]
)
MARKS = st.builds(
    Marks, strong=st.booleans(), emphasis=st.booleans(), link=LINKS, lang=st.just("") | st.sampled_from(["de", "el"])
)
RUNS = st.lists(st.builds(Run, WORDS, MARKS), max_size=5).map(tidy)
SOME_RUNS = RUNS.filter(bool)
FRAME = {"id": st.just("x"), "lang": LANGS}
ROWS = st.lists(st.lists(RUNS, min_size=1, max_size=4).map(tuple), min_size=1, max_size=4).map(tuple)

HEADINGS = st.builds(Heading, **FRAME, runs=SOME_RUNS, level=st.integers(2, 4))
PARAGRAPHS = st.builds(Paragraph, **FRAME, runs=SOME_RUNS)
ITEMS = st.builds(ListItem, **FRAME, runs=SOME_RUNS, ordered=st.booleans(), depth=st.integers(0, 5))
TABLES = st.builds(Table, **FRAME, rows=ROWS, caption=RUNS, header=st.booleans()).filter(
    lambda table: any(cell for row in table.rows for cell in row)
)
QUOTES = st.builds(Quote, **FRAME, runs=SOME_RUNS)
IMAGES = st.builds(
    Image,
    **FRAME,
    src=st.sampled_from(["https://example.org/i.png?a=1&b=2", "/media/i.png"]),
    alt=st.sampled_from(["A square", 'Tom & "Jerry" <b>']),
    caption=RUNS,
)
FOOTNOTES = st.builds(Footnote, **FRAME, runs=SOME_RUNS)
BLOCKS = HEADINGS | PARAGRAPHS | ITEMS | ITEMS | TABLES | QUOTES | IMAGES | FOOTNOTES


def in_order(blocks: list[Block]) -> Text:
    """The blocks with ids of their own and depths that rise by one at most."""
    result: list[Block] = []
    deepest = -1
    for n, block in enumerate(blocks):
        changes: dict[str, object] = {"id": f"block-{n}"}
        if isinstance(block, ListItem):
            deepest = changes["depth"] = min(block.depth, deepest + 1)
        else:
            deepest = -1
        result.append(type(block)(**{name: getattr(block, name) for name in block.__slots__} | changes))
    return check(tuple(result))


TEXTS = st.lists(BLOCKS, max_size=8).map(in_order)

_TAGS = st.sampled_from(
    [
        "p",
        "div",
        "h1",
        "h4",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "caption",
        "thead",
        "blockquote",
        "pre",
        "a",
        "b",
        "i",
        "span",
        "figure",
        "figcaption",
        "aside",
        "script",
        "style",
        "svg",
        "math",
        "template",
        "textarea",
        "title",
        "foo",
        "br",
        "hr",
        "img",
        "select",
        "option",
        "noscript",
    ]
)
_ATTRIBUTES = st.sampled_from(
    [
        "",
        ' lang="fr"',
        " id='b-x'",
        ' role="doc-footnote"',
        ' href="javascript:x"',
        " colspan=99999",
        ' start="-1"',
        ' src="https://a.example/b"',
        ' alt="x"',
        ' href="#b-x"',
        " onclick=alert(1)",
        ' x="',
        " '",
    ]
)
_PIECES = (
    st.tuples(_TAGS, _ATTRIBUTES).map(lambda each: f"<{each[0]}{each[1]}>")
    | _TAGS.map(lambda tag: f"</{tag}>")
    | st.sampled_from(["words", " ", "<", ">", "&", "&amp;", "&#0;", "<!--", "-->", "<![CDATA["])
)
HTML = st.lists(_PIECES, max_size=30).map("".join) | st.text(max_size=60)
