"""A diff as HTML: what came in `<ins>`, what went in `<del>`, with marks and lists kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Literal

from recommendations.text.blocks import labels
from recommendations.text.diff import Change, RunChange
from recommendations.text.html_out import Piece, Style, assemble, inline_html

Side = Literal["both", "before", "after"]

_HIDDEN = {"both": "", "before": "added", "after": "removed"}


def diff_to_html(
    changes: Sequence[Change], *, lang: str, side: Side = "both", heading_offset: int = 0, id_prefix: str = "d-"
) -> str:
    """The diff as one document for a page in `lang`.

    `side` chooses one column of a side-by-side view: `before` shows what was, with removals marked,
    `after` what is, with additions marked. Blocks carry a class with their fate (`is-added` …).
    """
    style = Style(lang, heading_offset=heading_offset, id_prefix=id_prefix)
    shown = [change for change in changes if change.fate != _HIDDEN[side]]
    referred: set[str] = set()
    pieces = [_piece(change, side, style, referred) for change in shown]
    text = tuple(piece.block for piece in pieces)
    return assemble(pieces, style, labels(text))


def _piece(change: Change, side: Side, style: Style, referred: set[str]) -> Piece:
    block = change.before if side == "before" and change.before else change.block
    inner = tuple(_slot_html(slot, block.lang, side, style, referred) for slot in change.slots)
    classes = "" if change.fate == "kept" else f"is-{change.fate}"
    return Piece(block, inner, classes, anchored=change.fate != "removed" or side == "before")


def _slot_html(slot: Iterable[RunChange], lang: str, side: Side, style: Style, referred: set[str]) -> str:
    parts = []
    for fate, stretch in groupby(slot, key=lambda part: part.fate):
        if fate == _HIDDEN[side]:
            continue
        html = inline_html((part.run for part in stretch), lang, style, referred)
        tag = {"added": "ins", "removed": "del"}.get(fate)
        parts.append(f"<{tag}>{html}</{tag}>" if tag else html)
    return "".join(parts)
