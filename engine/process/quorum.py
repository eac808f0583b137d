"""How many must have answered, and who must be among them, before a round counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any


@dataclass(frozen=True)
class PanelFacts:
    """Those who were asked: how many, how many of them handed in, and of which kinds and countries these are."""

    invited: int = 0
    submitted: int = 0
    kinds: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lacking:
    """What a quorum still lacks: so many more who hand in, somebody of each of `kinds`, so many more countries."""

    number: int = 0
    kinds: frozenset[str] = frozenset()
    countries: int = 0

    def __bool__(self) -> bool:
        return bool(self.number or self.kinds or self.countries)


@dataclass(frozen=True)
class Quorum:
    """At least `number` hand in, at least `share` of those invited, each of `kinds` once, from so many `countries`."""

    number: int
    share: float = 0
    kinds: frozenset[str] = frozenset()
    countries: int = 0

    def reached(self, panel: PanelFacts) -> bool:
        """Whether those who handed in are enough."""
        return not self.lacking(panel)

    def lacking(self, panel: PanelFacts) -> Lacking:
        """What is missing until those who handed in are enough."""
        return Lacking(
            number=max(0, self.needed(panel.invited) - panel.submitted),
            kinds=self.kinds - panel.kinds,
            countries=max(0, self.countries - len(panel.countries)),
        )

    def needed(self, invited: int) -> int:
        """How many must hand in when so many were invited."""
        return max(self.number, ceil(self.share * invited))

    def to_invite(self, earlier: PanelFacts, most: int) -> int:
        """How many at least, and at most `most`, have to be invited beside those who handed in earlier.

        So few are enough where all of them were asked earlier: whoever is asked again counts once.
        """
        return min(max(1, self.needed(earlier.invited) - earlier.submitted), most)

    @property
    def rules(self) -> dict[str, Any]:
        """Everything but the number, as plain data; `quorum_from` reads it with the number."""
        rules = {"share": self.share, "kinds": sorted(self.kinds), "countries": self.countries}
        return {name: rule for name, rule in rules.items() if rule}


def together(panels: Iterable[PanelFacts]) -> PanelFacts:
    """Several panels as one."""
    panels = tuple(panels)
    return PanelFacts(
        invited=sum(each.invited for each in panels),
        submitted=sum(each.submitted for each in panels),
        kinds=frozenset[str]().union(*(each.kinds for each in panels)),
        countries=frozenset[str]().union(*(each.countries for each in panels)),
    )


def quorum_from(data: Any) -> Quorum:
    """The quorum that plain data (checked before) describes: a number, or a mapping."""
    if isinstance(data, int):
        return Quorum(data)
    return Quorum(
        number=data.get("number", 1),
        share=data.get("share", 0),
        kinds=frozenset(data.get("kinds", ())),
        countries=data.get("countries", 0),
    )
