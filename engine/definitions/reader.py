"""Reading YAML: plain data only, within limits, with the line of every path."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Any

import yaml

from engine.process.messages import _

MOST_BYTES = 256 * 1024
MOST_DEPTH = 30
# What a database or a mail cannot hold: the null character, and halves of characters.
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")

Path = tuple[str | int, ...]
Lines = Mapping[Path, int]


UNREADABLE: Mapping[str, str] = {
    "too-large": _("The definition is larger than 256 KB."),
    "too-deep": _("The definition is nested deeper than 30 levels."),
    "anchor": _("Anchors and aliases are not used in definitions."),
    "tag": _("Tags are not used in definitions."),
    "name": _("A name is written as a plain word."),
    "twice": _("%(name)s is written twice."),
    "character": _("The text has a character that cannot be stored."),
    "broken": _("This is no YAML: %(problem)s."),
}


class DefinitionUnreadable(ValueError):
    """The text is not the plain YAML that definitions are written in; `line` counts from 1, `code` is of UNREADABLE."""

    def __init__(self, code: str, line: int, **names: str) -> None:
        super().__init__(UNREADABLE[code] % names)
        self.code, self.line, self.names = code, line, names


class PlainLoader(yaml.SafeLoader):
    """YAML whose words without quotation marks are texts, unless they are true, false, null or decimal numbers.

    So "NO" is a country, "on" a word, and 2027-12-31 a text of ten characters.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """The next node, unless it is clever or lies too deep."""
        event = self.peek_event()
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise DefinitionUnreadable("anchor", line)
        if event.tag:
            raise DefinitionUnreadable("tag", line)
        if self.depth > MOST_DEPTH:
            raise DefinitionUnreadable("too-deep", line)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


# By tag: the form, the characters with which it begins, and what it says.
SCALARS: Mapping[str, tuple[str, list[str], Callable[[str], Any]]] = {
    "tag:yaml.org,2002:bool": (r"true|false", ["t", "f"], "true".__eq__),
    "tag:yaml.org,2002:null": (r"null|~|", ["n", "~", ""], lambda text: None),
    "tag:yaml.org,2002:int": (r"-?(?:0|[1-9][0-9]{0,14})", list("-0123456789"), int),
    "tag:yaml.org,2002:float": (r"-?[0-9]{1,15}\.[0-9]{1,15}", list("-0123456789"), float),
}
for tag, (form, first, _read) in SCALARS.items():
    PlainLoader.add_implicit_resolver(tag, re.compile(rf"^(?:{form})$"), first)


def read_definition(text: str) -> tuple[Any, dict[Path, int]]:
    """Plain data, and the line (from 1) of each path in it.

    The last few texts are remembered: one text is checked, compared, tried and published.

    Raises:
        DefinitionUnreadable: broken YAML, anchors, aliases, tags, more than 256 KB, or nesting deeper than 30.
    """
    data, lines = _read(text)
    return deepcopy(data), dict(lines)


@lru_cache(maxsize=8)
def _read(text: str) -> tuple[Any, Lines]:
    if unstorable(text) == "too-large":
        raise DefinitionUnreadable("too-large", 1)
    lines: dict[Path, int] = {}
    try:
        node = yaml.compose(text, Loader=PlainLoader)
        return (_plain(node, (), lines) if node is not None else None), lines
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DefinitionUnreadable("broken", line, problem=str(error.problem or error)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise DefinitionUnreadable("character", line) from error


def unstorable(text: str) -> str:
    """The code of what keeps a text, readable or not, from being stored; empty when it can be."""
    if len(text) > MOST_BYTES or len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        return "too-large"
    return "character" if UNSTORABLE.search(text) else ""


def line_of(path: Path, lines: Lines) -> int:
    """The line on which a path stands; of something that is missing, the line of what lacks it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def content_hash(data: Any) -> str:
    """SHA-256, in hexadecimal, of the canonical bytes of plain data."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    line = lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = key_node.value, key_node.start_mark.line + 1
            if not isinstance(key, str) or UNSTORABLE.search(key):
                raise DefinitionUnreadable("name", line)
            if key in result:
                raise DefinitionUnreadable("twice", line, name=key)
            result[key] = _plain(value_node, (*path, key), lines)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, (*path, number), lines) for number, each in enumerate(node.value)]
    if UNSTORABLE.search(node.value):
        raise DefinitionUnreadable("character", line)
    return SCALARS[node.tag][2](node.value) if node.tag in SCALARS else node.value
