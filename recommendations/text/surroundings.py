"""The page an anchor is looked for on, and how well a stretch of it agrees with the anchor's context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice

from recommendations.text.blocks import Text, words
from recommendations.text.closest import WORD
from recommendations.text.inline import clean
from recommendations.text.problems import Problem, TextInvalid

MAX_QUOTE = 2_000  # characters
_CONTEXT = 60  # characters on each side
_DIVIDE = "\n\n"  # between two blocks in a context; words are divided by less
_SURE_WORDS = 3  # so many words of context in a row do not agree by chance
_MOST_PLACES = 500  # where one quote is looked at


@dataclass(frozen=True, slots=True)
class Anchor:
    """A passage: the words quoted from a block, and the words around them, across block ends."""

    block_id: str
    quote: str
    prefix: str = ""
    suffix: str = ""

    def to_data(self) -> dict[str, str]:
        """The anchor as plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: object) -> Anchor:
        """The anchor that plain data describes. Raises TextInvalid."""
        names = ("block_id", "quote", "prefix", "suffix")
        if not isinstance(data, Mapping) or not all(isinstance(data.get(name, ""), str) for name in names):
            raise TextInvalid((Problem("not_an_anchor", "", "An anchor has a block, a quote and its context."),))
        anchor = cls(**{name: data.get(name, "") for name in names})
        if not anchor.block_id or not flat(anchor.quote) or max(map(len, asdict(anchor).values())) > MAX_QUOTE:
            raise TextInvalid((Problem("not_an_anchor", "", "An anchor has a block and a quote of bounded length."),))
        return anchor


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a block that may be the passage, and how many words of context agree on each side."""

    position: int
    start: int
    end: int
    before: int
    after: int
    fits_before: bool
    fits_after: bool

    @property
    def fits(self) -> bool:
        """Whether both sides agree."""
        return self.fits_before and self.fits_after

    @property
    def likely(self) -> bool:
        """Whether both sides agree, or one on more words than chance would bring."""
        return self.fits or max(self.before, self.after) >= _SURE_WORDS

    @property
    def rate(self) -> tuple[bool, int]:
        """The better of two places has the higher rate."""
        return self.fits, self.before + self.after


class Page:
    """The words of each block, and what stands around a stretch of them."""

    def __init__(self, blocks: Text) -> None:
        self.ids = [block.id for block in blocks]
        self.texts = [words(block) for block in blocks]
        self.positions = {block_id: n for n, block_id in reversed(list(enumerate(self.ids)))}

    def around(self, position: int, start: int, end: int) -> tuple[str, str]:
        """The context before and after, in whole words, across the ends of the block."""
        text = self.texts[position]
        before, after = text[max(0, start - _CONTEXT - 1) : start], text[end : end + _CONTEXT + 1]
        n = position
        while len(before) <= _CONTEXT and n > 0:
            n -= 1
            before = self.texts[n][-_CONTEXT - 1 :] + _DIVIDE + before
        n = position
        while len(after) <= _CONTEXT and n < len(self.texts) - 1:
            n += 1
            after = after + _DIVIDE + self.texts[n][: _CONTEXT + 1]
        if len(before) > _CONTEXT:
            before = re.sub(r"^\w+", "", before[-_CONTEXT - 1 :])
        if len(after) > _CONTEXT:
            after = re.sub(r"\w+$", "", after[: _CONTEXT + 1])
        return before, after

    def place(self, anchor: Anchor, position: int, start: int, end: int) -> Place:
        """A stretch of a block, with its context held against the anchor's."""
        before, after = self.around(position, start, end)
        agree_before = _agreement(bare_words(anchor.prefix)[::-1], bare_words(before)[::-1])
        agree_after = _agreement(bare_words(anchor.suffix), bare_words(after))
        home = self.ids[position] == anchor.block_id
        text = self.texts[position]
        at_start = home and opens(anchor.prefix) and not WORD.search(text[:start])
        at_end = home and closes(anchor.suffix) and not WORD.search(text[end:])
        return Place(
            position,
            start,
            end,
            agree_before,
            agree_after,
            at_start or _fits(anchor.prefix, before, agree_before),
            at_end or _fits(anchor.suffix, after, agree_after),
        )


def exact_places(anchor: Anchor, quote: re.Pattern[str], page: Page, position: int) -> Iterator[Place]:
    """Where the quoted words stand in a block, as whole words if they were whole words."""
    text = page.texts[position]
    for start, end in islice(occurrences(quote, text), _MOST_PLACES):
        # `policy` is not to be found in `policymaker`, unless it was part of a word to begin with.
        first, last = text[start], text[end - 1]
        cut_before = _splits_word(text[max(0, start - 1) : start], first)
        cut_after = _splits_word(last, text[end : end + 1])
        was_cut_before = _splits_word(anchor.prefix[-1:], first)
        was_cut_after = _splits_word(last, anchor.suffix[:1])
        if (was_cut_before or not cut_before) and (was_cut_after or not cut_after):
            yield page.place(anchor, position, start, end)


def flat(quote: str) -> str:
    """The quote on one line, whatever white space a selection brought with it."""
    return " ".join(clean(quote).split())


def pattern(quote: str) -> re.Pattern[str]:
    """What finds the words of a quote, whatever white space divides them. The quote is not empty."""
    return re.compile(r"\s+".join(re.escape(part) for part in flat(quote).split(" ")))


def occurrences(quote: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Where the quote stands, places that overlap included."""
    match = quote.search(text)
    while match:
        yield match.span()
        match = quote.search(text, match.start() + 1)


def _agreement(expected: list[str], actual: list[str]) -> int:
    """How many words are equal, counted from the passage outwards."""
    count = 0
    for one, other in zip(expected, actual, strict=False):
        if one != other:
            break
        count += 1
    return count


def _fits(expected: str, actual: str, agreement: int) -> bool:
    """Whether a side agrees: on enough words, or on all there are where the text begins or ends."""
    size = len(bare_words(expected))
    return agreement >= _SURE_WORDS or (agreement == size and len(bare_words(actual)) == size)


def opens(prefix: str) -> bool:
    """Whether the passage began its block."""
    return not WORD.search(prefix.rpartition(_DIVIDE)[2])


def closes(suffix: str) -> bool:
    """Whether the passage ended its block."""
    return not WORD.search(suffix.partition(_DIVIDE)[0])


def bare_words(text: str) -> list[str]:
    """The words without signs, in lower case."""
    return WORD.findall(text.casefold())


def _splits_word(left: str, right: str) -> bool:
    return bool(left and right and WORD.match(left) and WORD.match(right))
