"""Who was asked in rounds and who handed in, as a quorum counts them, and what it still lacks in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import ngettext

from engine.models import Assignment, Round
from engine.process.quorum import Lacking, PanelFacts, together
from partners.models import Membership, Organisation, User


def panels(rounds: Collection[int]) -> dict[int, PanelFacts]:
    """The panel of each round, by round id; barred people are not of it. One query.

    Rounds of one template in one visit count together, so whoever was asked in several is of one panel alone: that in
    which they handed in first, if they did.
    """
    once = ("round__visit_id", "round__key", "reviewer_id")
    rows = Assignment.objects.filter(round__in=rounds, barred_at=None).order_by(*once, "review__submitted_at", "pk")
    rows = rows.distinct(*once).values_list(
        "round_id", "review__submitted_at", "organisation__kind", "organisation__country"
    )
    found: dict[int, list[PanelFacts]] = {}
    for round_id, submitted_at, kind, country in rows:
        one = PanelFacts(invited=1)
        if submitted_at:
            one = PanelFacts(1, 1, *(frozenset(filter(None, [each])) for each in (kind, country)))
        found.setdefault(round_id, []).append(one)
    return {pk: together(found.get(pk, ())) for pk in rounds}


def panel_so_far(visit_id: int, key: str) -> PanelFacts:
    """Everybody who was asked in the rounds of one template in a visit. Two queries."""
    rounds = Round.objects.filter(visit=visit_id, key=key, cancelled_at=None).values_list("pk", flat=True)
    return together(panels(list(rounds)).values())


def asked_so_far(visit_id: int, key: str) -> frozenset[int]:
    """Ids of those who were asked in the rounds of one template in a visit, barred ones left out. One query."""
    rows = Assignment.objects.filter(round__visit=visit_id, round__key=key, round__cancelled_at=None, barred_at=None)
    return frozenset(rows.values_list("reviewer", flat=True))


def lacking(rounds: Collection[Round]) -> dict[int, Lacking]:
    """What each round lacks, by round id; rounds of one template in one visit count together. Two queries."""
    keys = {(each.visit_id, each.key) for each in rounds}
    siblings = Round.objects.filter(visit__in=[each.visit_id for each in rounds], cancelled_at=None)
    by_key: dict[tuple[int, str], list[int]] = {}
    for pk, visit_id, key in siblings.values_list("pk", "visit_id", "key"):
        if (visit_id, key) in keys:
            by_key.setdefault((visit_id, key), []).append(pk)
    counted = panels([pk for group in by_key.values() for pk in group])
    return {
        each.pk: each.whole_quorum.lacking(together(counted[pk] for pk in by_key.get((each.visit_id, each.key), ())))
        for each in rounds
    }


def lacking_words(lack: Lacking, kind: str) -> str:
    """What is missing in a round of that kind: “1 review, Academia, 1 more country”; empty when nothing is."""
    parts = []
    if lack.number:
        parts.append(_number(kind, lack.number))
    parts += kind_labels(lack.kinds)
    if lack.countries:
        parts.append(ngettext("%(n)d more country", "%(n)d more countries", lack.countries) % {"n": lack.countries})
    return ", ".join(parts)


def kind_labels(kinds: Collection[str]) -> list[str]:
    """Kinds of actors in words."""
    labels = dict(Organisation.Kind.choices)
    return [str(labels.get(kind, kind)) for kind in sorted(kinds)]


def organisations_of(people: Collection[User]) -> Mapping[int, Organisation]:
    """The organisation for which each person would take part, by person id. One query."""
    rows = Membership.objects.filter(person__in=people, ended_at=None).order_by("person", "-started_at")
    return {row.person_id: row.organisation for row in rows.select_related("organisation")}


def _number(kind: str, n: int) -> str:
    match kind:
        case "city-test":
            words = ngettext("%(n)d case", "%(n)d cases", n)
        case "consultation":
            words = ngettext("%(n)d contribution", "%(n)d contributions", n)
        case _:
            words = ngettext("%(n)d review", "%(n)d reviews", n)
    return words % {"n": n}
