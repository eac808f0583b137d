"""The ledger of points: who said what about which passage, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.models import Disposition, Point, Round
from engine.selectors.frozen import FrozenText, Passage, frozen_text
from engine.selectors.places import LaterText, PlaceNow
from engine.selectors.reviews import name_in_round, submitted_reviews
from recommendations.models import Proposal, Revision


@dataclass(frozen=True)
class PointView:
    """A point with its passage: the words before the quote, the quote, the words after.

    `now` says where it stands in the newest revision; None while that is still the one it was made on.
    """

    point: Point
    round: Round
    reviewer: str
    passage: Passage | None
    before: str
    quote: str
    after: str
    disposition: Disposition | None
    now: PlaceNow | None = None

    @property
    def is_open(self) -> bool:
        """Whether the authors have yet to answer."""
        return self.disposition is None


@dataclass(frozen=True)
class Ledger:
    """All points of a proposal's closed rounds, in order; `newest` is the revision in which they were found again."""

    points: tuple[PointView, ...]
    newest: Revision | None = None

    @property
    def open(self) -> tuple[PointView, ...]:
        """Those without an answer."""
        return tuple(each for each in self.points if each.is_open)

    @property
    def answered(self) -> tuple[PointView, ...]:
        """Those with an answer."""
        return tuple(each for each in self.points if not each.is_open)

    @property
    def tray(self) -> tuple[PointView, ...]:
        """Those whose passage is not in the newest revision any more."""
        return tuple(each for each in self.points if each.now and each.now.is_lost)

    @property
    def must_be_answered(self) -> int:
        """How many points stand in the way of submitting."""
        return sum(each.point.must_answer for each in self.open)


def ledger(proposal: Proposal, *, page_language: str) -> Ledger:
    """The points that reviewers left in closed rounds. The same number of queries for any number of points."""
    rounds = list(
        Round.objects.filter(visit__run__proposal=proposal, closed_at__isnull=False)
        .select_related("revision")
        .order_by("opened_at", "pk")
    )
    names = reviewer_names(rounds)
    texts = _texts(rounds, page_language)
    by_pk = {round.pk: round for round in rounds}
    rows = (
        Point.objects.filter(review__in=names)
        .select_related("review__assignment", "disposition__owner", "disposition__revision")
        .order_by("review__assignment__round__opened_at", "review__assignment_id", "number")
    )
    pairs = [(row, by_pk[row.review.assignment.round_id]) for row in rows]
    newest = Revision.objects.filter(proposal=proposal).order_by("-number").first()
    places = _places(pairs, newest, page_language)
    views = (_view(row, round, names[row.review_id], texts, places.get(row.pk)) for row, round in pairs)
    return Ledger(tuple(views), newest)


def unanswered(proposal: Proposal) -> int:
    """How many points of closed rounds must be answered and are not. One query."""
    return Point.objects.filter(
        review__assignment__round__visit__run__proposal=proposal,
        review__assignment__round__closed_at__isnull=False,
        review__assignment__barred_at__isnull=True,
        review__submitted_at__isnull=False,
        must_answer=True,
        disposition__isnull=True,
    ).count()


def reviewer_names(rounds: list[Round]) -> dict[int, str]:
    """The pseudonym of each submitted review, by review id; numbers begin anew in each round."""
    names: dict[int, str] = {}
    counts: dict[int, int] = {}
    for review in submitted_reviews(rounds):
        counts[review.assignment.round_id] = counts.get(review.assignment.round_id, 0) + 1
        names[review.pk] = name_in_round(review, counts[review.assignment.round_id])
    return names


def in_context(point: Point, passage: Passage | None) -> tuple[str, str, str]:
    """The words of the passage before the quote, the quote, and the words after it."""
    words = passage.words if passage else ""
    before, found, after = words.partition(point.quote) if point.quote else (words, "", "")
    return (before, point.quote, after) if found or not point.quote else ("", point.quote, "")


def _texts(rounds: list[Round], language: str) -> Mapping[int, FrozenText]:
    newest = {round.revision_id: round.revision for round in rounds}
    return {pk: frozen_text(revision.content, page_language=language) for pk, revision in newest.items()}


def _places(pairs: list[tuple[Point, Round]], newest: Revision | None, language: str) -> dict[int, PlaceNow]:
    """Where the points on earlier revisions stand in the newest one."""
    earlier: dict[int, list[Point]] = {}
    contents = {}
    for point, round in pairs:
        if newest and round.revision_id != newest.pk:
            earlier.setdefault(round.revision_id, []).append(point)
            contents[round.revision_id] = round.revision.content
    if not earlier or newest is None:
        return {}
    later, places = LaterText(newest, page_language=language), {}
    for pk, points in earlier.items():
        places |= later.find(points, contents[pk])
    return places


def _view(point: Point, round: Round, name: str, texts: Mapping[int, FrozenText], now: PlaceNow | None) -> PointView:
    passage = texts[round.revision_id].passage(point.place, point.block_id) if point.place else None
    before, quote, after = in_context(point, passage)
    return PointView(point, round, name, passage, before, quote, after, getattr(point, "disposition", None), now)
