"""The one form of all long text: sections, guidelines, cases and editions.

A text is a tuple of blocks (heading, paragraph, list item, table, quote, image, footnote). Each block has
an id that stays with it through edits, a language, and runs: words with marks (strong, emphasis, link,
language, reference to a footnote). In the database and in the API it is a JSON list; `from_data` reads
and checks it, `to_data` writes it. HTML is only ever read into this form or written from it; nothing
works on HTML strings. See `docs/text-form.md`.
"""

from recommendations.text.anchors import Found, Lost, anchor_for, find, find_all
from recommendations.text.blocks import (
    Block,
    Footnote,
    Heading,
    Image,
    ListItem,
    Paragraph,
    Quote,
    Table,
    Text,
    kind_of,
    words,
)
from recommendations.text.canonical import block_hash, canonical_bytes, content_hash, sha256_of
from recommendations.text.data_in import check, from_data
from recommendations.text.data_out import to_data
from recommendations.text.diff import Change, RunChange, Tally, diff, tally
from recommendations.text.diff_html import diff_to_html
from recommendations.text.html_in import from_html
from recommendations.text.html_out import to_html
from recommendations.text.identity import keep_ids
from recommendations.text.inline import Marks, Run, Runs
from recommendations.text.limits import MAX_BLOCKS, MAX_BYTES
from recommendations.text.markdown import to_markdown
from recommendations.text.plain import excerpt, to_plain, word_count
from recommendations.text.plain_in import from_plain_text
from recommendations.text.problems import Problem, TextInvalid
from recommendations.text.surroundings import MAX_QUOTE, Anchor

__all__ = [
    "MAX_BLOCKS",
    "MAX_BYTES",
    "MAX_QUOTE",
    "Anchor",
    "Block",
    "Change",
    "Footnote",
    "Found",
    "Heading",
    "Image",
    "ListItem",
    "Lost",
    "Marks",
    "Paragraph",
    "Problem",
    "Quote",
    "Run",
    "RunChange",
    "Runs",
    "Table",
    "Tally",
    "Text",
    "TextInvalid",
    "anchor_for",
    "block_hash",
    "canonical_bytes",
    "check",
    "content_hash",
    "diff",
    "diff_to_html",
    "excerpt",
    "find",
    "find_all",
    "from_data",
    "from_html",
    "from_plain_text",
    "keep_ids",
    "kind_of",
    "sha256_of",
    "tally",
    "to_data",
    "to_html",
    "to_markdown",
    "to_plain",
    "word_count",
    "words",
]
