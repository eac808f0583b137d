"""How alike two blocks are, by the words they share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from recommendations.text.blocks import Block, Image, Table, Text, words

_WORD = re.compile(r"\w+")
ALIKE = 0.5  # from here on two blocks are taken as two states of one
MOST_STEPS = 1_000_000  # of comparing each block with each
_REACH = 8  # places before and after


@dataclass(frozen=True, slots=True)
class Profile:
    """The words of a block with how often they occur."""

    family: str
    counts: Counter[str]
    size: int

    @property
    def cost(self) -> int:
        """The steps that one comparison takes at most."""
        return len(self.counts) + 10


def profile(block: Block) -> Profile:
    """What is compared of a block. Only blocks of one family are ever alike."""
    match block:
        case Image():
            # Two images are one where they show the same file, whatever is said about it.
            return Profile(f"image {block.src}", Counter(), 0)
        case Table():
            family = "table"
        case _:
            family = "words"
    counts = Counter(_WORD.findall(words(block).casefold()))
    return Profile(family, counts, counts.total())


def likeness(a: Profile, b: Profile) -> float:
    """From 0 (nothing in common) to 1 (the same words); twice the shared words over all words."""
    if a.family != b.family:
        return 0.0
    if not a.size or not b.size:
        return 1.0 if a.size == b.size and a.family.startswith("image") else 0.0
    if 2 * min(a.size, b.size) < ALIKE * (a.size + b.size):
        return 0.0
    small, large = sorted((a.counts, b.counts), key=len)
    shared = sum(min(count, large[word]) for word, count in small.items())
    return 2 * shared / (a.size + b.size)


def alike(before: Text, after: Text, comparable: Callable[[Block, Block], bool] | None = None) -> list[tuple[int, int]]:
    """Pairs of blocks that are alike, both positions rising.

    Where there are too many to compare each with each, a block is looked for near its relative place.
    """
    if not before or not after:
        return []
    ahead = [profile(block) for block in after]
    reach = len(after) if len(before) * sum(one.cost for one in ahead) <= MOST_STEPS else _REACH
    pairs: list[tuple[int, int]] = []
    start = 0
    for x, block in enumerate(before):
        one = profile(block)
        middle = x * len(after) // len(before)
        places = range(max(start, middle - reach), min(len(after), max(start, middle) + reach))
        rated = [(likeness(one, ahead[y]), -y) for y in places if comparable is None or comparable(block, after[y])]
        best, place = max(rated, default=(0.0, 0))
        if best >= ALIKE:
            pairs.append((x, -place))
            start = -place + 1
    return pairs
