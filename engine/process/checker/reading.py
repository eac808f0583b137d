"""Reading plain data that may be anything, without losing the path to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from engine.process.checker.faults import Fault, Path

LONGEST_QUOTE = 60


@dataclass(frozen=True)
class Spot:
    """A place in the data and what stands there."""

    path: Path
    value: Any

    def at(self, name: str) -> Spot:
        """What stands under a name; nothing where this is no mapping or has no such name."""
        return Spot((*self.path, name), self.value.get(name) if isinstance(self.value, dict) else None)

    def has(self, name: str) -> bool:
        """Whether the name is written here."""
        return isinstance(self.value, dict) and name in self.value

    def items(self) -> list[Spot]:
        """The items of a list; nothing where this is none."""
        values = self.value if isinstance(self.value, list) else ()
        return [Spot((*self.path, number), each) for number, each in enumerate(values)]

    def parts(self, name: str) -> list[Spot]:
        """The mappings in the list under a name."""
        return [each for each in self.at(name).items() if isinstance(each.value, dict)]

    def text(self, name: str) -> str:
        """The text under a name; empty where there is none."""
        value = self.at(name).value
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts in the list under a name."""
        return tuple(each.value for each in self.at(name).items() if isinstance(each.value, str))

    def count(self, name: str) -> int | None:
        """The whole number under a name, or None."""
        value = self.at(name).value
        return value if is_number(value) else None

    def fault(self, code: str, **names: Any) -> Fault:
        """A fault at this place."""
        return Fault(self.path, code, {name: str(each) for name, each in names.items()})


def is_number(value: Any) -> bool:
    """Whether it is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def quoted(value: Any) -> str:
    """A value as messages show it."""
    shown = str(value)
    return f"“{shown[:LONGEST_QUOTE]}…”" if len(shown) > LONGEST_QUOTE else f"“{shown}”"


def nearest(value: Any, allowed: Collection[str]) -> str:
    """The name that was perhaps meant, in brackets; empty when none is near."""
    found = get_close_matches(value, allowed, n=1) if isinstance(value, str) else []
    return f" (“{found[0]}”?)" if found else ""
