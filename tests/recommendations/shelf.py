"""A small shelf of published editions, put there by the one writer. Everything in them is invented."""

from datetime import UTC, datetime

from partners.models import Organisation
from recommendations.models import (
    BuildingBlock,
    Cluster,
    Edition,
    Notice,
    PolicyArea,
    TargetActor,
)
from recommendations.publishing import EditionDraft, issue_notice, publish

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
SOURCE = {"title": "An old report", "url": "https://example.org/report", "retrieved_on": "2026-11-01"}
# How an edition came about that passed the process.
RUN = {
    "process": {"key": "ekip-engine", "title": "ekip Engine", "version": 2, "hash": "b" * 64},
    "revision": {"number": 3, "hash": "a" * 64},
    "rounds": [
        {"kind": "review", "opened_on": "2027-01-11", "closed_on": "2027-02-01", "invited": 3, "submitted": 2},
    ],
    "took_part": {"kinds": {"government": 3, "other": 4}, "countries": {"SE": 7}},
    "responses": [
        {
            "number": 1,
            "place": "recommendation:r1",
            "quote": "a key",
            "remark": "Who keeps the key?",
            "outcome": "partly",
            "reason": "The port does.",
            "revision": 3,
        },
        {
            "number": 2,
            "place": "gone",
            "quote": "",
            "remark": "Too long.",
            "outcome": None,
            "reason": "",
            "revision": None,
        },
    ],
    "city_cases": [
        {
            "ecosystem": {"key": "example-port-city", "name": "Example Port City", "kind": "city"},
            "territory": {"key": "example-port", "name": "Example Port"},
            "set_up": "A day on the quay.",
            "participants": [{"kind": "government", "label": "Government", "people": 6}],
            "findings": [
                {"recommendation": "r1", "text": "The quay has no door."},
                {"recommendation": "r9", "text": "Dropped since."},
            ],
            "gaps": "Nobody keeps the tools.",
            "resources": "Half a post.",
        }
    ],
    "gatherings": [
        {
            "kind": "policy_lab",
            "title": "A lab on the quay",
            "held_on": "2026-12-03",
            "ended_on": "2026-12-04",
            "ecosystem": {"key": "example-port-city", "name": "Example Port City", "kind": "city"},
            "territory": {"key": "example-port", "name": "Example Port"},
            "is_online": True,
            "host": {"key": "example-network", "name": "Example Network"},
            "people": 11,
            "attended": {"kinds": {"industry": 7, "other": 4}, "countries": {"SE": 11}},
            "outcome": "The key matters more than the crane.",
        }
    ],
    "points": {"raised": 4, "answered": {"accepted": 3, "declined": 1}},
    "decision": {"outcome": "publish", "decided_on": "2027-02-20"},
}


def paragraph(words: str, *, id: str = "p1", lang: str = "en") -> list[dict]:
    """One paragraph in the text form."""
    return [{"id": id, "kind": "paragraph", "lang": lang, "runs": [{"text": words}]}]


def term(model, key: str):
    """The entry of a controlled list, made when it is not there yet."""
    return model.objects.get_or_create(key=key, defaults={"label": key.replace("-", " ").capitalize()})[0]


def area(slug: str = "crafts", *, cluster: str = "education-skills") -> PolicyArea:
    """A policy area of the register."""
    defaults = {"title": slug.replace("-", " ").capitalize(), "cluster": term(Cluster, cluster), "is_example": True}
    return PolicyArea.objects.get_or_create(slug=slug, defaults=defaults)[0]


def organisation(slug: str = "example-city") -> Organisation:
    """An invented author."""
    defaults = {"name": slug.replace("-", " ").title(), "kind": "government", "is_example": True, "country": "NL"}
    return Organisation.objects.get_or_create(slug=slug, defaults=defaults)[0]


def recommendation(key: str = "r1", statement: str = "Give makers a key to the quay.", **fields) -> dict:
    """One recommendation as drafts have it."""
    return {
        "key": key,
        "position": 1,
        "statement": statement,
        "rationale": paragraph("Makers need room."),
        "guideline": paragraph("Begin with one quay."),
        "levels": ["local"],
        "target_actors": ["funder"],
        "building_blocks": ["skills"],
        "evidence": ["survey"],
    } | fields


def evidence(key: str = "survey") -> dict:
    """One piece of evidence as drafts have it."""
    return {
        "key": key,
        "title": "Survey of makers",
        "kind": "survey",
        "address": "https://example.org/survey",
        "publisher": "Example Network",
        "year": 2026,
        "note": "",
    }


def place(
    slug: str = "quiet-harbours",
    *,
    title: str = "Quiet harbours",
    summary: str = "What ports can do.",
    area_slug: str = "crafts",
    cluster: str = "education-skills",
    language: str = "en",
    author: str = "example-city",
    sections: list[dict] | None = None,
    recommendations: list[dict] | None = None,
    provenance: dict | None = None,
    is_import: bool = False,
    first_published_on: str = "",
    at: datetime = NOW,
    **fields,
) -> Edition:
    """Publish the next edition of `slug`; `fields` are those of its one recommendation, "r1"."""
    statements = recommendations if recommendations is not None else [recommendation(**fields)]
    for each in statements:
        for key in each["building_blocks"]:
            term(BuildingBlock, key)
        for key in each["target_actors"]:
            term(TargetActor, key)
    draft = EditionDraft(
        slug=slug,
        area_id=area(area_slug, cluster=cluster).pk,
        language=language,
        title=title,
        summary=summary,
        sections=sections or [{"key": "context", "title": "Context", "blocks": paragraph("Quays fall silent.")}],
        recommendations=statements,
        evidence=[evidence()],
        author_ids=(organisation(author).pk,),
        origin="import" if is_import else "run",
        first_published_on=first_published_on,
        provenance=provenance or ({"source": SOURCE} if is_import else {}),
        revision_hash="a" * 64,
        is_example=True,
    )
    return publish(draft, now=at)


def say(edition: Edition, kind: str, text: str = "A figure was wrong.", successor: Edition | None = None) -> Notice:
    """Issue a notice about an edition."""
    return issue_notice(edition, kind, text, person=None, now=NOW, successor=successor)


def fill(n: int, *, first: int = 0) -> None:
    """Publish `n` publications."""
    for number in range(first, first + n):
        place(f"set-{number:02}", title=f"Set {number:02}")
