"""The shape of frozen text: what a revision holds and an edition is made of. Keys only, never row numbers."""

from typing import Any, TypedDict

Blocks = list[dict[str, Any]]
"""A text in the JSON form of `recommendations.text`."""


class SectionContent(TypedDict):
    """One section: the key of its kind, the title that it had, its text."""

    key: str
    title: str
    blocks: Blocks


class RecommendationContent(TypedDict):
    """One statement with all that belongs to it; lists hold keys of the vocabularies and of the evidence."""

    key: str
    position: int
    statement: str
    rationale: Blocks
    guideline: Blocks
    levels: list[str]
    target_actors: list[str]
    building_blocks: list[str]
    evidence: list[str]


class EvidenceContent(TypedDict):
    """One piece of evidence."""

    key: str
    title: str
    kind: str
    address: str
    publisher: str
    year: int | None
    note: str


class RevisionContent(TypedDict):
    """The whole text of a proposal at one instant; `area`, `lead_organisation` and `authors` are slugs."""

    title: str
    summary: str
    language: str
    area: str
    lead_organisation: str
    authors: list[str]
    sections: list[SectionContent]
    recommendations: list[RecommendationContent]
    evidence: list[EvidenceContent]
