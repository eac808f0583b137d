"""What a page shows of the facts that were frozen with an edition: who took part, responses, cases, gatherings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from partners import models
from partners.countries import country_name

RECOMMENDATION = "recommendation:"  # what the place of a remark on a recommendation begins with
OTHER = "other"  # the cell in which small numbers stand together
OUTCOMES = {
    "accepted": lazy("accepted"),
    "partly": lazy("partly accepted"),
    "declined": lazy("declined"),
    "deferred": lazy("deferred"),
    "out_of_scope": lazy("out of scope"),
}


@dataclass(frozen=True)
class Cell:
    """So many people of one kind."""

    label: str | Promise
    people: int


@dataclass(frozen=True)
class Response:
    """A remark, where it was made, and what became of it; `anchor` leads to the place in the edition."""

    number: int
    place: str
    anchor: str
    quote: str
    remark: str
    outcome: str | Promise
    reason: str
    revision: int | None


@dataclass(frozen=True)
class Finding:
    """What one recommendation met in one city; `recommendation` links to its card."""

    anchor: str
    title: str
    recommendation: str
    text: str


@dataclass(frozen=True)
class Case:
    """A city case as it was recorded on the draft."""

    anchor: str
    name: str
    territory: str
    set_up: str
    participants: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    gaps: str
    resources: str


@dataclass(frozen=True)
class TookPart:
    """Who took part, by kind of actor and by country; small cells stand together."""

    kinds: tuple[Cell, ...]
    countries: tuple[Cell, ...]


@dataclass(frozen=True)
class Gathering:
    """A gathering on which the text draws; `attended` is empty when too few came to tell them apart."""

    kind: str | Promise
    title: str
    held_on: date
    ended_on: date | None
    place: str
    host: str
    people: int
    attended: TookPart
    outcome: str


@dataclass(frozen=True)
class Provenance:
    """All of it, ready for the page."""

    took_part: TookPart
    responses: tuple[Response, ...]
    cases: tuple[Case, ...]
    gatherings: tuple[Gathering, ...]

    def met(self, key: str) -> list[dict[str, str]]:
        """The cities that say what the recommendation of that key met, with links to their words."""
        return [
            {"title": case.name, "url": f"#{finding.anchor}"}
            for case in self.cases
            for finding in case.findings
            if finding.recommendation == f"r-{key}"
        ]


def provenance(document: Mapping[str, Any]) -> Provenance:
    """The frozen facts of a public document; empty for an edition that no run brought about. No query."""
    facts = document["provenance"]
    titles = {f"{RECOMMENDATION}{each['key']}": n for n, each in enumerate(document["recommendations"], start=1)}
    sections = {each["key"]: each["title"] for each in document["sections"]}
    return Provenance(
        took_part=_took_part(facts.get("took_part") or {}),
        responses=tuple(_response(each, titles, sections) for each in facts.get("responses") or ()),
        cases=tuple(_case(n, each, titles) for n, each in enumerate(facts.get("city_cases") or (), start=1)),
        gatherings=tuple(_gathering(each) for each in facts.get("gatherings") or ()),
    )


def _took_part(counts: Mapping[str, Mapping[str, int]]) -> TookPart:
    kinds = dict(models.Organisation.Kind.choices)
    return TookPart(
        tuple(
            Cell(_("Others together") if key == OTHER else kinds.get(key, key), people)
            for key, people in (counts.get("kinds") or {}).items()
        ),
        tuple(
            Cell(_("Others together") if key == OTHER else country_name(key), people)
            for key, people in (counts.get("countries") or {}).items()
        ),
    )


def _response(entry: Mapping[str, Any], titles: Mapping[str, int], sections: Mapping[str, str]) -> Response:
    place = entry["place"]
    label, anchor = _("The text as a whole"), ""
    if place in titles:
        label = _recommendation(titles[place])
        anchor = f"r-{place.removeprefix(RECOMMENDATION)}"
    elif place in sections:
        label, anchor = sections[place], f"s-{place}"
    elif place:
        label = _("A passage that the edition does not have")
    return Response(
        number=entry["number"],
        place=label,
        anchor=anchor,
        quote=entry["quote"],
        remark=entry["remark"],
        outcome=OUTCOMES.get(entry["outcome"], entry["outcome"] or _("not answered")),
        reason=entry["reason"],
        revision=entry["revision"],
    )


def _case(number: int, entry: Mapping[str, Any], titles: Mapping[str, int]) -> Case:
    return Case(
        anchor=f"case-{number}",
        name=entry["ecosystem"]["name"],
        territory=entry["territory"]["name"],
        set_up=entry["set_up"],
        participants=_participants(entry["participants"]),
        findings=tuple(
            Finding(
                anchor=f"case-{number}-{each['recommendation']}",
                title=_recommendation(titles[place])
                if (place := f"{RECOMMENDATION}{each['recommendation']}") in titles
                else _("A recommendation that the edition does not have"),
                recommendation=f"r-{each['recommendation']}" if place in titles else "",
                text=each["text"],
            )
            for each in entry["findings"]
        ),
        gaps=entry["gaps"],
        resources=entry["resources"],
    )


def _gathering(entry: Mapping[str, Any]) -> Gathering:
    kinds = dict(models.Gathering.Kind.choices)
    places = [entry[name]["name"] for name in ("ecosystem", "territory") if entry[name]]
    if entry["is_online"]:
        places.append(_("online"))
    return Gathering(
        kind=kinds.get(entry["kind"], entry["kind"]),
        title=entry["title"],
        held_on=date.fromisoformat(entry["held_on"]),
        ended_on=date.fromisoformat(entry["ended_on"]) if entry["ended_on"] else None,
        place=", ".join(dict.fromkeys(places)),
        host=entry["host"]["name"] if entry["host"] else "",
        people=entry["people"],
        attended=_took_part(entry["attended"]),
        outcome=entry["outcome"],
    )


def _participants(entries: Sequence[Mapping[str, Any]]) -> tuple[Cell, ...]:
    kinds = dict(models.Organisation.Kind.choices)
    return tuple(Cell(kinds.get(each["kind"], each["label"]), each["people"]) for each in entries)


def _recommendation(number: int) -> str:
    return _("Recommendation %(number)s") % {"number": number}
