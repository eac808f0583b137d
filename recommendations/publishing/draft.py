"""What becomes an edition: the same shape from a frozen revision and from a back catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from partners.models import Organisation
from recommendations.content import EvidenceContent, RecommendationContent, RevisionContent, SectionContent
from recommendations.models import Edition, PolicyArea, Revision


@dataclass(frozen=True)
class EditionDraft:
    """An edition before it is published. Lists are in reading order; `author_ids` in the order of signing.

    `revision_hash` is the hash of the frozen text that the edition was made from: a revision's, or that of an
    entry of a back catalogue. `first_published_on` is a date as precise as it is known ("2025", "2025-03").
    """

    slug: str
    area_id: int
    language: str
    title: str
    summary: str
    sections: tuple[SectionContent, ...]
    recommendations: tuple[RecommendationContent, ...]
    evidence: tuple[EvidenceContent, ...]
    author_ids: tuple[int, ...]
    origin: str
    provenance: Mapping[str, Any]
    revision_hash: str = ""
    first_published_on: str = ""
    is_example: bool = False


def draft_from_revision(revision: Revision, *, slug: str, provenance: Mapping[str, Any]) -> EditionDraft:
    """The edition that publishing a revision would make; `slug` names the publication, new or not.

    Raises:
        PolicyArea.DoesNotExist, Organisation.DoesNotExist: the revision names one that is no longer registered.
    """
    content = cast(RevisionContent, revision.content)
    ids = dict(Organisation.objects.filter(slug__in=content["authors"]).values_list("slug", "pk"))
    if lost := [author for author in content["authors"] if author not in ids]:
        raise Organisation.DoesNotExist(f"no organisation {', '.join(lost)}")
    return EditionDraft(
        slug=slug,
        area_id=PolicyArea.objects.only("pk").get(slug=content["area"]).pk,
        language=content["language"],
        title=content["title"],
        summary=content["summary"],
        sections=tuple(section for section in content["sections"] if section["blocks"]),
        recommendations=tuple(content["recommendations"]),
        evidence=tuple(content["evidence"]),
        author_ids=tuple(ids[author] for author in content["authors"]),
        origin=Edition.Origin.RUN,
        provenance=provenance,
        revision_hash=revision.content_hash,
        is_example=revision.proposal.is_example,
    )
