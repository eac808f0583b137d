"""Remarks tied to a passage: found again after edits, or lost, but never on other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recommendations.text.align import matches
from recommendations.text.blocks import Text
from recommendations.text.closest import closest, spans
from recommendations.text.problems import Problem, TextInvalid
from recommendations.text.similarity import ALIKE
from recommendations.text.surroundings import (
    MAX_QUOTE,
    Anchor,
    Page,
    Place,
    bare_words,
    closes,
    exact_places,
    flat,
    occurrences,
    opens,
    pattern,
)

_LONG_QUOTE = 5  # so many words speak for themselves in their own block
_SHORT_QUOTE = 3  # fewer are not looked for once they are edited
_MOST_CELLS = 400_000  # of the tables of all inexact comparisons for one anchor


@dataclass(frozen=True, slots=True)
class Found:
    """Where the passage is: characters `start` to `end` of `words(block)`; not `exact` if it was edited."""

    block_id: str
    start: int
    end: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Lost:
    """The passage is not there, or not surely: `gone`, or `ambiguous` when several places would fit."""

    reason: str


def anchor_for(blocks: Text, block_id: str, quote: str = "", *, start: int | None = None) -> Anchor:
    """The anchor of a quote in a block; of the whole block (its first words) when the quote is empty.

    `start` says which one is meant where the words occur several times; otherwise it is the first.
    Raises TextInvalid with code `block_unknown` or `quote_unknown`.
    """
    page = Page(blocks)
    if block_id not in page.positions:
        raise TextInvalid((Problem("block_unknown", "block_id", "There is no such passage in this text."),))
    position = page.positions[block_id]
    wanted = flat(quote) or flat(page.texts[position])[:MAX_QUOTE].rstrip()
    places = occurrences(pattern(wanted), page.texts[position]) if 0 < len(wanted) <= MAX_QUOTE else iter(())
    span = next((span for span in places if start is None or span[0] == start), None)
    if span is None:
        raise TextInvalid((Problem("quote_unknown", "quote", "These words are not in this passage."),))
    prefix, suffix = page.around(position, *span)
    return Anchor(block_id, wanted, prefix, suffix)


def find(anchor: Anchor, blocks: Text) -> Found | Lost:
    """Where the anchor's passage is in the blocks now.

    Looked for by id and exact words, then by exact words and context in other blocks, then as a passage
    edited where it stood. Each step gives up rather than choose between places that fit equally.
    """
    return _find(anchor, Page(blocks))


def find_all(anchors: Sequence[Anchor], blocks: Text) -> tuple[Found | Lost, ...]:
    """The same for many anchors in one text."""
    page = Page(blocks)
    return tuple(_find(anchor, page) for anchor in anchors)


def _find(anchor: Anchor, page: Page) -> Found | Lost:
    if not flat(anchor.quote):
        return Lost("gone")
    quote = pattern(anchor.quote)
    home = page.positions.get(anchor.block_id)
    if home is not None:
        here = list(exact_places(anchor, quote, page, home))
        sure = len(bare_words(anchor.quote)) >= _LONG_QUOTE
        if len(here) == 1 and (sure or here[0].fits_before or here[0].fits_after):
            return _found(here[0], page)
        if len(here) > 1:
            return _best(here, page)
    elsewhere = [
        place
        for position in range(len(page.texts))
        if position != home
        for place in exact_places(anchor, quote, page, position)
        if place.likely
    ]
    if elsewhere:
        return _best(elsewhere, page)
    return _edited(anchor, page, home)


def _best(places: list[Place], page: Page) -> Found | Lost:
    """The place whose context agrees most, if there is only one such and any agreement at all."""
    ranked = sorted(places, key=lambda place: place.rate, reverse=True)
    if (len(ranked) > 1 and ranked[0].rate == ranked[1].rate) or not ranked[0].likely:
        return Lost("ambiguous")
    return _found(ranked[0], page)


def _edited(anchor: Anchor, page: Page, home: int | None) -> Found | Lost:
    """The passage with some of its words changed, between the words it stood between."""
    quote = bare_words(anchor.quote)
    if home is not None and opens(anchor.prefix) and closes(anchor.suffix):
        now = page.texts[home]
        shared = len(matches(quote, bare_words(now)))
        if shared and 2 * shared >= ALIKE * (len(quote) + len(bare_words(now))):
            return Found(page.ids[home], 0, len(now), exact=False)  # the whole block was meant, and still is
    if len(quote) < _SHORT_QUOTE:
        return Lost("gone")
    order = [home] if home is not None else []
    order += [position for position in range(len(page.texts)) if position != home]
    budget = _MOST_CELLS
    vocabulary = set(quote)
    for position in order:
        stretch = spans(page.texts[position])
        known = vocabulary & {span.word for span in stretch}
        cost = len(quote) * len(stretch)
        if 2 * len(known) < len(vocabulary) or cost > budget:
            continue
        budget -= cost
        places = [
            place
            for start, end in closest(quote, stretch, most_edits=len(quote) // 3)
            if (place := page.place(anchor, position, start, end)).fits
            or (position == home and _roughly_fits(anchor, page, place))
        ]
        if places and all(place.start < places[0].end and places[0].start < place.end for place in places):
            return _found(max(places, key=lambda place: place.rate), page, exact=False)
        if places:
            return Lost("ambiguous")
    return Lost("gone")


def _roughly_fits(anchor: Anchor, page: Page, place: Place) -> bool:
    """Whether at least half of the context is there on both sides, and the words are not from the context."""
    before, after = page.around(place.position, place.start, place.end)
    for expected, actual, fits in (
        (bare_words(anchor.prefix), bare_words(before), place.fits_before),
        (bare_words(anchor.suffix), bare_words(after), place.fits_after),
    ):
        if not fits and (not expected or 2 * len(matches(expected, actual)) < len(expected)):
            return False
    here = bare_words(page.texts[place.position][place.start : place.end])
    from_quote = len(matches(here, bare_words(anchor.quote)))
    return all(len(matches(here, bare_words(side))) < from_quote for side in (anchor.prefix, anchor.suffix))


def _found(place: Place, page: Page, *, exact: bool = True) -> Found:
    return Found(page.ids[place.position], place.start, place.end, exact)
