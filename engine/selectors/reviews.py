"""Reviews as they are read: by pseudonym or by name, with answers, points and what became of those."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from engine.models import Answer, Assignment, Point, Review, Round
from engine.process.values import Criterion
from engine.selectors.rounds import criteria_of


@dataclass(frozen=True)
class ReviewView:
    """A submitted review under the name by which the reader knows its reviewer."""

    review: Review
    name: str
    organisation: str
    answers: tuple[Answer, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True)
class ScoreLine:
    """The scores that one criterion received in a round."""

    criterion: Criterion
    scores: tuple[int, ...]

    @property
    def mean(self) -> float | None:
        """The mean of the scores, or None without any."""
        return sum(self.scores) / len(self.scores) if self.scores else None


def submitted_reviews(rounds: Iterable[Round]) -> QuerySet[Review]:
    """The submitted reviews of rounds, barred reviewers left out, in the order that gives pseudonyms their numbers."""
    return (
        Review.objects.filter(
            assignment__round__in=list(rounds), submitted_at__isnull=False, assignment__barred_at__isnull=True
        )
        .select_related("assignment__reviewer", "assignment__organisation", "assignment__round", "case__ecosystem")
        .order_by("assignment__round__opened_at", "assignment__round_id", "assignment_id")
    )


def review_views(round: Round, *, by_name: bool) -> list[ReviewView]:
    """The submitted reviews of a round, as "Reviewer 1", "Contribution 1" and so on unless `by_name`. Four queries."""
    rows = submitted_reviews([round]).prefetch_related("answers", "points__disposition")
    return [
        ReviewView(
            review=row,
            name=row.assignment.reviewer.name if by_name else name_in_round(row, number),
            organisation=str(row.assignment.organisation or "") if by_name else "",
            answers=tuple(row.answers.all()),
            points=tuple(row.points.all()),
        )
        for number, row in enumerate(rows, start=1)
    ]


def pseudonym(number: int) -> str:
    """The name under which authors know the reviewer of that number."""
    return _("Reviewer %(number)s") % {"number": number}


def name_in_round(review: Review, number: int) -> str:
    """The name under which authors know who wrote it: a number, or the place for a city test."""
    if review.assignment.round.kind == "consultation":
        return _("Contribution %(number)s") % {"number": number}
    case = getattr(review, "case", None)
    if case is None or case.ecosystem is None:
        return pseudonym(number)
    return _("City test, %(place)s") % {"place": case.ecosystem.name}


def score_lines(round: Round, views: Iterable[ReviewView]) -> list[ScoreLine]:
    """The scores of a round by criterion, in the order of its form."""
    views = list(views)
    return [
        ScoreLine(
            Criterion(each["key"], each["question"]),
            tuple(
                answer.score
                for view in views
                for answer in view.answers
                if answer.criterion == each["key"] and answer.score is not None
            ),
        )
        for each in criteria_of(round)
    ]


def draft_review(assignment: Assignment) -> Review | None:
    """The assignment's review as stored, with its answers and points; None before the first save."""
    return Review.objects.filter(assignment=assignment).prefetch_related("answers", "points").first()
