"""How an edition came about, frozen into it at publication. Nobody is named, and no cell is so small that it names."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from engine.models import Assignment, CityCase, Decision, Disposition, Point, Round, Run
from engine.process.tally import merge_small
from engine.selectors.gatherings import gatherings_of
from partners.models import Gathering, Membership, Organisation
from recommendations.models import Grant, Revision


def provenance(run: Run, revision: Revision) -> dict[str, Any]:
    """Process, revision, rounds, who took part, points and what became of them, decision, city cases, gatherings."""
    rounds = Round.objects.filter(visit__run=run, closed_at__isnull=False).order_by("opened_at", "pk")
    asked = list(Assignment.objects.filter(round__in=rounds, barred_at=None).select_related("organisation", "review"))
    submitted = [each for each in asked if getattr(each, "review", None) and each.review.submitted_at]
    points = _points(submitted)
    return {
        "process": {
            "key": run.version.definition.key,
            "title": run.version.definition.title,
            "version": run.version.number,
            "hash": run.version.content_hash,
        },
        "revision": {"number": revision.number, "hash": revision.content_hash},
        "rounds": [_round(each, asked, submitted) for each in rounds],
        "took_part": _took_part(run, submitted),
        "points": {
            "raised": len(points),
            "answered": dict(Counter(each["outcome"] for each in points if each["outcome"])),
        },
        "responses": points,
        "decision": _decision(run),
        "city_cases": [_case(each) for each in _cases(submitted)],
        "gatherings": [_gathering(each) for each in gatherings_of(run).prefetch_related("attendance")],
    }


def _round(round: Round, asked: list[Assignment], submitted: list[Assignment]) -> dict[str, Any]:
    return {
        "kind": round.kind,
        "opened_on": round.opened_at.date().isoformat(),
        "closed_on": round.closed_at.date().isoformat() if round.closed_at else None,
        "invited": sum(each.round_id == round.pk for each in asked),
        "submitted": sum(each.round_id == round.pk for each in submitted),
    }


def _took_part(run: Run, submitted: list[Assignment]) -> dict[str, dict[str, int]]:
    """People by kind of actor and by country, each person once; cells under three stand together."""
    authors = Grant.objects.filter(proposal=run.proposal_id, right=Grant.Right.AUTHOR, person__isnull=False)
    deciders = Decision.objects.filter(visit__run=run).values_list("decided_by", flat=True)
    people = {*authors.values_list("person_id", flat=True), *(each.reviewer_id for each in submitted), *deciders}
    kinds: dict[int, str] = {}
    countries: dict[int, str] = {}
    rows = Membership.objects.filter(person__in=people, ended_at=None).order_by("-started_at", "-pk")
    for person, kind, country in rows.values_list("person_id", "organisation__kind", "organisation__country"):
        kinds[person], countries[person] = kind, country
    return {
        "kinds": merge_small(Counter(kinds.values())),
        "countries": merge_small(Counter(country for country in countries.values() if country)),
    }


def _points(submitted: list[Assignment]) -> list[dict[str, Any]]:
    """The response table: each remark with what became of it, why, and the revision that carries the change."""
    rows = (
        Point.objects.filter(review__assignment__in=[each.pk for each in submitted])
        .select_related("disposition__revision")
        .order_by("review__submitted_at", "review_id", "number")
    )
    return [_response(number, each) for number, each in enumerate(rows, start=1)]


def _response(number: int, point: Point) -> dict[str, Any]:
    disposition: Disposition | None = getattr(point, "disposition", None)
    return {
        "number": number,
        "place": point.place,
        "quote": point.quote,
        "remark": point.text,
        "outcome": disposition.outcome if disposition else None,
        "reason": disposition.reason if disposition else "",
        "revision": disposition.revision.number if disposition and disposition.revision else None,
    }


def _decision(run: Run) -> dict[str, str] | None:
    decision = Decision.objects.filter(visit__run=run).order_by("-decided_at").first()
    if decision is None:
        return None
    return {"outcome": decision.outcome, "decided_on": decision.decided_at.date().isoformat()}


def _cases(submitted: list[Assignment]) -> list[CityCase]:
    rows = CityCase.objects.filter(review__assignment__in=[each.pk for each in submitted])
    return list(
        rows.select_related("ecosystem__territory").prefetch_related("participation", "findings").order_by("pk")
    )


def _case(case: CityCase) -> dict[str, Any]:
    labels = dict(Organisation.Kind.choices)
    people = merge_small({each.kind: each.people for each in case.participation.all()})
    assert case.ecosystem is not None  # noqa: S101 - a case is not handed in without its place
    return {
        "ecosystem": {"key": case.ecosystem.slug, "name": case.ecosystem.name, "kind": case.ecosystem.kind},
        "territory": {"key": case.ecosystem.territory.slug, "name": case.ecosystem.territory.name},
        "set_up": case.set_up,
        "participants": [
            {"kind": kind, "label": str(labels.get(kind, _("Others together"))), "people": number}
            for kind, number in people.items()
        ],
        "findings": [{"recommendation": each.recommendation, "text": each.text} for each in case.findings.all()],
        "gaps": case.gaps,
        "resources": case.resources,
    }


def _gathering(gathering: Gathering) -> dict[str, Any]:
    ecosystem, host = gathering.ecosystem, gathering.host
    territory = gathering.territory or (ecosystem.territory if ecosystem else None)
    kinds: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    for group in gathering.attendance.all():
        kinds[group.kind] += group.people
        countries[group.country] += group.people
    return {
        "kind": gathering.kind,
        "title": gathering.title,
        "held_on": gathering.held_on.isoformat(),
        "ended_on": gathering.ended_on.isoformat() if gathering.ended_on else None,
        "ecosystem": {"key": ecosystem.slug, "name": ecosystem.name, "kind": ecosystem.kind} if ecosystem else None,
        "territory": {"key": territory.slug, "name": territory.name} if territory else None,
        "is_online": gathering.is_online,
        "host": {"key": host.slug, "name": host.name} if host else None,
        "people": kinds.total(),
        "attended": {"kinds": merge_small(kinds), "countries": merge_small(countries)},
        "outcome": gathering.outcome,
    }
