"""Which elements of two sequences belong together: a longest common subsequence in bounded time."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

Pair = tuple[int, int]
Gap = tuple[int, int, int, int]  # from and to in the first sequence, from and to in the second

_MOST_CELLS = 16_000_000  # of the table of one exact comparison, at one bit each


def matches(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Pair]:
    """Positions of equal elements, both rising: a longest common subsequence.

    Exact up to 4,000 by 4,000 elements. Beyond that, elements that occur once on each side are matched
    first, and what lies between two of them is left unmatched where it is still too large.
    """
    low = 0
    high = min(len(a), len(b))
    while low < high and a[low] == b[low]:
        low += 1
    tail = 0
    while tail < high - low and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    head = [(n, n) for n in range(low)]
    end = [(len(a) - n, len(b) - n) for n in range(tail, 0, -1)]
    return head + _middle(a, b, (low, len(a) - tail, low, len(b) - tail)) + end


def gaps(pairs: Sequence[Pair], size_a: int, size_b: int) -> Iterator[Gap]:
    """What lies before, between and after the pairs: one gap more than there are pairs."""
    from_a = from_b = 0
    for at_a, at_b in pairs:
        yield from_a, at_a, from_b, at_b
        from_a, from_b = at_a + 1, at_b + 1
    yield from_a, size_a, from_b, size_b


def _middle(a: Sequence[Hashable], b: Sequence[Hashable], gap: Gap) -> list[Pair]:
    from_a, to_a, from_b, to_b = gap
    if (to_a - from_a) * (to_b - from_b) <= _MOST_CELLS:
        found = _exact(a[from_a:to_a], b[from_b:to_b])
        return [(from_a + x, from_b + y) for x, y in found]
    fixed = _unique(a[from_a:to_a], b[from_b:to_b])
    pairs: list[Pair] = []
    for x, to_x, y, to_y in gaps(fixed, to_a - from_a, to_b - from_b):
        if (to_x - x) * (to_y - y) <= _MOST_CELLS:
            part = _exact(a[from_a + x : from_a + to_x], b[from_b + y : from_b + to_y])
            pairs += [(from_a + x + p, from_b + y + q) for p, q in part]
        if to_x < to_a - from_a and to_y < to_b - from_b:
            pairs.append((from_a + to_x, from_b + to_y))
    return pairs


def _unique(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Pair]:
    """Elements that occur once on each side: the longest selection that rises on both (patience)."""
    count_a, count_b = Counter(a), Counter(b)
    place_b = {element: n for n, element in enumerate(b) if count_b[element] == 1}
    candidates = [(n, place_b[e]) for n, e in enumerate(a) if count_a[e] == 1 and e in place_b]
    ends: list[int] = []  # lowest last position in b of a rising selection, by its length
    last: list[int] = []  # the candidate it ends with
    before: list[int] = []
    for n, (_, y) in enumerate(candidates):
        length = bisect_left(ends, y)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [y]
        last[length : length + 1] = [n]
    chain: list[Pair] = []
    n = last[-1] if last else -1
    while n >= 0:
        chain.append(candidates[n])
        n = before[n]
    return chain[::-1]


def _exact(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Pair]:
    """A longest common subsequence, with the rows of the usual table held as the bits of whole numbers.

    Bit y of row x is 0 where the common length of a[:x] and b[:y + 1] exceeds that of a[:x] and b[:y].
    """
    if not a or not b:
        return []
    places: dict[Hashable, int] = {}
    for y, element in enumerate(b):
        places[element] = places.get(element, 0) | 1 << y
    full = (1 << len(b)) - 1
    rows = [full]
    for element in a:
        row = rows[-1]
        hits = row & places.get(element, 0)
        rows.append((row + hits | row - hits) & full)
    pairs: list[Pair] = []
    x, y = len(a), len(b)
    while x and y:
        if rows[x] >> y - 1 & 1:
            y -= 1
        elif rows[x - 1] >> y - 1 & 1:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        else:
            x -= 1
    return pairs[::-1]
