"""Changing single values in a definition's text, so that comments and the order of lines stay."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from textwrap import indent
from typing import Any

import yaml

from engine.definitions.reader import DefinitionUnreadable, PlainLoader, read_definition
from engine.definitions.writer import write_definition, write_part

Edit = tuple[int, int, str]


def with_value(text: str, key: str, value: str) -> str:
    """A readable text with another value for an outermost key; as it is when no single text stands there."""
    root = yaml.compose(text, Loader=PlainLoader)
    stored = _child(root, key)
    if not isinstance(stored, yaml.ScalarNode):
        return text
    start, end = stored.start_mark.index, stored.end_mark.index
    written = json.dumps(value, ensure_ascii=False)
    return text[:start] + written + ("\n" if text[start:end].endswith("\n") else "") + text[end:]


def with_stage(text: str, wanted: dict[str, Any], *, after: str, ways: Sequence[str]) -> str:
    """A text that says what `wanted` says: a stage follows the stage `after`, whose `ways` lead to it.

    Every other line stays as it is, with its comments. Where the text is written in a way that does not allow this,
    all of it is written anew.
    """
    number = next(n for n, stage in enumerate(wanted["stages"]) if stage["key"] == after)
    try:
        root = yaml.compose(text, Loader=PlainLoader)
        stage = _child(root, "stages").value[number]
        edits = [*_relinked(stage, ways, wanted["stages"][number + 1]["key"], text)]
        edits.append(_appended(stage, wanted["stages"][number + 1], text))
        changed = text
        for start, end, words in sorted(edits, reverse=True):
            changed = changed[:start] + words + changed[end:]
        is_same = read_definition(changed)[0] == wanted
    except (AttributeError, IndexError, DefinitionUnreadable, yaml.YAMLError):
        is_same = False
    return changed if is_same else write_definition(wanted)


def _relinked(stage: yaml.Node, ways: Sequence[str], to: str, text: str) -> Iterator[Edit]:
    for way in _child(stage, "transitions").value:
        if _child(way, "key").value in ways:
            target = _child(way, "to")
            yield target.start_mark.index, target.end_mark.index, to
            for name, value in way.value:
                if name.value == "beside":
                    yield _line_start(text, name.start_mark.line), _line_start(text, _last_line(value) + 1), ""


def _appended(stage: yaml.Node, data: dict[str, Any], text: str) -> Edit:
    place = _line_start(text, _last_line(stage) + 1)
    gap = "\n" if text[:place].endswith("\n") else "\n\n"
    return place, place, gap + indent(write_part([data]), " " * (stage.start_mark.column - 2))


def _child(node: Any, key: str) -> Any:
    return next((value for name, value in node.value if name.value == key), None)


def _last_line(node: yaml.Node) -> int:
    """The line (from 0) on which a part ends; the marks of a block also take in what is empty below it."""
    if isinstance(node, yaml.ScalarNode):
        return node.end_mark.line - (node.end_mark.column == 0)
    if node.flow_style:
        return node.end_mark.line
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)


def _line_start(text: str, line: int) -> int:
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[:line]))
