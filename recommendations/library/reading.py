"""What the reading page shows beside the public document: its texts as HTML, its contents, how to cite it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from recommendations.library.addresses import absolute
from recommendations.library.documents import Document, first_year
from recommendations.library.history import Fact, history
from recommendations.library.provenance import Provenance, provenance
from recommendations.markup import html
from recommendations.models.evidence import Evidence
from recommendations.text import from_data

RECOMMENDATIONS = "recommendations"  # the section that introduces them


@dataclass(frozen=True)
class Item:
    """One recommendation, ready for its card."""

    number: int
    anchor: str
    statement: str
    rationale: SafeString
    guideline: SafeString
    level: str
    actors: list[str]
    blocks: list[str]
    evidence: list[dict[str, str]]
    cities: list[dict[str, str]]


@dataclass(frozen=True)
class Part:
    """One section, ready for the page; `items` stand beneath the section that introduces them."""

    anchor: str
    title: str
    html: SafeString
    items: list[Item]


@dataclass(frozen=True)
class Reading:
    """The texts of a document for a page whose heading of level 1 is its title."""

    parts: list[Part]
    evidence: list[dict[str, Any]]
    citation: str
    published_at: datetime
    history: list[Fact]
    provenance: Provenance
    retrieved_on: date | None


def reading(document: Document, *, page: str) -> Reading:
    """The reading page's texts of a public document that stands at the path `page`."""
    published_at = datetime.fromisoformat(document["published_at"])
    source = document["source"]
    facts = provenance(document)
    return Reading(
        parts=_parts(document, facts),
        evidence=_evidence(document),
        citation=_citation(document, page=page),
        published_at=published_at,
        history=history(document["provenance"]),
        provenance=facts,
        retrieved_on=date.fromisoformat(source["retrieved_on"]) if source else None,
    )


def _parts(document: Document, facts: Provenance) -> list[Part]:
    """The sections that say something, in order, with the recommendations under theirs (or at the end)."""
    items = _items(document, facts)
    parts = [
        Part(
            anchor=f"s-{section['key']}",
            title=section["title"],
            html=html(from_data(section["blocks"]), f"s-{section['key']}", document["language"]),
            items=items if section["key"] == RECOMMENDATIONS else [],
        )
        for section in document["sections"]
        if section["blocks"] or (section["key"] == RECOMMENDATIONS and items)
    ]
    if items and not any(part.items for part in parts):
        parts.append(Part(f"s-{RECOMMENDATIONS}", _("Recommendations"), SafeString(), items))
    return parts


def _items(document: Document, facts: Provenance) -> list[Item]:
    evidence, language = {entry["key"]: entry for entry in document["evidence"]}, document["language"]
    return [
        Item(
            number=number,
            anchor=f"r-{entry['key']}",
            statement=entry["statement"],
            rationale=html(from_data(entry["rationale"]), f"r-{entry['key']}-why", language, heading_offset=2),
            guideline=html(from_data(entry["guideline"]), f"r-{entry['key']}-how", language, heading_offset=3),
            level=", ".join(level["label"] for level in entry["levels"]),
            actors=[actor["label"] for actor in entry["target_actors"]],
            blocks=[block["label"] for block in entry["building_blocks"]],
            evidence=[
                {"title": evidence[key]["title"], "url": f"#e-{key}"} for key in entry["evidence"] if key in evidence
            ],
            cities=facts.met(entry["key"]),
        )
        for number, entry in enumerate(document["recommendations"], start=1)
    ]


def _evidence(document: Document) -> list[dict[str, Any]]:
    """The evidence as the document has it, with the word for its kind."""
    kinds = dict(Evidence.Kind.choices)
    return [{**entry, "kind_label": kinds.get(entry["kind"], "")} for entry in document["evidence"]]


def _citation(document: Document, *, page: str) -> str:
    """How to cite the edition, in one line of words."""
    return _("%(authors)s (%(year)s). %(title)s. Edition %(number)s. ekip Engine. %(address)s (%(licence)s)") % {
        "authors": ", ".join(author["name"] for author in document["authors"]),
        "year": first_year(document) or _("no date"),
        "title": document["title"],
        "number": document["number"],
        "address": absolute(page),
        "licence": document["licence"],
    }
