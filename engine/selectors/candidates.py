"""Who could be asked to review a proposal, and who cannot, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ekip.shared.verdicts import Allowed, Denied, Verdict
from engine.models import Assignment
from engine.permissions import KNOWS_AUTHORS, conflict_words, knowing_authors, ties_of
from engine.process.conflicts import Tie, bars
from engine.process.values import Stage
from engine.selectors.panels import organisations_of
from partners.countries import COUNTRIES
from partners.models import Membership, Organisation, User
from recommendations.models import Proposal


@dataclass(frozen=True)
class Candidate:
    """A person with their organisations, whether they may be asked, and what only warns.

    `background` is the kind of actor and the country for which they would count. `reviewed_before` says that they
    handed in a review of this proposal in an earlier round.
    """

    person: User
    organisations: tuple[str, ...]
    verdict: Verdict
    warnings: tuple[str, ...]
    reviewed_before: bool = False
    background: tuple[str, ...] = ()


def candidates(proposal: Proposal, *, visit_id: int, stage: Stage) -> list[Candidate]:
    """Everybody who belongs to an organisation or reviewed before; those who did so for this proposal in an earlier
    round of that stage come first, the rest by name. Constant number of queries.
    """
    people = list(
        User.objects.filter(Q(memberships__ended_at=None) | Q(assignments__isnull=False), is_active=True)
        .distinct()
        .order_by("sort_key")
    )
    belongs = _belongs(people)
    counts_for = organisations_of(people)
    submitted = Assignment.objects.filter(
        round__visit__run__proposal=proposal, review__submitted_at__isnull=False, barred_at=None
    )
    reviewed = set(submitted.filter(round__visit=visit_id).values_list("reviewer_id", flat=True))
    # A review handed in before its round was cancelled counts: who wrote it knows the text.
    earlier = set(submitted.filter(round__visit__stage=stage.key).values_list("reviewer_id", flat=True)) - reviewed
    found = ties_of([person.pk for person in people], proposal)
    knowing = knowing_authors(proposal, blind=stage.round.blind if stage.round else "none")
    offered = [
        Candidate(
            person,
            tuple(belongs.get(person.pk, ())),
            _verdict(found[person.pk], has_reviewed=person.pk in reviewed, knows_authors=person.pk in knowing),
            tuple(conflict_words(tie) for tie in found[person.pk] if not tie.blocks),
            person.pk in earlier,
            _background(counts_for.get(person.pk)),
        )
        for person in people
    ]
    return sorted(offered, key=lambda each: not each.reviewed_before)


def people_to_ask() -> list[Candidate]:
    """Everybody who belongs to an organisation, by name; whether they may judge a proposal is asked for each. Two
    queries.
    """
    people = list(User.objects.filter(memberships__ended_at=None, is_active=True).distinct().order_by("sort_key"))
    belongs = _belongs(people)
    return [Candidate(person, tuple(belongs.get(person.pk, ())), Allowed(), ()) for person in people]


def _belongs(people: list[User]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Membership.objects.filter(person__in=people, ended_at=None).order_by("organisation__sort_key")
    for person_id, name in rows.values_list("person_id", "organisation__name"):
        found.setdefault(person_id, []).append(name)
    return found


def _background(organisation: Organisation | None) -> tuple[str, ...]:
    if organisation is None:
        return ()
    return tuple(
        filter(None, (organisation.get_kind_display(), str(COUNTRIES.get(organisation.country, organisation.country))))
    )


def _verdict(found: tuple[Tie, ...], *, has_reviewed: bool, knows_authors: bool) -> Verdict:
    if tie := bars(found):
        return Denied(conflict_words(tie), "conflict-of-interest")
    if has_reviewed:
        return Denied(_("has reviewed this text already"), "reviewed")
    if knows_authors:
        return Denied(KNOWS_AUTHORS, "knows-authors")
    return Allowed()
