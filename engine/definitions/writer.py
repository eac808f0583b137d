"""Writing plain data that was read as YAML again, so that it reads back to the same data and the same hash."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from textwrap import indent
from typing import Any

import yaml

from engine.definitions.reader import PlainLoader

ORDER = (
    "format",
    "key",
    "title",
    "languages",
    "gate",
    "kind",
    "join",
    "label",
    "question",
    "description",
    "who",
    "visibility",
    "capabilities",
    "open_ended",
    "end",
    "number",
    "share",
    "blind",
    "quorum",
    "panel",
    "before",
    "on",
    "after",
    "then",
    "transition",
    "to",
    "beside",
    "by",
    "body",
    "reason",
    "at_most",
    "when",
    "effects",
    "form",
    "criteria",
    "period",
    "response",
    "reminders",
    "conflicts",
    "bodies",
    "calendars",
    "forms",
    "round",
    "timers",
    "transitions",
    "stages",
)
"""The order in which keys are written (the database keeps none); others follow by the alphabet."""

LINE_BREAKS = "\n\r\x85\u2028\u2029"


def write_definition(data: Mapping[str, Any]) -> str:
    """YAML of plain data: `read_definition` gives the same data back. Stages have room between them."""
    keys = sorted(data, key=_place)
    short = [key for key in keys if not isinstance(data[key], (list, dict)) or _is_line(data[key])]
    head = "".join(_dump({key: data[key]}) for key in short)
    return "\n".join([head, *(_paragraph(key, data[key]) for key in keys if key not in short)])


def write_part(data: Any) -> str:
    """YAML of a part of a definition, to be put among other lines."""
    return _dump(data)


class _Writer(yaml.SafeDumper):
    """Lists of single words in one line, all else in lines of its own; no anchors.

    A text is in quotation marks where the reader would take it for something else.
    """

    yaml_implicit_resolvers = PlainLoader.yaml_implicit_resolvers

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)


def _paragraph(key: str, value: Any) -> str:
    if key == "stages" and isinstance(value, list) and all(isinstance(stage, dict) for stage in value):
        return "stages:\n" + "\n".join(indent(_dump([stage]), "  ") for stage in value)
    return _dump({key: value})


def _dump(data: Any) -> str:
    return yaml.dump(data, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=116)


def _place(key: str) -> tuple[int, str]:
    return (ORDER.index(key) if key in ORDER else len(ORDER), key)


def _is_line(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(each, (list, dict)) for each in value)


def _list(writer: _Writer, value: list[Any]) -> yaml.Node:
    return writer.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=_is_line(value))


def _dict(writer: _Writer, value: dict[str, Any]) -> yaml.Node:
    return writer.represent_mapping("tag:yaml.org,2002:map", [(key, value[key]) for key in sorted(value, key=_place)])


def _str(writer: _Writer, value: str) -> yaml.Node:
    # The emitter loses some line breaks of Unicode unless they are escaped.
    style = '"' if any(mark in value for mark in LINE_BREAKS) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _float(writer: _Writer, value: float) -> yaml.Node:
    # Never with an exponent: the reader takes that for a text.
    return writer.represent_scalar("tag:yaml.org,2002:float", format(Decimal(repr(value)), "f"))


_Writer.add_representer(str, _str)
_Writer.add_representer(float, _float)
_Writer.add_representer(list, _list)
_Writer.add_representer(dict, _dict)
