import time

import pytest

from recommendations.text import (
    Footnote,
    Heading,
    Image,
    ListItem,
    Marks,
    Paragraph,
    Quote,
    Run,
    Table,
    from_html,
    kind_of,
    to_plain,
    words,
)
from tests.recommendations.text.texts import HTML, for_any


def read(html: str):
    return from_html(html, lang="en")


def outline(html: str) -> list[tuple[str, str]]:
    return [(kind_of(block), words(block)) for block in read(html)]


@for_any(HTML)
def test_no_string_is_too_odd(html):
    text = read(html)
    assert len({block.id for block in text}) == len(text)
    assert "\0" not in to_plain(text)


def test_the_same_html_gives_the_same_ids():
    html = "<p>One</p><p>Two</p><p>One</p>"
    assert read(html) == read(html)
    assert {block.id for block in read(html)}.isdisjoint(block.id for block in from_html(html, lang="en", salt="x"))


def test_the_first_heading_of_a_page_becomes_one_of_level_two():
    assert [block.level for block in read("<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4><h6>e</h6>")] == [2, 2, 3, 4, 4]


def test_unknown_elements_leave_their_words_and_scripts_nothing():
    html = "<foo>a <bar onclick=x>b</bar></foo><script>alert('no')</script><style>no</style><SCRIPT>no</SCRIPT >"
    assert outline(html) == [("paragraph", "a b")]


def test_elements_that_divide_make_paragraphs():
    assert outline("<div>a</div>b<section>c<p>d</section>e<br><br>f<br>g") == [
        ("paragraph", "a"),
        ("paragraph", "b"),
        ("paragraph", "c"),
        ("paragraph", "d"),
        ("paragraph", "e"),
        ("paragraph", "f\ng"),
    ]


def test_marks_are_kept_and_joined():
    [paragraph] = read('<p>a <b>b <i>c</i></b><strong> d</strong> <a href="https://example.org">e</a></p>')
    assert paragraph.runs == (
        Run("a "),
        Run("b ", Marks(strong=True)),
        Run("c", Marks(strong=True, emphasis=True)),
        Run(" d", Marks(strong=True)),
        Run(" "),
        Run("e", Marks(link="https://example.org")),
    )


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JAVA\tSCRIPT:alert(1)",
        "data:text/html,x",
        "/library/",
        "//example.org",
        "ftp://x.y/z",
        "https://good.example@bad.example/",
        "https:example.org",
        "mailto:",
        "http://[",
        "https://a\u2028b",
    ],
)
def test_a_link_that_is_not_allowed_leaves_its_words(href):
    [paragraph] = read(f'<p>see <a href="{href}">here</a></p>')
    assert paragraph.runs == (Run("see here"),)


def test_lists_are_flat_and_know_their_depth():
    text = read("<ul><li>a<ol><li>b<p>c</p></li></ol></li><li>d</li></ul>")
    assert [(words(item), item.ordered, item.depth) for item in text] == [
        ("a", False, 0),
        ("b\nc", True, 1),
        ("d", False, 0),
    ]


def test_a_depth_never_jumps():
    assert [block.depth for block in read("<ul><ul><ul><li>a</li></ul></ul><li>b</li></ul>")] == [0, 0]


def test_numbers_of_lists_are_kept():
    text = read('<ol start="3"><li>a<li>b</ol><p>c</p><ol start="5"><li>d</ol><ol><li>e<li>f</ol>')
    assert [block.start for block in text if isinstance(block, ListItem)] == [3, 0, 5, 1, 0]


def test_a_table_keeps_its_shape():
    [table] = read(
        "<table><caption>Who</caption><tr><th>A<th>B<tr><td colspan=2>1<tr><td rowspan=2>2<td>3<tr><td>4</table>"
    )
    assert table.header
    assert words(table) == "Who\nA\tB\n1\t\n2\t3\n\t4"


def test_a_table_in_a_cell_becomes_words_of_the_cell():
    assert outline("<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td></tr></table>") == [
        ("table", "a\nb c")
    ]


def test_words_between_the_parts_of_a_table_are_not_lost():
    assert "stray" in words(read("<table>stray<tr><td>a</table>")[0])


def test_an_image_follows_the_words_around_it_and_takes_its_caption():
    text = read(
        '<p>a <img src="/i.png" alt="I"> b</p><figure><img src="/j.png" alt="J"><figcaption>K</figcaption></figure>'
    )
    assert [kind_of(block) for block in text] == ["paragraph", "image", "image"]
    assert text[2].caption == (Run("K"),)


def test_an_image_from_an_unsafe_place_leaves_its_words():
    assert outline('<img src="http://example.org/i.png" alt="A square">') == [("paragraph", "A square")]


def test_quotes_and_languages():
    text = read('<blockquote lang="fr"><p>Un</p><p>Deux <span lang="EN_gb">two</span></p></blockquote>')
    assert text[0] == Quote(id=text[0].id, lang="fr", runs=(Run("Un"),))
    assert text[1].runs == (Run("Deux "), Run("two", Marks(lang="en-GB")))


def test_footnotes_and_their_references_find_each_other():
    text = read(
        '<p>So<sup><a href="#fn1">1</a></sup><a href="#no">x</a></p><ol><li id="fn1" role="doc-endnote">Why</li></ol>'
    )
    assert isinstance(text[1], Footnote)
    assert text[0].runs == (Run("So"), Run("1", Marks(note=text[1].id)), Run("x"))


def test_spaces_are_single_and_hard_spaces_stay():
    assert outline("<p>  a \n\t b&nbsp;c <b> d</b> </p><p>&nbsp;</p>")[0] == ("paragraph", "a b\u00a0c d")


def test_preformatted_lines_stay_lines():
    assert outline("<pre>a\n  b</pre>") == [("paragraph", "a\nb")]


def test_control_characters_vanish():
    assert outline("<p>a\0b\x08c\u2028d</p>") == [("paragraph", "abc d")]


def test_a_broken_tag_at_the_end_is_read_as_words():
    assert outline("<p>1 <2 and x <y") == [("paragraph", "1 <2 and x <y")]


@pytest.mark.parametrize(
    "piece",
    ["<div>", "<b>", "<ul><li>x", "<table><tr><td>", "<table>x", "<p><b>x", "&", "<", '<a ">" ', "<div><!--</div>-->"],
)
def test_hostile_nesting_takes_linear_time(piece):
    html = piece * (60_000 // len(piece))
    start = time.process_time()
    read(html)
    assert time.process_time() - start < 3


def test_types_are_the_public_ones():
    kinds = {type(block) for block in read("<h2>a</h2><p>b<ul><li>c</ul><table><td>d</table><img src=/i alt=i>")}
    assert kinds == {Heading, Paragraph, ListItem, Table, Image}
