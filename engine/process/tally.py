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
