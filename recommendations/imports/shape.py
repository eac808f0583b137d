"""Whether the data have the shape of the format (`schema.json`), said in words with the line."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from recommendations.imports.problems import Lines, Problem

SCHEMA = Path(__file__).with_name("schema.json")

KINDS = {
    "object": "a group of fields",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
}


@cache
def validator() -> Draft202012Validator:
    """The schema, read once."""
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def shape_problems(data: Any, lines: Lines) -> Iterator[Problem]:
    """Everything in which the data depart from the schema."""
    for error in validator().iter_errors(data):
        yield from _problems(error, lines)


def _problems(error: ValidationError, lines: Lines) -> Iterator[Problem]:
    path = tuple(error.absolute_path)
    if error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                yield lines.problem(path, f"“{name}” is missing.")
        return
    if error.validator == "additionalProperties":
        for name in sorted(set(error.instance) - set(error.schema["properties"])):
            yield lines.problem((*path, name), f"“{name}” is not a field of this format.")
        return
    yield lines.problem(path, _sentence(error))


def _sentence(error: ValidationError) -> str:
    wanted = error.validator_value
    match error.validator:
        case "type":
            hint = (
                " Put it in quotation marks."
                if wanted == "string" and not isinstance(error.instance, dict | list)
                else ""
            )
            return f"This is {KINDS[wanted]}.{hint}"
        case "pattern" if not str(error.instance).strip():
            return "This is empty."
        case "pattern":
            return f"“{_short(error.instance)}” does not fit. {error.schema.get('description', '')}".strip()
        case "maxLength":
            return f"At most {wanted} characters; this has {len(error.instance)}."
        case "minItems":
            return "The list is empty."
        case "uniqueItems":
            return "The list names something twice."
        case "enum":
            return f"“{_short(error.instance)}” is not one of {', '.join(wanted)}."
        case "const":
            return f"This is always “{wanted}”."
        case "minimum" | "maximum":
            return error.schema.get("description") or f"{error.instance} is out of range."
        case _:
            return error.message[:200]


def _short(value: object) -> str:
    words = str(value)
    return words if len(words) <= 60 else f"{words[:59]}…"
