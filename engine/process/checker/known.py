"""What a definition may speak of: what the installation knows, and what the definition itself names."""

from __future__ import annotations

from dataclasses import dataclass

from engine.process.checker.reading import Spot


@dataclass(frozen=True)
class Known:
    """What there is in an installation: platform roles, sections of the template, countries with public holidays,
    and kinds of organisations. None where it is not asked.
    """

    roles: frozenset[str] = frozenset({"coordinator", "deputy", "decider"})
    sections: frozenset[str] | None = None
    countries: frozenset[str] | None = None
    kinds: frozenset[str] | None = None


@dataclass(frozen=True)
class Names:
    """What is known, and the keys that the definition gives to its own parts."""

    known: Known
    languages: tuple[str, ...]
    stages: frozenset[str]
    forms: frozenset[str]
    bodies: frozenset[str]
    calendars: frozenset[str]

    @classmethod
    def of(cls, root: Spot, known: Known) -> Names:
        """The names of a definition."""
        return cls(
            known=known,
            languages=root.texts("languages") or ("en",),
            stages=_keys(root, "stages"),
            forms=_keys(root, "forms"),
            bodies=_keys(root, "bodies"),
            calendars=_keys(root, "calendars"),
        )


def _keys(root: Spot, name: str) -> frozenset[str]:
    return frozenset(key for each in root.parts(name) if (key := each.text("key")))
