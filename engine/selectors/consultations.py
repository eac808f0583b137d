"""Frozen texts that everybody may read, and the consultations in which everybody may take part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, QuerySet

from ekip.shared.errors import NotFound
from ekip.shared.verdicts import Verdict
from engine.models import Assignment, Round
from engine.models.rounds import not_run_out, since_when_paused
from engine.permissions import may_read_publicly, may_take_part
from engine.selectors.frozen import FrozenText, frozen_text
from engine.selectors.process import public_proposals, runs_that_hide_authors
from engine.selectors.proposals import Standing, standings
from engine.selectors.rounds import is_answered
from partners.models import User
from recommendations.models import Proposal, Publication, Revision


@dataclass(frozen=True)
class ConsultationView:
    """A consultation as a visitor sees it: the text while it is open, afterwards where the proposal stands.

    `part` is the visitor's own part in it; `is_answered` says that the process has the authors answer points.
    `standing` is known only where the process page tells it too.
    """

    round: Round
    proposal: Proposal
    text: FrozenText | None
    part: Assignment | None
    verdict: Verdict
    standing: Standing | None
    hides_authors: bool
    is_answered: bool
    publication: Publication | None

    @property
    def is_open(self) -> bool:
        """Whether it can be read and taken part in."""
        return self.text is not None

    @property
    def has_handed_in(self) -> bool:
        """Whether the visitor's contribution is in."""
        review = getattr(self.part, "review", None)
        return bool(review and review.submitted_at)


def open_consultations(*, now: datetime) -> QuerySet[Round]:
    """The consultations that are open to everybody; those that close first stand first.

    `hides_authors` tells whether to leave out who writes the text.
    """
    return (
        Round.objects.filter(
            not_run_out(now),
            kind="consultation",
            closed_at=None,
            cancelled_at=None,
            revision__proposal__openings__capability="read",
            revision__proposal__deleted_at=None,
        )
        .annotate(hides_authors=Exists(runs_that_hide_authors("revision__proposal")), paused_at=since_when_paused())
        .select_related("revision__proposal__area__cluster", "revision__proposal__lead_organisation")
        .order_by("closes_at", "pk")
    )


def consultation(person: User, pk: int, *, now: datetime, page_language: str) -> ConsultationView:
    """A consultation, open or closed. The text is there while it is open, and only then.

    Raises:
        NotFound: there is no such consultation, or its proposal was deleted.
    """
    rows = Round.objects.select_related(
        "visit__run", "revision__proposal__area__cluster", "revision__proposal__lead_organisation"
    )
    round = rows.filter(pk=pk, kind="consultation", revision__proposal__deleted_at=None).first()
    if round is None:
        raise NotFound
    proposal = round.revision.proposal
    found = open_consultations(now=now).filter(pk=pk).first()
    is_open = found is not None
    part = None
    if person.is_authenticated:
        part = Assignment.objects.filter(round=round, reviewer=person, barred_at=None).select_related("review").first()
    listed = None if is_open else public_proposals().filter(pk=proposal.pk).first()
    return ConsultationView(
        round=round,
        proposal=proposal,
        text=frozen_text(round.revision.content, page_language=page_language) if is_open else None,
        part=part,
        verdict=may_take_part(person, round, now=now),
        standing=standings([listed])[0] if listed else None,
        hides_authors=found is None or found.hides_authors,
        is_answered=is_answered(round),
        publication=Publication.objects.filter(run__proposal=proposal).first(),
    )


@dataclass(frozen=True)
class PublicText:
    """The newest frozen text of a proposal at a stage that everybody may read, and the consultation that is open."""

    proposal: Proposal
    revision: Revision
    hides_authors: bool
    consultation: Round | None


def public_text(pk: int, *, now: datetime) -> PublicText:
    """The frozen text of a proposal for everybody.

    Raises:
        NotFound: there is none, or its stage is not open to everybody.
    """
    rows = Proposal.objects.annotate(hides_authors=Exists(runs_that_hide_authors("pk")))
    proposal = rows.select_related("area__cluster", "lead_organisation").filter(pk=pk, deleted_at=None).first()
    revision = Revision.objects.filter(proposal=pk).order_by("-number").first()
    if proposal is None or revision is None or not may_read_publicly(proposal):
        raise NotFound
    consultation = open_consultations(now=now).filter(revision__proposal=pk).first()
    return PublicText(proposal, revision, proposal.hides_authors, consultation)
