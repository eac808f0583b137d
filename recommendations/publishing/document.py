"""The public document of an edition: what pages show and clients pull, rendered when a row is appended."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from django.utils.translation import override

from recommendations.models import (
    BuildingBlock,
    Edition,
    EditionDocument,
    EditionEvidence,
    EditionRecommendation,
    Level,
    TargetActor,
)

LICENCE = "CC-BY-4.0"


def render_document(edition: Edition, *, now: datetime) -> EditionDocument:
    """Append the edition's document as its rows say now; the newest one where nothing changed."""
    body = orjson.dumps(document_of(edition), option=orjson.OPT_SORT_KEYS)
    content_hash = hashlib.sha256(body).hexdigest()
    newest = edition.documents.order_by("-pk").first()
    if newest and newest.content_hash == content_hash:
        return newest
    return EditionDocument.objects.create(edition=edition, content_hash=content_hash, body=body, rendered_at=now)


def document_of(edition: Edition) -> dict[str, Any]:
    """The public document as plain data. Labels of vocabularies are in English whoever publishes."""
    with override("en"):
        return _document(edition, Labels())


class Labels:
    """The labels of the vocabularies, read once per document."""

    def __init__(self) -> None:
        self.blocks = {block.key: block for block in BuildingBlock.objects.all()}
        self.actors = dict(TargetActor.objects.values_list("key", "label"))

    def of_blocks(self, keys: Iterable[str]) -> list[dict[str, str]]:
        """Building blocks with label and kind."""
        known = [(key, self.blocks.get(key)) for key in keys]
        return [
            {"key": key, "label": block.label if block else key, "kind": block.kind if block else "block"}
            for key, block in known
        ]

    def of_actors(self, keys: Iterable[str]) -> list[dict[str, str]]:
        """Target actors with label."""
        return [{"key": key, "label": self.actors.get(key, key)} for key in keys]

    def of_levels(self, keys: Iterable[str]) -> list[dict[str, str]]:
        """Levels with label."""
        return [{"key": key, "label": str(Level(key).label)} for key in keys]


def _document(edition: Edition, labels: Labels) -> dict[str, Any]:
    publication, area = edition.publication, edition.publication.area
    text = edition.texts.get(language=edition.language)
    return {
        "id": str(edition),
        "publication": publication.slug,
        "number": edition.number,
        "language": edition.language,
        "title": text.title,
        "summary": text.summary,
        "area": {
            "key": area.slug,
            "title": area.title,
            "cluster": {"key": area.cluster.key, "label": area.cluster.label},
        },
        "authors": [
            {"key": body.slug, "name": body.name, "kind": body.kind, "country": body.country}
            for body in (row.organisation for row in edition.authors.select_related("organisation"))
        ],
        "published_at": edition.published_at.isoformat(),
        "first_published_on": edition.first_published_on,
        "origin": edition.origin,
        "source": edition.provenance.get("source"),
        "levels": labels.of_levels(edition.levels),
        "building_blocks": labels.of_blocks(edition.building_blocks),
        "target_actors": labels.of_actors(edition.target_actors),
        "recommendations": [_recommendation(row, labels) for row in edition.recommendations.all()],
        "sections": text.sections,
        "evidence": [_evidence(row) for row in edition.evidence.all()],
        "provenance": edition.provenance,
        "licence": LICENCE,
        "revision_hash": edition.revision_hash,
        "is_example": publication.is_example,
    }


def _recommendation(row: EditionRecommendation, labels: Labels) -> dict[str, Any]:
    return {
        "key": row.key,
        "position": row.position,
        "statement": row.statement,
        "rationale": row.rationale,
        "guideline": row.guideline,
        "levels": labels.of_levels(row.levels),
        "target_actors": labels.of_actors(row.target_actors),
        "building_blocks": labels.of_blocks(row.building_blocks),
        "evidence": row.evidence,
    }


def _evidence(row: EditionEvidence) -> dict[str, Any]:
    return {
        "key": row.key,
        "title": row.title,
        "kind": row.kind,
        "address": row.address,
        "publisher": row.publisher,
        "year": row.year,
        "note": row.note,
    }
