"""What changed: for a reviewer since their own review, and for a decider since the published edition."""

from __future__ import annotations

from dataclasses import dataclass

from engine.models import Assignment, Disposition, Point, Review, Run
from engine.selectors.places import LaterText, PlaceNow
from recommendations.comparison import Comparison, compare
from recommendations.drafting.frozen import content_of
from recommendations.models import Edition, Proposal, Revision


@dataclass(frozen=True)
class OwnPoint:
    """A point that the reviewer left on an earlier revision: what became of it, and where it stands now."""

    point: Point
    disposition: Disposition | None
    now: PlaceNow


@dataclass(frozen=True)
class SecondLook:
    """What a reviewer of an earlier revision wants to know about this one.

    `was_cancelled` says that their round was cancelled, so that the authors never saw the review.
    """

    before: Revision
    after: Revision
    review: Review
    was_cancelled: bool
    comparison: Comparison
    points: tuple[OwnPoint, ...]

    @property
    def placed(self) -> tuple[OwnPoint, ...]:
        """The points whose passage is still there."""
        return tuple(each for each in self.points if not each.now.is_lost)

    @property
    def tray(self) -> tuple[OwnPoint, ...]:
        """The points whose passage is gone."""
        return tuple(each for each in self.points if each.now.is_lost)


def second_look(assignment: Assignment, *, page_language: str) -> SecondLook | None:
    """What changed since the reviewer's last review of an earlier revision; None when this is their first.

    Constant number of queries, however many rounds there were.
    """
    now = assignment.round.revision
    review = (
        Review.objects.filter(
            assignment__reviewer=assignment.reviewer_id,
            assignment__barred_at=None,
            assignment__round__revision__proposal=now.proposal_id,
            assignment__round__revision__number__lt=now.number,
            submitted_at__isnull=False,
        )
        .select_related("assignment__round__revision")
        .order_by("-assignment__round__revision__number", "-submitted_at")
        .first()
    )
    if review is None:
        return None
    before = review.assignment.round.revision
    points = list(review.points.select_related("disposition__revision").order_by("number"))
    places = LaterText(now, page_language=page_language).find(points, before.content)
    return SecondLook(
        before=before,
        after=now,
        review=review,
        was_cancelled=review.assignment.round.cancelled_at is not None,
        comparison=compare(before.content, now.content, page_language=page_language, heading=3),
        points=tuple(OwnPoint(each, getattr(each, "disposition", None), places[each.pk]) for each in points),
    )


@dataclass(frozen=True)
class Correction:
    """The newest edition of a publication, and what the draft as it stands would change in it."""

    edition: Edition
    comparison: Comparison


def correction(proposal: Proposal, run: Run, *, page_language: str) -> Correction | None:
    """What publishing the draft as the next edition would change; None where nothing is published from a revision.

    Constant number of queries.
    """
    edition = Edition.objects.filter(publication=run.publication_id).order_by("-number").first()
    if edition is None:
        return None
    revisions = Revision.objects.filter(proposal=proposal, content_hash=edition.revision_hash)
    published = revisions.order_by("-number").first()
    if published is None:
        return None
    changes = compare(published.content, content_of(proposal), page_language=page_language, heading=3)
    return Correction(edition, changes)
