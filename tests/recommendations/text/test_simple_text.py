from hypothesis import strategies as st

from recommendations.text import (
    Footnote,
    Heading,
    Image,
    ListItem,
    Marks,
    Paragraph,
    Quote,
    Run,
    check,
    excerpt,
    from_html,
    from_plain_text,
    kind_of,
    to_markdown,
    to_plain,
    word_count,
    words,
)
from tests.recommendations.text.texts import TEXTS, for_any

SOURCE = """\
## Why it **matters**

A first paragraph with *emphasis*, **strong words** and
[a link](https://example.org/a_(b)), over two lines.\\
And a break.

- one
  - one and a half
- two

1. first
1. second

> In the words
> of someone else.

| Who | What |
| --- | --- |
| City | pays \\| plans |

![A square](/media/i.png "Seen from above")

Said before[^a].

[^a]: By whom.
"""


def read(source: str):
    return from_plain_text(source, lang="en")


def test_every_kind_of_block_can_be_written():
    text = check(read(SOURCE))
    assert [kind_of(block) for block in text] == [
        "heading",
        "paragraph",
        *["list_item"] * 5,
        "quote",
        "table",
        "image",
        "paragraph",
        "footnote",
    ]
    assert words(text[1]) == "A first paragraph with emphasis, strong words and a link, over two lines.\nAnd a break."
    assert [(item.ordered, item.depth) for item in text[2:7]] == [
        (False, 0),
        (False, 1),
        (False, 0),
        (True, 0),
        (True, 0),
    ]
    assert words(text[8]) == "Who\tWhat\nCity\tpays | plans"
    assert text[10].runs[1] == Run("a", Marks(note=text[11].id))


def test_markdown_of_a_text_reads_as_the_same_text():
    text = read(SOURCE)
    again = read(to_markdown(text))
    assert to_markdown(again) == to_markdown(text)
    assert [kind_of(block) for block in again] == [kind_of(block) for block in text]


@for_any(TEXTS)
def test_markdown_keeps_the_words(text):
    def bare(each):
        return "".join(
            "".join(words(block).split()) for block in each if isinstance(block, Heading | Paragraph | ListItem | Quote)
        )

    alone = tuple(block for block in text if not isinstance(block, Image | Footnote))
    plain = tuple(block for block in alone if kind_of(block) != "table")
    assert bare(read(to_markdown(plain))) == bare(plain)


@for_any(st.text(st.sampled_from("ab *_\\[]()!^>|#-1.\n<br>`"), max_size=80))
def test_any_source_is_read(source):
    text = read(source)
    assert len({block.id for block in text}) == len(text)


def test_signs_without_a_partner_stay():
    [paragraph] = read("5 * 3 = 15, **never closed, a\\*b\\* [x](javascript:y)")
    assert paragraph.runs == (Run("5 * 3 = 15, **never closed, a*b* [x](javascript:y)"),)


def test_many_signs_take_linear_time():
    assert read("**a " * 50_000)
    assert read("[a](" * 50_000)


def test_strong_and_emphasis_nest():
    [paragraph] = read("***a* b** c")
    assert paragraph.runs == (Run("a", Marks(strong=True, emphasis=True)), Run(" b", Marks(strong=True)), Run(" c"))


def test_a_number_that_runs_ahead_is_meant():
    text = read("3. a\n4. b\n\nwords\n\n5. c")
    assert [block.start for block in text if isinstance(block, ListItem)] == [3, 0, 5]


def test_the_plain_form_shows_lists_tables_and_notes():
    assert to_plain(read(SOURCE)) == (
        "Why it matters\n\n"
        "A first paragraph with emphasis, strong words and a link, over two lines.\nAnd a break.\n\n"
        "- one\n   - one and a half\n- two\n1. first\n2. second\n\n"
        "In the words of someone else.\n\n"
        "Who | What\nCity | pays | plans\n\n"
        "[A square]\nSeen from above\n\n"
        "Said before[a].\n\n"
        "[a] By whom."
    )


def test_words_are_counted_without_labels():
    assert word_count(read("One two-part [link](https://example.org)[^1].\n\n[^1]: l'été, 2,5 ha")) == 6


def test_an_excerpt_ends_at_a_word():
    text = read("One two three four.\n\nFive.")
    assert excerpt(text, 100) == "One two three four. Five."
    assert excerpt(text, 12) == "One two…"


def test_markdown_from_html_escapes_what_would_be_a_sign():
    assert to_markdown(from_html("<p># no heading</p><p>1. no item</p><p>a*b_c</p>", lang="en")) == (
        "\\# no heading\n\n1\\. no item\n\na\\*b\\_c\n"
    )
