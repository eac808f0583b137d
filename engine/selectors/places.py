"""Where points stand now: found again in a later revision, or lost, but never put on other words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.models import Point
from engine.selectors.frozen import RECOMMENDATION, FrozenText, Passage, frozen_text
from recommendations.models import Revision
from recommendations.text import Anchor, Found, Lost, Text, TextInvalid, anchor_for, find_all, from_data

Content = Mapping[str, Any]


@dataclass(frozen=True)
class PlaceNow:
    """Where a point stands in a later revision: its passage and the words of it that are meant.

    Without a passage it is lost, unless it is about the text as a whole. `is_edited` says that the words have
    changed since the remark.
    """

    passage: Passage | None
    quote: str = ""
    is_edited: bool = False
    is_whole: bool = False

    @property
    def is_lost(self) -> bool:
        """Whether the passage is gone, or no longer surely the one that was meant."""
        return self.passage is None and not self.is_whole


class LaterText:
    """A revision in which the points of earlier ones are looked for; its texts are read once."""

    def __init__(self, revision: Revision, *, page_language: str) -> None:
        self.revision = revision
        self.frozen: FrozenText = frozen_text(revision.content, page_language=page_language)

    @cached_property
    def places(self) -> Mapping[str, Text]:
        """The text of each place by its name."""
        return texts_of(self.revision.content)

    def find(self, points: Iterable[Point], content: Content) -> dict[int, PlaceNow]:
        """Where points on an earlier `content` stand here, by point id. Reads nothing more."""
        earlier = texts_of(content)
        found: dict[int, PlaceNow] = {}
        anchored: dict[str, list[tuple[Point, Anchor]]] = {}
        for point in points:
            if not point.place:
                found[point.pk] = PlaceNow(None, is_whole=True)
            elif not point.block_id:
                found[point.pk] = self._without_block(point)
            elif anchor := _anchor(point, earlier.get(point.place, ())):
                anchored.setdefault(point.place, []).append((point, anchor))
            else:
                found[point.pk] = PlaceNow(None)
        for place, pairs in anchored.items():
            found |= self._at(place, pairs)
        return found

    def _without_block(self, point: Point) -> PlaceNow:
        """A point on a section as a whole, or on the statement of a recommendation."""
        passage = self.frozen.passage(point.place, "")
        if passage is None:
            return PlaceNow(None)
        has_quote = bool(point.quote) and point.place.startswith(RECOMMENDATION)
        stands = has_quote and point.quote in passage.words
        return PlaceNow(passage, point.quote if stands else "", is_edited=has_quote and not stands)

    def _at(self, place: str, pairs: Sequence[tuple[Point, Anchor]]) -> dict[int, PlaceNow]:
        """Points of one place: there, else in the one other place that has their very words."""
        here = find_all([anchor for _point, anchor in pairs], self.places.get(place, ()))
        result = {}
        for (point, anchor), spot in zip(pairs, here, strict=True):
            result[point.pk] = self._place(place, spot) if isinstance(spot, Found) else self._elsewhere(place, anchor)
        return result

    def _elsewhere(self, place: str, anchor: Anchor) -> PlaceNow:
        spots: list[tuple[str, Found | Lost]] = [
            (other, find_all([anchor], text)[0]) for other, text in self.places.items() if other != place
        ]
        exact = [(other, spot) for other, spot in spots if isinstance(spot, Found) and spot.exact]
        return self._place(*exact[0]) if len(exact) == 1 else PlaceNow(None)

    def _place(self, place: str, spot: Found) -> PlaceNow:
        passage = self.frozen.passage(place, spot.block_id)
        words = passage.words[spot.start : spot.end] if passage else ""
        return PlaceNow(passage, words, is_edited=not spot.exact)


def texts_of(content: Content) -> dict[str, Text]:
    """The text of each place of a frozen content: sections by key, recommendations with rationale and guideline."""
    texts = {each["key"]: from_data(list(each["blocks"])) for each in content["sections"]}
    for each in content["recommendations"]:
        texts[f"{RECOMMENDATION}{each['key']}"] = from_data([*each["rationale"]]) + from_data([*each["guideline"]])
    return texts


def _anchor(point: Point, text: Text) -> Anchor | None:
    """What to look for: the quoted words, or the whole passage where the quote does not stand in it."""
    for quote in (point.quote, ""):
        try:
            return anchor_for(text, point.block_id, quote)
        except TextInvalid:
            continue
    return None
