"""Rounds as their pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ekip.shared.errors import NotFound
from engine.models import Assignment, Round
from engine.permissions import HIDDEN, may_see_reviews
from partners.models import User
from recommendations import access
from recommendations.models import Grant, Proposal


@dataclass(frozen=True)
class Asked:
    """One person who was asked, and what came of it; `state` words it, `reason` belongs to a refusal."""

    assignment: Assignment
    state: str | Promise
    at: datetime
    reason: str


@dataclass(frozen=True)
class RoundView:
    """A round: how far it is; `asked` is empty for those who may not know the reviewers."""

    round: Round
    proposal: Proposal
    asked: tuple[Asked, ...]
    invited: int
    submitted: int
    oversees: bool
    shows_reviews: bool
    note: str | Promise

    @property
    def is_open(self) -> bool:
        """Whether reviews can still be handed in."""
        return self.round.closed_at is None and self.round.cancelled_at is None


def round_view(person: User, pk: int) -> RoundView:
    """The round for someone who oversees the proposal, or for one of its authors. Constant number of queries.

    Raises:
        NotFound: no such round, or not for this person to know of.
        NotAllowed: a conflict of interest bars the person from seeing who reviews.
    """
    rows = Round.objects.select_related("visit__run__proposal__area", "revision", "opened_by")
    round = rows.filter(pk=pk, visit__run__proposal__deleted_at=None).first()
    if round is None:
        raise NotFound
    proposal = round.visit.run.proposal
    verdict = may_see_reviews(person, round, proposal)
    is_author = Grant.Right.AUTHOR in access.rights(person, proposal.pk)
    if not verdict and (verdict is HIDDEN or not is_author):
        verdict.enforce()
    assignments = list(
        round.assignments.select_related("reviewer", "organisation", "review").order_by("reviewer__sort_key", "pk")
    )
    return RoundView(
        round=round,
        proposal=proposal,
        asked=() if is_author else tuple(_asked(each) for each in assignments),
        invited=len(assignments),
        submitted=sum(_is_in(each) for each in assignments),
        oversees=not is_author,
        shows_reviews=bool(verdict) and round.closed_at is not None,
        note="" if round.closed_at else _("Reviews are shown when the round has closed."),
    )


def rounds_of(proposal: Proposal) -> list[Round]:
    """The rounds of a proposal, newest first, cancelled ones too. One query."""
    return list(Round.objects.filter(visit__run__proposal=proposal).order_by("-opened_at", "-pk"))


def criteria_of(round: Round) -> list[Mapping[str, Any]]:
    """The questions of the round's own copy of the form."""
    return list(round.form.get("criteria", []))


def _is_in(assignment: Assignment) -> bool:
    review = getattr(assignment, "review", None)
    return bool(review and review.submitted_at and not assignment.barred_at)


def _asked(assignment: Assignment) -> Asked:
    review = getattr(assignment, "review", None)
    if assignment.barred_at:
        return Asked(assignment, _("Barred"), assignment.barred_at, assignment.bar_reason)
    if assignment.declined_at:
        return Asked(assignment, _("Declined"), assignment.declined_at, assignment.decline_reason)
    if review and review.submitted_at:
        return Asked(assignment, _("Review handed in"), review.submitted_at, "")
    if assignment.accepted_at:
        return Asked(assignment, _("Accepted"), assignment.accepted_at, "")
    return Asked(assignment, _("Asked, no answer yet"), assignment.invited_at, "")
