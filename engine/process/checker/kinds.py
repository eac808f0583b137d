"""The kinds of values of which definitions are made: each finds what is wrong with one, and tells its JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from engine.process.checker.faults import Fault
from engine.process.checker.known import Names
from engine.process.checker.reading import Spot, is_number, nearest, quoted
from engine.process.durations import FORM, parse_duration
from engine.process.values import CAPABILITIES
from engine.process.words import AUDIENCES, DEFAULT

Schema = dict[str, Any]
KEY = r"[a-z0-9][a-z0-9_-]{0,59}"
LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


class Kind(Protocol):
    """A kind of value."""

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        """What is wrong with the value there."""

    def schema(self, parts: dict[str, Schema]) -> Schema:
        """Its JSON Schema; named parts are put into `parts` and referred to."""


@dataclass(frozen=True)
class Key:
    """A key that the definition gives, or that of something there is; `of` answers which, None when it is not asked."""

    code: str = ""
    of: Callable[[Names], Collection[str] | None] = lambda names: None

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        allowed = self.of(names)
        if not isinstance(spot.value, str):
            yield spot.fault("not-a-text")
        elif not re.fullmatch(KEY, spot.value):
            yield spot.fault("not-a-key", value=quoted(spot.value))
        elif allowed is not None and spot.value not in allowed:
            listed = ", ".join(sorted(allowed))
            near = nearest(spot.value, allowed)
            yield spot.fault(self.code, value=quoted(spot.value), allowed=listed, nearest=near)

    def schema(self, parts: dict[str, Schema]) -> Schema:
        return {"type": "string", "pattern": f"^{KEY}$"}


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    allowed: Collection[str]
    code: str = "unknown"

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        if not isinstance(spot.value, str) or spot.value not in self.allowed:
            yield spot.fault(self.code, value=quoted(spot.value), allowed=", ".join(self.allowed))

    def schema(self, parts: dict[str, Schema]) -> Schema:
        return {"enum": list(self.allowed)}


@dataclass(frozen=True)
class Who:
    """One of those who act or are told; `roles` says which of them hold a platform role."""

    allowed: Collection[str]
    roles: Mapping[str, str]

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        there = [each for each in self.allowed if self.roles.get(each) in (None, *names.known.roles)]
        yield from OneOf(there, "unknown-role").faults(spot, names)

    def schema(self, parts: dict[str, Schema]) -> Schema:
        return {"enum": list(self.allowed)}


@dataclass(frozen=True)
class Capability:
    """Something that may be done in a stage."""

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        if spot.value in ("list", "read"):
            yield spot.fault("use-visibility")
        else:
            yield from OneOf(CAPABILITIES, "unknown-capability").faults(spot, names)

    def schema(self, parts: dict[str, Schema]) -> Schema:
        return {"enum": list(CAPABILITIES)}


@dataclass(frozen=True)
class Words:
    """A text, or texts by language, or texts by language and audience."""

    most: int

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        if isinstance(spot.value, str):
            yield from self._text(spot)
            for language in names.languages[1:]:
                yield spot.fault("missing-label", language=language)
        elif isinstance(spot.value, dict) and spot.value:
            for language in names.languages:
                if language not in spot.value:
                    yield spot.fault("missing-label", language=language)
            for language in spot.value:
                yield from self._spoken(spot.at(language), language, names)
        else:
            yield spot.fault("not-a-text")

    def _spoken(self, spot: Spot, language: str, names: Names) -> Iterator[Fault]:
        if language not in names.languages:
            yield spot.fault("unknown-language", value=quoted(language))
        if not isinstance(spot.value, dict):
            yield from self._text(spot)
            return
        if DEFAULT not in spot.value:
            yield spot.at(DEFAULT).fault("missing", name=DEFAULT)
        for audience in spot.value:
            if audience not in (DEFAULT, *AUDIENCES):
                near = nearest(audience, AUDIENCES)
                yield spot.at(audience).fault("unknown-key", name=quoted(audience), nearest=near)
            yield from self._text(spot.at(audience))

    def _text(self, spot: Spot) -> Iterator[Fault]:
        if not isinstance(spot.value, str) or not spot.value.strip():
            yield spot.fault("not-a-text")
        elif len(spot.value) > self.most:
            yield spot.fault("too-long", most=self.most)

    def schema(self, parts: dict[str, Schema]) -> Schema:
        text: Schema = {"type": "string", "minLength": 1, "maxLength": self.most}
        heard = {
            "type": "object",
            "properties": dict.fromkeys((DEFAULT, *AUDIENCES), text),
            "required": [DEFAULT],
            "additionalProperties": False,
        }
        spoken = {
            "type": "object",
            "patternProperties": {f"^{LANGUAGE}$": {"anyOf": [text, heard]}},
            "minProperties": 1,
            "additionalProperties": False,
        }
        parts[f"words-{self.most}"] = {"anyOf": [text, spoken]}
        return {"$ref": f"#/$defs/words-{self.most}"}


@dataclass(frozen=True)
class Pattern:
    """A text of one form that `is_right` judges."""

    form: str
    code: str
    is_right: Callable[[str], object]

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        try:
            right = isinstance(spot.value, str) and re.fullmatch(self.form, spot.value) and self.is_right(spot.value)
        except ValueError:
            right = False
        if not right:
            yield spot.fault(self.code, value=quoted(spot.value))

    def schema(self, parts: dict[str, Schema]) -> Schema:
        return {"type": "string", "pattern": f"^{self.form}$"}


@dataclass(frozen=True)
class Country:
    """A country by its two letters, one whose public holidays are known."""

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        known = names.known.countries
        is_code = isinstance(spot.value, str) and re.fullmatch(r"[A-Z]{2}", spot.value)
        if not is_code or (known is not None and spot.value not in known):
            yield spot.fault("unknown-country", value=quoted(spot.value))

    def schema(self, parts: dict[str, Schema]) -> Schema:
        return {"type": "string", "pattern": "^[A-Z]{2}$"}


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        if not isinstance(spot.value, bool):
            yield spot.fault("not-a-switch")

    def schema(self, parts: dict[str, Schema]) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Count:
    """A whole number within bounds."""

    most: int
    least: int = 1
    code: str = "not-a-number"

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        if not is_number(spot.value) or not self.least <= spot.value <= self.most:
            yield spot.fault(self.code, least=self.least, most=self.most)

    def schema(self, parts: dict[str, Schema]) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Share:
    """A part of a whole, above 0 and at most 1."""

    code: str

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        is_share = isinstance(spot.value, int | float) and not isinstance(spot.value, bool) and 0 < spot.value <= 1
        if not is_share:
            yield spot.fault(self.code)

    def schema(self, parts: dict[str, Schema]) -> Schema:
        return {"type": "number", "exclusiveMinimum": 0, "maximum": 1}


@dataclass(frozen=True)
class ListOf:
    """A list of values of one kind."""

    each: Kind
    least: int = 0

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        if not isinstance(spot.value, list) or len(spot.value) < self.least:
            yield spot.fault("not-a-list")
        seen: list[Any] = []
        for item in spot.items():
            yield from self.each.faults(item, names)
            if item.value in seen and not isinstance(item.value, dict):
                yield item.fault("twice", value=quoted(item.value))
            seen.append(item.value)

    def schema(self, parts: dict[str, Schema]) -> Schema:
        least = {"minItems": self.least} if self.least else {}
        return {"type": "array", "items": self.each.schema(parts), "uniqueItems": True, **least}


@dataclass(frozen=True)
class Part:
    """A mapping with these names; those in `needed` are always written."""

    what: str
    fields: Mapping[str, Kind]
    needed: Collection[str] = ()

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        if not isinstance(spot.value, dict):
            yield spot.fault("not-a-mapping", what=self.what)
            return
        for name in self.needed:
            if name not in spot.value:
                yield spot.at(name).fault("missing", name=name)
        for name in spot.value:
            if kind := self.fields.get(name):
                yield from kind.faults(spot.at(name), names)
            else:
                near = nearest(name, self.fields)
                yield spot.at(name).fault("unknown-key", name=quoted(name), nearest=near)

    def schema(self, parts: dict[str, Schema]) -> Schema:
        parts[self.what] = {
            "type": "object",
            "properties": {name: kind.schema(parts) for name, kind in self.fields.items()},
            "required": list(self.needed),
            "additionalProperties": False,
        }
        return {"$ref": f"#/$defs/{self.what}"}


@dataclass(frozen=True)
class ShortOr:
    """A short form, or a part."""

    short: Kind
    part: Part

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        yield from (self.part if isinstance(spot.value, dict) else self.short).faults(spot, names)

    def schema(self, parts: dict[str, Schema]) -> Schema:
        return {"anyOf": [self.short.schema(parts), self.part.schema(parts)]}


@dataclass(frozen=True)
class Named:
    """A mapping of which one name says what the others are."""

    what: str
    by: str
    fields: Mapping[str, Part]

    def faults(self, spot: Spot, names: Names) -> Iterator[Fault]:
        part = self.fields.get(spot.text(self.by))
        if part is not None:
            yield from part.faults(spot, names)
        elif not isinstance(spot.value, dict):
            yield spot.fault("not-a-mapping", what=self.what)
        elif self.by not in spot.value:
            yield spot.at(self.by).fault("missing", name=self.by)
        else:
            yield from OneOf(tuple(self.fields)).faults(spot.at(self.by), names)

    def schema(self, parts: dict[str, Schema]) -> Schema:
        return {"oneOf": [part.schema(parts) for part in self.fields.values()]}


DURATION = Pattern(FORM, "duration", parse_duration)
DATE = Pattern(DAY, "not-a-date", date.fromisoformat)
LANGUAGE_CODE = Pattern(LANGUAGE, "unknown-language", bool)
