"""What submitted reviews add up to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ReviewFacts:
    """One submitted review: scores 1 to 5 by criterion, and the advice."""

    scores: Mapping[str, int]
    advice: str


@dataclass(frozen=True)
class Tally:
    """Means by criterion (rounded to one decimal), how many reviewers scored, and how often each advice was given."""

    submitted: int
    means: Mapping[str, float]
    advice: Mapping[str, int]


def tally(reviews: Iterable[ReviewFacts]) -> Tally:
    """Add up reviews; criteria that nobody scored are left out."""
    reviews = tuple(reviews)
    scores: dict[str, list[int]] = {}
    for review in reviews:
        for criterion, score in review.scores.items():
            scores.setdefault(criterion, []).append(score)
    means = {criterion: round(sum(given) / len(given), 1) for criterion, given in scores.items()}
    return Tally(len(reviews), means, dict(Counter(review.advice for review in reviews)))


def merge_small(counts: Mapping[str, int], *, least: int = 3, other: str = "other") -> dict[str, int]:
    """Counts in which no cell says less than `least`: smaller ones stand together as `other`.

    When even together they are fewer, the next smallest cell joins them, so that nobody can be told apart by
    subtraction. Nothing is left when all together are fewer than `least`.
    """
    cells = sorted((count, key) for key, count in counts.items() if count)
    merged, kept = 0, list(cells)
    while kept and (kept[0][0] < least or 0 < merged < least):
        merged += kept.pop(0)[0]
    result = {key: count for count, key in sorted(kept, key=lambda cell: (-cell[0], cell[1]))}
    return result | ({other: merged} if merged >= least else {})
