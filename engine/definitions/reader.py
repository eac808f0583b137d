"""Reading YAML: plain data only, within limits, with the line of every path."""

import hashlib
import json
from typing import Any

import yaml

MOST_BYTES = 256 * 1024
MOST_DEPTH = 30


class DefinitionUnreadable(ValueError):
    """The text is not the plain YAML that definitions are written in; `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def read_definition(text: str) -> tuple[Any, dict[tuple[str | int, ...], int]]:
    """Plain data, and the line (from 1) of each path in it.

    Raises:
        DefinitionUnreadable: broken YAML, anchors, aliases, tags, more than 256 KB, or nesting deeper than 30.
    """
    if len(text.encode()) > MOST_BYTES:
        raise DefinitionUnreadable("The definition is larger than 256 KB.", 1)
    try:
        _refuse_clever_yaml(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DefinitionUnreadable(str(error.problem or error), line) from error
    lines: dict[tuple[str | int, ...], int] = {}
    return (_plain(node, (), lines) if node is not None else None), lines


def content_hash(data: Any) -> str:
    """SHA-256, in hexadecimal, of the canonical bytes of plain data."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _refuse_clever_yaml(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise DefinitionUnreadable("Anchors and aliases are not used in definitions.", line)
        if getattr(event, "tag", None) and not getattr(event, "implicit", True):
            raise DefinitionUnreadable("Tags are not used in definitions.", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            raise DefinitionUnreadable("The definition is nested deeper than 30 levels.", line)


def _plain(node: yaml.Node, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in result:
                raise DefinitionUnreadable(f"{key} is written twice.", key_node.start_mark.line + 1)
            result[key] = _plain(value_node, (*path, key), lines)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, (*path, number), lines) for number, each in enumerate(node.value)]
    return yaml.SafeLoader("").construct_object(node)
