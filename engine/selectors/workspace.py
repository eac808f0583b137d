"""A proposal as its authors see it: the text as it stands, marks of completeness, and who writes."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from partners.models import User
from recommendations.drafting.selectors import Missing, missing
from recommendations.markup import html
from recommendations.models import Evidence, Grant, Level, Proposal, Recommendation, Section
from recommendations.text import from_data


@dataclass(frozen=True)
class SectionView:
    """A section with its text as HTML; `lacks` says what is missing in it."""

    section: Section
    html: SafeString
    lacks: tuple[Missing, ...]

    @property
    def mark(self) -> str:
        """How complete it is: "done", "begun" or "empty"."""
        if not self.lacks:
            return "done"
        return "begun" if self.section.words else "empty"


@dataclass(frozen=True)
class RecommendationView:
    """A recommendation with its texts as HTML and its terms in words."""

    recommendation: Recommendation
    number: int
    rationale: SafeString
    guideline: SafeString
    levels: str
    lacks: tuple[Missing, ...]

    @property
    def before(self) -> int:
        """The place above, counted from 1."""
        return self.number - 1

    @property
    def after(self) -> int:
        """The place below."""
        return self.number + 1


@dataclass(frozen=True)
class Workspace:
    """Everything that the proposal page shows of the text."""

    sections: tuple[SectionView, ...]
    recommendations: tuple[RecommendationView, ...]
    evidence: tuple[Evidence, ...]
    missing: tuple[Missing, ...]
    has_details: bool

    @property
    def details_mark(self) -> str:
        """How complete title and summary are."""
        return "done" if self.has_details else "begun"

    @property
    def recommendations_mark(self) -> str:
        """How complete the recommendations are together."""
        if not self.recommendations:
            return "empty"
        return "begun" if any(each.lacks for each in self.recommendations) else "done"


def workspace(proposal: Proposal, *, page_language: str) -> Workspace:
    """The text of a proposal. The same number of queries however much was written."""
    gaps = tuple(missing(proposal))
    by_place: dict[str, list[Missing]] = {}
    for gap in gaps:
        by_place.setdefault(gap.place, []).append(gap)
    labels = {key: str(label) for key, label in Level.choices}
    rows = proposal.recommendations.prefetch_related("target_actors", "building_blocks", "evidence")
    return Workspace(
        sections=tuple(
            SectionView(
                section,
                html(from_data(section.blocks), section.kind.key, page_language),
                tuple(by_place.get(f"section:{section.kind.key}", ())),
            )
            for section in proposal.sections.select_related("kind", "saved_by")
        ),
        recommendations=tuple(
            RecommendationView(
                recommendation=row,
                number=number,
                rationale=html(from_data(row.rationale), f"{row.key}-why", page_language, heading_offset=2),
                guideline=html(from_data(row.guideline), f"{row.key}-how", page_language, heading_offset=3),
                levels=", ".join(labels[key] for key in row.levels if key in labels),
                lacks=tuple(by_place.get(f"recommendation:{row.key}", ())),
            )
            for number, row in enumerate(rows, start=1)
        ),
        evidence=tuple(proposal.evidence.all()),
        missing=gaps,
        has_details="details" not in by_place,
    )


def co_authors(proposal: Proposal) -> list[Grant]:
    """The live grants of everyone who writes, with the persons and their organisations; the first author first."""
    return list(
        Grant.objects.filter(proposal=proposal, right=Grant.Right.AUTHOR, ends_at=None, person__isnull=False)
        .select_related("person")
        .prefetch_related("person__memberships__organisation")
        .order_by("starts_at", "pk")
    )


def organisations_of(person: User) -> str:
    """The organisations of a person whose memberships were fetched along, in words."""
    return ", ".join(each.organisation.name for each in person.memberships.all() if each.ended_at is None)
