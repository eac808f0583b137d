"""Writing the JSON form of a text, with every key present."""

from __future__ import annotations

from typing import Any

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
)
from recommendations.text.inline import Run, Runs


def to_data(text: Text) -> list[dict[str, Any]]:
    """The text as plain data for JSON."""
    return [block_data(block) for block in text]


def block_data(block: Block) -> dict[str, Any]:
    """One block as plain data."""
    data: dict[str, Any] = {"id": block.id, "kind": kind_of(block), "lang": block.lang}
    match block:
        case Heading():
            return data | {"level": block.level, "runs": _runs_data(block.runs)}
        case ListItem():
            place = {"ordered": block.ordered, "depth": block.depth, "start": block.start}
            return data | place | {"runs": _runs_data(block.runs)}
        case Table():
            rows = [[_runs_data(cell) for cell in row] for row in block.rows]
            return data | {"header": block.header, "caption": _runs_data(block.caption), "rows": rows}
        case Image():
            return data | {"src": block.src, "alt": block.alt, "caption": _runs_data(block.caption)}
        case Paragraph() | Quote() | Footnote():
            return data | {"runs": _runs_data(block.runs)}


def _runs_data(runs: Runs) -> list[dict[str, Any]]:
    return [_run_data(run) for run in runs]


def _run_data(run: Run) -> dict[str, Any]:
    marks: dict[str, Any] = {}
    if run.marks.strong:
        marks["strong"] = True
    if run.marks.emphasis:
        marks["emphasis"] = True
    for name, value in (("link", run.marks.link), ("lang", run.marks.lang), ("note", run.marks.note)):
        if value:
            marks[name] = value
    return {"text": run.text, "marks": marks} if marks else {"text": run.text}
