"""Rows of recommendations: vocabularies, the register of areas, drafting, access, and the append-only library."""

from recommendations.models.access import Grant, Opening
from recommendations.models.areas import Briefing, PolicyArea, Source
from recommendations.models.drafting import Proposal, Recommendation, Revision, Section
from recommendations.models.evidence import Evidence
from recommendations.models.library import (
    Edition,
    EditionAuthor,
    EditionDocument,
    EditionEvidence,
    EditionRecommendation,
    EditionText,
    Notice,
    Publication,
)
from recommendations.models.vocabulary import BuildingBlock, Cluster, Level, SectionKind, TargetActor

__all__ = [
    "Briefing",
    "BuildingBlock",
    "Cluster",
    "Edition",
    "EditionAuthor",
    "EditionDocument",
    "EditionEvidence",
    "EditionRecommendation",
    "EditionText",
    "Evidence",
    "Grant",
    "Level",
    "Notice",
    "Opening",
    "PolicyArea",
    "Proposal",
    "Publication",
    "Recommendation",
    "Revision",
    "Section",
    "SectionKind",
    "Source",
    "TargetActor",
]
