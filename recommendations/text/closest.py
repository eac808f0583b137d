"""Where in a stretch of words a phrase occurs with the fewest edits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Span:
    """A word, folded, and the characters it occupies."""

    word: str
    start: int
    end: int


def spans(text: str) -> list[Span]:
    """The words of a text with their places."""
    return [Span(match[0].casefold(), match.start(), match.end()) for match in WORD.finditer(text)]


def closest(phrase: Sequence[str], stretch: Sequence[Span], *, most_edits: int) -> list[tuple[int, int]]:
    """Character ranges whose words differ from the phrase by the fewest words added, dropped or replaced.

    All ranges that share the lowest number of edits, if that is at most `most_edits`. The time is the
    product of the two lengths.
    """
    # Column by column: for each length of the phrase's head, the edits and the first word of the range.
    column = [(size, 0) for size in range(len(phrase) + 1)]
    best = most_edits
    ranges: list[tuple[int, int]] = []
    for n, span in enumerate(stretch):
        previous, column = column, [(0, n + 1)]
        for size, word in enumerate(phrase, start=1):
            replaced = previous[size - 1][0] + (word != span.word)
            added, dropped = previous[size][0] + 1, column[size - 1][0] + 1
            if replaced <= added and replaced <= dropped:
                column.append((replaced, previous[size - 1][1]))
            elif dropped <= added:
                column.append((dropped, column[size - 1][1]))
            else:
                column.append((added, previous[size][1]))
        edits, first = column[-1]
        if edits < best:
            best, ranges = edits, []
        if edits == best and first <= n:
            ranges.append((stretch[first].start, span.end))
    return ranges
