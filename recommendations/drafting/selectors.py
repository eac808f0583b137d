"""Reading proposals. Rows are reached through a person: what is not theirs and what is not there are the same."""

from datetime import datetime

from django.db.models import Count, QuerySet

from ekip.shared.errors import NotFound
from partners.models import User
from recommendations import access
from recommendations.drafting import completeness
from recommendations.drafting.completeness import Missing, ProposalFacts, RecommendationFacts, SectionFacts
from recommendations.models import Grant, Proposal, Recommendation, Revision
from recommendations.permissions import RESTORE_WITHIN

DRAFT_RIGHTS = (Grant.Right.AUTHOR, Grant.Right.OVERSEE)


def readable_proposals(person: User) -> QuerySet[Proposal]:
    """The proposals whose draft the person may read, last changed first; a reviewer's grant alone does not count."""
    if not person.is_authenticated:
        return Proposal.objects.none()
    grants = access.live_grants(person).filter(right__in=DRAFT_RIGHTS)
    rows = Proposal.objects.filter(pk__in=grants.values("proposal"), deleted_at__isnull=True)
    return rows.select_related("area__cluster", "lead_organisation", "started_by").order_by("-changed_at", "-pk")


def authored_proposals(person: User) -> QuerySet[Proposal]:
    """The proposals that the person writes, last changed first."""
    if not person.is_authenticated:
        return Proposal.objects.none()
    grants = access.live_grants(person).filter(right=Grant.Right.AUTHOR, person=person)
    return readable_proposals(person).filter(pk__in=grants.values("proposal"))


def deleted_drafts(person: User, *, now: datetime) -> QuerySet[Proposal]:
    """The drafts that the person deleted and can still bring back, last deleted first."""
    if not person.is_authenticated:
        return Proposal.objects.none()
    since = now - RESTORE_WITHIN
    return (
        Proposal.objects.filter(started_by=person, deleted_at__gt=since)
        .select_related("area__cluster", "lead_organisation")
        .order_by("-deleted_at")
    )


def proposal_for(person: User, pk: int) -> Proposal:
    """The proposal whose draft the person may read.

    Raises:
        NotFound: there is none, or not for this person.
    """
    proposal = readable_proposals(person).filter(pk=pk).first()
    if proposal is None:
        raise NotFound
    return proposal


def revision_for(person: User, pk: int) -> Revision:
    """The frozen text that the person may read: as author or overseer, or by a reviewer's grant on just this one.

    Raises:
        NotFound: there is none, or not for this person.
    """
    revision = (
        Revision.objects.select_related("proposal__area__cluster", "proposal__lead_organisation")
        .filter(pk=pk, proposal__deleted_at__isnull=True)
        .first()
    )
    if revision is None or not person.is_authenticated:
        raise NotFound
    grants = access.live_grants(person).filter(proposal_id=revision.proposal_id)
    if not any(
        right in DRAFT_RIGHTS or (right == Grant.Right.REVIEW and revision_id == revision.pk)
        for right, revision_id in grants.values_list("right", "revision_id")
    ):
        raise NotFound
    return revision


def authors_of(proposal: Proposal) -> list[User]:
    """Everybody who writes it, who started it first, then by name."""
    grants = Grant.objects.filter(proposal=proposal, right=Grant.Right.AUTHOR, ends_at__isnull=True)
    people = User.objects.filter(pk__in=grants.values("person")).order_by("sort_key", "pk")
    return sorted(people, key=lambda person: person.pk != proposal.started_by_id)


def recommendations_of(proposal: Proposal) -> QuerySet[Recommendation]:
    """Its recommendations in their order, with actors, building blocks and evidence at hand."""
    return proposal.recommendations.prefetch_related("target_actors", "building_blocks", "evidence")


def missing(proposal: Proposal) -> list[Missing]:
    """What the proposal still lacks before it can be submitted. Two queries."""
    sections = proposal.sections.select_related("kind").defer("blocks")
    recommendations = proposal.recommendations.annotate(
        block_count=Count("building_blocks", distinct=True), evidence_count=Count("evidence", distinct=True)
    ).defer("rationale", "guideline")
    return completeness.missing(
        ProposalFacts(
            title=proposal.title,
            summary=proposal.summary,
            sections=tuple(
                SectionFacts(
                    key=row.kind.key,
                    label=row.kind.label,
                    words=row.words,
                    is_required=row.kind.is_required,
                    minimum_words=row.kind.minimum_words,
                )
                for row in sections
            ),
            recommendations=tuple(
                RecommendationFacts(
                    key=row.key,
                    statement=row.statement,
                    levels=len(row.levels),
                    building_blocks=row.block_count,
                    evidence=row.evidence_count,
                )
                for row in recommendations
            ),
        )
    )
