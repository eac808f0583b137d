"""Simple text, as people type it and data files hold it, read into blocks.

Blank lines divide paragraphs; `## ` opens a heading, `- ` and `1. ` an item (indented: one level deeper),
`> ` a quote, `| a | b |` a table row, `![words](address)` an image, `[^1]: ` a footnote. Within a line:
`**strong**`, `*emphasis*`, `[words](address)`, `[^1]`, and a backslash before a sign that is meant as itself.
"""

from __future__ import annotations

import re
from dataclasses import replace

from recommendations.text.blocks import (
    Block,
    Footnote,
    Heading,
    IdMaker,
    Image,
    ListItem,
    Paragraph,
    Quote,
    Table,
    Text,
    rename_notes,
    slots,
    with_slots,
)
from recommendations.text.inline import Runs, clean, squeeze, tidy
from recommendations.text.limits import MAX_LIST_DEPTH
from recommendations.text.links import safe_src
from recommendations.text.lists import ListCounter
from recommendations.text.signs import read_signs

_HEADING = re.compile(r"(#{1,6}) +(.*)")
_ITEM = re.compile(r"( *)(?:[-*+]|([0-9]{1,4})[.)]) +(.*)")
_QUOTE = re.compile(r"> ?(.*)")
_IMAGE = re.compile(r'!\[((?:\\.|[^\[\]\\])*)\]\((\S+?)(?: "([^"]*)")?\)')
_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]: +(.*)")
_ROW = re.compile(r"\|.*\|")
_RULE = re.compile(r"\|(?: *:?-+:? *\|)+")
_CELL_END = re.compile(r"(?<!\\)\|")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def from_plain_text(source: str, *, lang: str, salt: str = "") -> Text:
    """The blocks that simple text describes, in the language `lang`. Never raises on what it holds.

    Ids are derived from the words and `salt`, so that the same source gives the same text.
    """
    reader = _Reader(lang)
    for line in clean(source).replace("\t", "    ").split("\n"):
        reader.line(line.rstrip(" "))
    reader.flush()
    ids = IdMaker(salt=salt)
    blocks = [replace(block, id=ids.make(block)) for block in reader.blocks]
    notes = {reader.labels[n]: block.id for n, block in enumerate(blocks) if n in reader.labels}
    renamed = (rename_notes(block, notes) for block in blocks)
    return tuple(with_slots(block, tuple(tidy(place) for place in slots(block))) for block in renamed)


class _Reader:
    """Reads line by line. `shape` is the open block without its words, `lines` the lines it has so far."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.blocks: list[Block] = []
        self.labels: dict[int, str] = {}  # position of a footnote -> its label
        self.counter = ListCounter()
        self.indents: list[int] = []  # of the open list items, outermost first
        self.shape: Block | None = None
        self.label = ""
        self.lines: list[str] = []
        self.rows: list[str] = []

    def line(self, line: str) -> None:
        bare = line.strip(" ")
        if _ROW.fullmatch(bare):
            self.flush(keep_table=True)
            self.rows.append(bare)
        elif not bare:
            self.flush()
        elif match := _HEADING.fullmatch(line):
            level = min(4, max(2, len(match[1])))
            self.open(Heading(id="", lang=self.lang, runs=(), level=level), match[2])
            self.flush()
        elif match := _ITEM.fullmatch(line):
            self.item(len(match[1]), match[2], match[3])
        elif match := _FOOTNOTE.fullmatch(line):
            self.open(Footnote(id="", lang=self.lang, runs=()), match[2])
            self.label = match[1]
        elif match := _QUOTE.fullmatch(line):
            self.quote(match[1])
        elif (match := _IMAGE.fullmatch(bare)) and safe_src(match[2]):
            self.image(match[1], match[2], match[3] or "")
        elif self.shape is None or (self.rows and not self.lines):
            self.open(Paragraph(id="", lang=self.lang, runs=()), bare)
        else:
            self.lines.append(bare)

    def open(self, shape: Block, words: str) -> None:
        self.flush()
        self.shape, self.lines = shape, [words]

    def quote(self, words: str) -> None:
        if not words.strip(" "):
            self.flush()
        elif isinstance(self.shape, Quote):
            self.lines.append(words)
        else:
            self.open(Quote(id="", lang=self.lang, runs=()), words)

    def item(self, indent: int, number: str | None, words: str) -> None:
        self.flush()
        if not self.blocks or not isinstance(self.blocks[-1], ListItem):
            self.indents = []
        while self.indents and indent < self.indents[-1]:
            self.indents.pop()
        if not self.indents or indent > self.indents[-1]:
            self.indents.append(indent)
        depth = min(len(self.indents) - 1, MAX_LIST_DEPTH)
        natural = self.counter.natural(ordered=number is not None, depth=depth)
        # Many people write 1. before every item; only a number that runs ahead is meant.
        start = int(number) if number and int(number) > natural else 0
        ordered = number is not None
        self.open(ListItem(id="", lang=self.lang, runs=(), ordered=ordered, depth=depth, start=start), words)

    def image(self, alt: str, src: str, caption: str) -> None:
        self.flush()
        words = squeeze(_ESCAPE.sub(r"\1", alt))
        self.add(Image(id="", lang=self.lang, src=safe_src(src), alt=words, caption=tidy(read_signs(caption))))

    def flush(self, *, keep_table: bool = False) -> None:
        """End the open block, or the open table."""
        if self.shape is not None:
            runs = tidy(read_signs("\n".join(self.lines)))
            if runs:
                if isinstance(self.shape, Footnote):
                    self.labels[len(self.blocks)] = self.label
                self.add(with_slots(self.shape, (runs,)))
        elif self.rows and not keep_table:
            self.table()
        self.shape, self.lines = None, []

    def table(self) -> None:
        lines, self.rows = self.rows, []
        ruled = len(lines) > 1 and bool(_RULE.fullmatch(lines[1]))
        rows = [_cells(line) for n, line in enumerate(lines) if not (ruled and n == 1)]
        header = ruled and any(rows[0])
        if ruled and not header:
            rows = rows[1:]
        if any(cell for row in rows for cell in row):
            self.add(Table(id="", lang=self.lang, rows=tuple(rows), header=header))

    def add(self, block: Block) -> None:
        self.counter.number(block)
        self.blocks.append(block)


def _cells(line: str) -> tuple[Runs, ...]:
    return tuple(tidy(read_signs(cell)) for cell in _CELL_END.split(line)[1:-1])
