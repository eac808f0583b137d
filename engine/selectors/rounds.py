"""Rounds as their pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ekip.shared.errors import NotFound
from engine.models import Assignment, Round
from engine.models.definitions import definition_of
from engine.permissions import HIDDEN, may_see_reviews
from engine.selectors.panels import lacking, lacking_words
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
    """A round: how far it is; `asked` is empty for those who may not know the reviewers.

    `reads_draft` says whether the proposal's own page is open to the reader; reviewers know the frozen text only.
    `lacks` says what the quorum still lacks.
    """

    round: Round
    proposal: Proposal
    asked: tuple[Asked, ...]
    invited: int
    submitted: int
    oversees: bool
    reads_draft: bool
    shows_reviews: bool
    note: str | Promise
    lacks: str = ""

    @property
    def is_city_test(self) -> bool:
        """Whether cities test in it, rather than reviewers judge."""
        return self.round.kind == "city-test"

    @property
    def is_consultation(self) -> bool:
        """Whether it is open to everybody."""
        return self.round.kind == "consultation"

    @property
    def is_open(self) -> bool:
        """Whether reviews can still be handed in."""
        return self.round.closed_at is None and self.round.cancelled_at is None


def round_view(person: User, pk: int) -> RoundView:
    """The round for who oversees the proposal, for its authors, and for who handed in a review in it.

    Constant number of queries.

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
    held = access.rights(person, proposal.pk)
    oversees = Grant.Right.OVERSEE in held and Grant.Right.AUTHOR not in held
    if not verdict and (verdict is HIDDEN or oversees):
        verdict.enforce()
    assignments = list(
        round.assignments.select_related("reviewer", "organisation", "review", "round").order_by(
            "reviewer__sort_key", "pk"
        )
    )
    return RoundView(
        round=round,
        proposal=proposal,
        asked=tuple(_asked(each) for each in assignments) if oversees else (),
        invited=len(assignments),
        submitted=sum(_is_in(each) for each in assignments),
        oversees=oversees,
        reads_draft=bool(held & {Grant.Right.AUTHOR, Grant.Right.OVERSEE}),
        shows_reviews=bool(verdict) and (round.closed_at is not None or not oversees),
        note="" if round.closed_at else _note(round),
        lacks="" if round.cancelled_at else lacking_words(lacking([round])[round.pk], round.kind),
    )


def _note(round: Round) -> str | Promise:
    if round.kind == "city-test":
        return _("Cases are shown when the city test has closed.")
    if round.kind == "consultation":
        return _("Contributions are shown when the consultation has closed.")
    return _("Reviews are shown when the round has closed.")


def criteria_of(round: Round) -> list[Mapping[str, Any]]:
    """The questions of the round's own copy of the form."""
    return list(round.form.get("criteria", []))


def is_answered(round: Round) -> bool:
    """Whether the process has the authors answer points, at whatever stage."""
    return any("dispose" in stage.capabilities for stage in definition_of(round.visit.run.version_id).stages)


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
        return Asked(assignment, _("Handed in"), review.submitted_at, "")
    if assignment.accepted_at and assignment.round.kind == "consultation":
        return Asked(assignment, _("Takes part"), assignment.accepted_at, "")
    if assignment.accepted_at:
        return Asked(assignment, _("Accepted"), assignment.accepted_at, "")
    return Asked(assignment, _("Asked, no answer yet"), assignment.invited_at, "")


def assignment_to_remove(person: User, pk: int) -> Assignment:
    """Somebody's part in a round of a proposal that the person oversees.

    Raises:
        NotFound: there is none, or not for this person.
    """
    rows = Assignment.objects.select_related("reviewer", "round__revision__proposal__area")
    assignment = rows.filter(pk=pk).first()
    if assignment is None or Grant.Right.OVERSEE not in access.rights(person, assignment.round.revision.proposal_id):
        raise NotFound
    return assignment
