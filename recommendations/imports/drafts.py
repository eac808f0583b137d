"""From a checked entry of a file to an edition that can be published."""

from typing import Any

from recommendations.content import Blocks, EvidenceContent, RecommendationContent, SectionContent
from recommendations.imports.references import Register
from recommendations.models import Edition
from recommendations.publishing import EditionDraft
from recommendations.text import from_plain_text, sha256_of, to_data
from recommendations.text.inline import squeeze


def entry_hash(entry: dict[str, Any]) -> str:
    """The hash that says whether an entry is the one that was taken over before."""
    return sha256_of(entry)


def draft_from_entry(entry: dict[str, Any], known: Register) -> EditionDraft:
    """The edition of an entry without problems; its provenance is the source, no run."""
    language = entry["language"]
    return EditionDraft(
        slug=entry["slug"],
        area_id=known.areas[entry["policy_area"]],
        language=language,
        title=squeeze(entry["title"]),
        summary=squeeze(entry["summary"]),
        sections=tuple(
            SectionContent(
                key=section["kind"],
                title=known.sections[section["kind"]],
                blocks=_blocks(section["text"], language, section["kind"]),
            )
            for section in entry.get("sections", [])
        ),
        recommendations=tuple(
            _recommendation(item, position, language) for position, item in enumerate(entry["recommendations"], start=1)
        ),
        evidence=tuple(
            EvidenceContent(
                key=item["key"],
                title=squeeze(item["title"]),
                kind=item["kind"],
                address=item.get("url", ""),
                publisher=squeeze(item.get("publisher", "")),
                year=item.get("year"),
                note="",
            )
            for item in entry.get("evidence", [])
        ),
        author_ids=tuple(known.organisations[author] for author in entry["authors"]),
        origin=Edition.Origin.IMPORT,
        provenance={"source": entry["source"] | {"title": squeeze(entry["source"]["title"])}},
        revision_hash=entry_hash(entry),
        first_published_on=entry.get("published_on", ""),
    )


def _recommendation(item: dict[str, Any], position: int, language: str) -> RecommendationContent:
    return RecommendationContent(
        key=item["key"],
        position=position,
        statement=squeeze(item["statement"]),
        rationale=_blocks(item.get("rationale", ""), language, f"{item['key']} rationale"),
        guideline=_blocks(item.get("guideline", ""), language, f"{item['key']} guideline"),
        levels=item.get("levels", []),
        target_actors=item.get("target_actors", []),
        building_blocks=item.get("building_blocks", []),
        evidence=item.get("evidence", []),
    )


def _blocks(words: str, language: str, salt: str) -> Blocks:
    return to_data(from_plain_text(words, lang=language, salt=salt))
