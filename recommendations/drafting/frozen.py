"""A proposal's whole text as plain data. Constant number of queries."""

from partners.models import Membership, Organisation
from recommendations.content import (
    EvidenceContent,
    RecommendationContent,
    RevisionContent,
    SectionContent,
)
from recommendations.models import Evidence, Grant, Proposal, Recommendation


def content_of(proposal: Proposal) -> RevisionContent:
    """What a revision of the proposal holds, were it frozen now."""
    sections = proposal.sections.select_related("kind")
    recommendations = proposal.recommendations.prefetch_related("target_actors", "building_blocks", "evidence")
    return RevisionContent(
        title=proposal.title,
        summary=proposal.summary,
        language=proposal.language,
        area=proposal.area.slug,
        lead_organisation=proposal.lead_organisation.slug,
        authors=[organisation.slug for organisation in author_organisations(proposal)],
        sections=[SectionContent(key=row.kind.key, title=row.kind.label, blocks=row.blocks) for row in sections],
        recommendations=[_recommendation(n, row) for n, row in enumerate(recommendations, start=1)],
        evidence=[_evidence(row) for row in proposal.evidence.order_by("key")],
    )


def author_organisations(proposal: Proposal) -> list[Organisation]:
    """The organisations that sign: the lead, then those for which a co-author drafts, by name.

    A co-author who drafts for the lead organisation brings no further one in.
    """
    lead = proposal.lead_organisation
    authors = Grant.objects.filter(proposal=proposal, right=Grant.Right.AUTHOR, ends_at__isnull=True)
    drafting = Membership.objects.filter(
        ended_at__isnull=True, role__in=[Membership.Role.DRAFTER, Membership.Role.MANAGER]
    )
    of_lead = drafting.filter(organisation=lead).values("person")
    others = drafting.filter(person__in=authors.values("person")).exclude(person__in=of_lead)
    joined = Organisation.objects.filter(pk__in=others.values("organisation")).exclude(pk=lead.pk)
    return [lead, *joined.order_by("sort_key", "pk")]


def _recommendation(position: int, row: Recommendation) -> RecommendationContent:
    return RecommendationContent(
        key=row.key,
        position=position,
        statement=row.statement,
        rationale=row.rationale,
        guideline=row.guideline,
        levels=row.levels,
        target_actors=[term.key for term in row.target_actors.all()],
        building_blocks=[term.key for term in row.building_blocks.all()],
        evidence=sorted(item.key for item in row.evidence.all()),
    )


def _evidence(row: Evidence) -> EvidenceContent:
    return EvidenceContent(
        key=row.key,
        title=row.title,
        kind=row.kind,
        address=row.address,
        publisher=row.publisher,
        year=row.year,
        note=row.note,
    )
