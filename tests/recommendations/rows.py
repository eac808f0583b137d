"""Small factories of what proposals and publications stand on. Every call makes something new."""

from datetime import datetime
from itertools import count

from partners.models import Organisation, User
from recommendations import access
from recommendations.areas.eligibility import MINIMUM_SOURCES
from recommendations.drafting import services
from recommendations.models import BuildingBlock, Cluster, PolicyArea, Proposal, SectionKind, Source, TargetActor
from recommendations.text import from_plain_text, to_data

_number = count(1)


def text(words: str, lang: str = "en") -> list[dict]:
    """Simple text in the JSON form."""
    return to_data(from_plain_text(words, lang=lang))


def make_vocabularies() -> None:
    """Two building blocks and a consideration, an actor, and a template of two sections."""
    BuildingBlock.objects.bulk_create(
        [
            BuildingBlock(key="skills-competences", label="Skills and competence development", position=1),
            BuildingBlock(key="investment-funding", label="Investment and funding", position=2),
            BuildingBlock(key="social-dimension", label="Social dimension", kind="consideration", position=3),
        ],
        ignore_conflicts=True,
    )
    TargetActor.objects.bulk_create(
        [TargetActor(key="public-authority", label="Public authority")], ignore_conflicts=True
    )
    SectionKind.objects.bulk_create(
        [
            SectionKind(key="context", label="Context", position=1, minimum_words=5),
            SectionKind(key="problem", label="Problem", position=2, minimum_words=5, is_required=False),
        ],
        ignore_conflicts=True,
    )


def make_area(title: str = "Shared studios", *, sources: int = MINIMUM_SOURCES, **fields) -> PolicyArea:
    """A policy area with so many sources; `selected_at` and others as fields."""
    cluster, _ = Cluster.objects.get_or_create(key="cooperation", defaults={"label": "Cooperation"})
    fields.setdefault("slug", f"area-{next(_number)}")
    area = PolicyArea.objects.create(title=title, cluster=cluster, **fields)
    Source.objects.bulk_create(
        [Source(area=area, title=f"Source {n}", kind=Source.Kind.NETWORK) for n in range(sources)]
    )
    return area


def make_proposal(person: User, organisation: Organisation, area: PolicyArea, *, now: datetime, **fields) -> Proposal:
    """A proposal that the person started, open for editing."""
    fields.setdefault("title", "One studio, many stages")
    fields.setdefault("summary", "Open the equipment that cities own to small producers.")
    proposal = services.start_proposal(
        person=person, area=area, lead_organisation=organisation, language="en", now=now, **fields
    )
    access.set_openings({proposal.pk: frozenset({"edit", "submit"})})
    return proposal


def fill(proposal: Proposal, *, now: datetime) -> Proposal:
    """Write every section, one piece of evidence and one recommendation that cites it."""
    person = proposal.started_by
    for section in proposal.sections.all():
        services.save_section(
            proposal_id=proposal.pk,
            key=section.kind.key,
            person=person,
            blocks=text("Nine public bodies own cameras that stand idle for most of the year."),
            version=section.version,
            now=now,
        )
    evidence = services.add_evidence(
        proposal_id=proposal.pk,
        person=person,
        draft=services.EvidenceDraft(title="Equipment count of Example City", kind="statistics", year=2026),
        now=now,
    )
    services.add_recommendation(
        proposal_id=proposal.pk,
        person=person,
        draft=services.RecommendationDraft(
            statement="Publish one register of equipment that public bodies own.",
            rationale=text("What is not listed cannot be borrowed."),
            levels=["local"],
            target_actors=["public-authority"],
            building_blocks=["investment-funding"],
            evidence=[evidence.key],
        ),
        now=now,
    )
    return proposal
