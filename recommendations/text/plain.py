"""A text as plain words: for search, mail and counting."""

from __future__ import annotations

import re

from recommendations.text.blocks import Block, Footnote, Image, ListItem, Table, Text, labels, slots, words
from recommendations.text.inline import Runs, words_of
from recommendations.text.lists import ListCounter

_WORD = re.compile(r"\w+(?:[-'’.,]\w+)*")


def to_plain(text: Text) -> str:
    """The words of the text, blocks divided by blank lines, references to footnotes in brackets."""
    names = labels(text)
    counter = ListCounter()
    parts: list[str] = []
    after_item = False
    for block in text:
        number = counter.number(block)
        is_item = isinstance(block, ListItem)
        if parts:
            parts.append("\n" if is_item and after_item else "\n\n")
        parts.append(_plain(block, number, names))
        after_item = is_item
    return "".join(parts)


def word_count(text: Text) -> int:
    """How many words a reader reads, alternative texts not counted."""
    return sum(
        len(_WORD.findall(words_of(run for run in runs if not run.marks.note)))
        for block in text
        for runs in slots(block)
    )


def excerpt(text: Text, length: int = 200) -> str:
    """The first words of the text on one line, at most `length` characters, with an ellipsis when cut."""
    line = ""
    for block in text:
        line = " ".join(f"{line} {words(block)}".split())
        if len(line) > length:
            return line[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
    return line


def _plain(block: Block, number: int, names: dict[str, str]) -> str:
    match block:
        case ListItem():
            margin = "   " * block.depth
            sign = f"{number}. " if block.ordered else "- "
            return margin + sign + _line(block.runs).replace("\n", "\n" + margin + " " * len(sign))
        case Table():
            rows = [" | ".join(_line(cell).replace("\n", " ") for cell in row) for row in block.rows]
            return "\n".join([_line(block.caption), *rows] if block.caption else rows)
        case Image():
            return "\n".join([f"[{block.alt}]", _line(block.caption)] if block.caption else [f"[{block.alt}]"])
        case Footnote():
            return f"[{names.get(block.id, '*')}] {_line(block.runs)}"
        case _:
            return _line(block.runs)


def _line(runs: Runs) -> str:
    return "".join(f"[{run.text}]" if run.marks.note else run.text for run in runs)
