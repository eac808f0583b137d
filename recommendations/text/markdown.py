"""A text as Markdown (CommonMark with tables and footnotes), for taking away and for other tools."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from recommendations.text.blocks import Block, Footnote, Heading, Image, ListItem, Quote, Table, Text, labels
from recommendations.text.inline import Run, Runs, words_of
from recommendations.text.limits import MAX_TABLE_COLUMNS
from recommendations.text.lists import ListCounter

_SPECIAL = re.compile(r"[\\`*_\[\]<>&|~]")
_LINE_START = re.compile(r"(?m)^(#{1,6}|[-+=]|[0-9]+(?=[.)]))")
_EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
_PLAIN_PARENTHESES = re.compile(r"[^()]*(?:\([^()]*\)[^()]*)*")


def to_markdown(text: Text, *, heading_offset: int = 0) -> str:
    """The text as Markdown. Languages and block ids have no place in it and are left out."""
    counter = ListCounter()
    names = labels(text)
    lines: list[str] = []
    after_item = False
    for block in text:
        number = counter.number(block)
        is_item = isinstance(block, ListItem)
        if lines and not (is_item and after_item):
            lines.append("")
        lines.append(_block(block, number, names, heading_offset))
        after_item = is_item
    return "\n".join([*lines, ""]) if lines else ""


def _block(block: Block, number: int, names: dict[str, str], heading_offset: int) -> str:
    match block:
        case Heading():
            level = max(1, min(6, block.level + heading_offset))
            return f"{'#' * level} {_inline(block.runs, line_break=' ')}"
        case ListItem():
            sign = f"{number}." if block.ordered else "-"
            margin = "   " * block.depth
            return f"{margin}{sign} " + _inline(block.runs, line_break="\\\n" + margin + " " * (len(sign) + 1))
        case Quote():
            return "> " + _inline(block.runs, line_break="\\\n> ")
        case Footnote():
            label = names.get(block.id, block.id)
            return f"[^{_label(label)}]: " + _inline(block.runs, line_break="\\\n    ")
        case Image():
            caption = words_of(block.caption).replace("\n", " ").replace('"', "”")
            title = f' "{caption}"' if caption else ""
            return f"![{_escaped(block.alt)}]({_address(block.src)}{title})"
        case Table():
            return "\n".join(_table(block))
        case _:
            return _inline(block.runs, line_break="\\\n")


def _table(block: Table) -> Iterator[str]:
    if block.caption:
        yield _inline(block.caption, line_break=" ") + "\n"
    rows = [[_inline(cell, line_break="<br>") for cell in row] for row in block.rows]
    width = min(MAX_TABLE_COLUMNS, max(map(len, rows), default=1))
    head, body = (rows[0], rows[1:]) if block.header and rows else ([], rows)
    yield "| " + " | ".join([*head, *[""] * (width - len(head))]) + " |"
    yield "|" + " --- |" * width
    for row in body:
        yield "| " + " | ".join(row) + " |"


def _inline(runs: Runs, *, line_break: str) -> str:
    parts: list[str] = []
    for (link, note), stretch in groupby(runs, key=lambda run: (run.marks.link, run.marks.note)):
        stretched = list(stretch)
        if note:
            parts.append(f"[^{_label(words_of(stretched))}]")
        elif link:
            parts.append(f"[{_strong(stretched)}]({_address(link)})")
        else:
            parts.append(_strong(stretched))
    joined = _LINE_START.sub(r"\\\1", "".join(parts)) if parts else ""
    return re.sub(r"(?m)^\\([0-9]+)", r"\1\\", joined).replace("\n", line_break)


def _strong(runs: Iterable[Run]) -> str:
    return "".join(
        _around("**" if strong else "", _emphasis(stretch))
        for strong, stretch in groupby(runs, key=lambda run: run.marks.strong)
    )


def _emphasis(runs: Iterable[Run]) -> str:
    return "".join(
        _around("*" if emphasis else "", _escaped(words_of(stretch)))
        for emphasis, stretch in groupby(runs, key=lambda run: run.marks.emphasis)
    )


def _around(sign: str, words: str) -> str:
    """The words between two signs, with white space kept outside, where Markdown wants it."""
    match = _EDGES.fullmatch(words)
    if not sign or match is None or not match[2]:
        return words
    return f"{match[1]}{sign}{match[2]}{sign}{match[3]}"


def _escaped(words: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", words).replace("![", r"\![")


def _label(label: str) -> str:
    return re.sub(r"[\s\[\]\\^|]+", "-", label) or "note"


def _address(address: str) -> str:
    if _PLAIN_PARENTHESES.fullmatch(address):
        return address.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return address.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")
