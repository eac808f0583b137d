"""From the bytes of a file to plain data, with the line of every part. YAML, or JSON."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from recommendations.imports.problems import Lines, Path, Problem
from recommendations.text.inline import clean

MAX_BYTES = 5 * 1024 * 1024


@dataclass
class Reading:
    """What a file says: plain data (None when it could not be read), the lines of its parts, faults of its form."""

    data: Any = None
    lines: Lines = field(default_factory=Lines)
    problems: list[Problem] = field(default_factory=list)

    def fault(self, line: int, message: str) -> "Reading":
        """The reading with a fault that belongs to no part."""
        self.problems.append(Problem(line, "", message))
        return self


def read(source: bytes | str) -> Reading:
    """Read a file of at most five megabytes. Never raises on what it holds."""
    reading = Reading()
    if len(source) > MAX_BYTES:
        return reading.fault(1, "The file is larger than five megabytes. Divide it.")
    try:
        words = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return reading.fault(line, "The file is not written in UTF-8.")
    try:
        return _read_json(words, reading) if words.lstrip().startswith("{") else _read_yaml(words, reading)
    except RecursionError:
        return Reading().fault(1, "The file is nested too deeply.")


def _read_json(words: str, reading: Reading) -> Reading:
    try:
        data = json.loads(words)
    except json.JSONDecodeError as error:
        return reading.fault(error.lineno, f"This is not JSON: {error.msg}.")
    except ValueError as error:
        return reading.fault(1, f"This is not JSON: {error}.")
    # JSON read as YAML gives the lines; a tab stands only between its parts, where YAML does not have it.
    _read_yaml(words.replace("\t", " "), reading)
    reading.problems = [problem for problem in reading.problems if problem.place]
    reading.data = _cleaned(data)
    return reading


def _read_yaml(words: str, reading: Reading) -> Reading:
    try:
        node = yaml.compose(words, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return reading.fault(mark.line + 1 if mark else 1, f"This is not YAML: {error.problem or error.context}.")
    except yaml.YAMLError as error:
        return reading.fault(1, f"This is not YAML: {str(error).splitlines()[0]}.")
    if node is None:
        return reading.fault(1, "The file is empty.")
    reading.data = _Walk(reading).value(node, ())
    return reading


def _cleaned(data: Any) -> Any:
    """The data with every text clean and without white space at its ends."""
    match data:
        case str():
            return clean(data).strip()
        case dict():
            return {key: _cleaned(value) for key, value in data.items()}
        case list():
            return [_cleaned(value) for value in data]
        case _:
            return data


class _Loader(yaml.SafeLoader):
    """YAML whose bare words are words: no dates, and `no` is the code of a language, not a refusal."""

    yaml_implicit_resolvers = {}


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)\Z"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"(?:-?[0-9]{1,18})\Z"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"(?:-?[0-9]+\.[0-9]+)\Z"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|null|)\Z"), ["~", "n", ""])


class _Walk:
    """Makes plain data of YAML nodes and notes where each one stands."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, path: Path, line: int | None = None) -> Any:
        """The data of a node; `line` is that of its key, where it has one."""
        self.reading.lines.note(path, line or node.start_mark.line + 1)
        # An alias gives the same node again; following it could make a small file endless.
        if id(node) in self.seen:
            self.fault(path, "Anchors and aliases are not part of this format. Write the text out.")
            return None
        self.seen.add(id(node))
        match node:
            case yaml.MappingNode():
                return self.mapping(node, path)
            case yaml.SequenceNode():
                return [self.value(item, (*path, n)) for n, item in enumerate(node.value)]
            case yaml.ScalarNode():
                return self.scalar(node, path)
            case _:
                raise TypeError(f"YAML has no {type(node).__name__}")

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.reading.lines.note(path, line)
                self.fault(path, "The name of a field is a word.")
                continue
            key = key_node.value
            value = self.value(value_node, (*path, key), line)
            if key in data:
                self.fault((*path, key), f"“{key}” is given twice.")
            data[key] = value
        return data

    def scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        match node.tag.removeprefix("tag:yaml.org,2002:"):
            case "str":
                return clean(node.value).strip()
            case "int":
                return int(node.value)
            case "float":
                return float(node.value)
            case "bool":
                return node.value == "true"
            case "null":
                return None
            case tag:
                self.fault(path, f"“{tag}” is not part of this format.")
                return None

    def fault(self, path: Path, message: str) -> None:
        self.reading.problems.append(self.reading.lines.problem(path, message))
