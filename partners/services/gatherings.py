"""Recording where people met. What a gathering was held for is known to the upper app, which asks who may."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import EditConflict, Invalid
from partners.countries import COUNTRIES
from partners.models import Attendance, Ecosystem, Gathering, Organisation, Territory, User
from partners.zones import zone_of

LONGEST_TITLE = 200
LONGEST_OUTCOME = 5_000
MOST_PEOPLE = 100_000
MOST_GROUPS = 100


@dataclass(frozen=True)
class Group:
    """So many people of one kind of actor from one country."""

    kind: str
    country: str
    people: int


@dataclass(frozen=True)
class GatheringDraft:
    """A gathering as typed: when, where (a city or district, a territory, online), and who came."""

    kind: str = ""
    title: str = ""
    held_on: date | None = None
    ended_on: date | None = None
    ecosystem_id: int | None = None
    territory_id: int | None = None
    is_online: bool = False
    host_id: int | None = None
    outcome: str = ""
    attendance: tuple[Group, ...] = ()


@transaction.atomic
def record_gathering(*, draft: GatheringDraft, person: User, now: datetime, is_example: bool = False) -> Gathering:
    """Store a gathering with who came.

    Raises:
        Invalid: it has no kind, title or place; it lies ahead; it ended before it began; a number is impossible.
    """
    draft = tidied(draft)
    if errors := faults_of(draft=draft, person=person, now=now):
        raise Invalid(errors=errors)
    gathering = Gathering(**_facts(draft), is_example=is_example, recorded_by=person, recorded_at=now)
    gathering.save()
    _store_attendance(gathering, draft)
    return gathering


@transaction.atomic
def change_gathering(*, gathering_id: int, draft: GatheringDraft, version: int, person: User, now: datetime) -> bool:
    """Put the draft in the place of what is stored, if nobody did since `version`; whether anything is different now.

    Raises:
        EditConflict: somebody did; carries `theirs` (the gathering as stored).
        Invalid: as when it is recorded.
    """
    draft = tidied(draft)
    if errors := faults_of(draft=draft, person=person, now=now):
        raise Invalid(errors=errors)
    gathering = Gathering.objects.select_for_update(no_key=True).get(pk=gathering_id)
    if draft_of(gathering) == draft:
        return False
    if gathering.version != version:
        raise EditConflict(theirs=gathering)
    gathering.version += 1
    for name, value in _facts(draft).items():
        setattr(gathering, name, value)
    gathering.save(update_fields=[*_facts(draft), "version"])
    gathering.attendance.all().delete()
    _store_attendance(gathering, draft)
    return True


def delete_gathering(*, gathering_id: int) -> None:
    """Take a gathering out of the register, with who came. Who asks knows that nothing draws on it."""
    Gathering.objects.filter(pk=gathering_id).delete()


def tidied(draft: GatheringDraft) -> GatheringDraft:
    """The draft as it is stored: one line of title, and no last day for a gathering of one day."""
    return replace(
        draft,
        title=" ".join(draft.title.split()),
        ended_on=None if draft.ended_on == draft.held_on else draft.ended_on,
        outcome=draft.outcome.strip(),
    )


def draft_of(gathering: Gathering) -> GatheringDraft:
    """What is stored, as it would be typed."""
    return GatheringDraft(
        kind=gathering.kind,
        title=gathering.title,
        held_on=gathering.held_on,
        ended_on=gathering.ended_on,
        ecosystem_id=gathering.ecosystem_id,
        territory_id=gathering.territory_id,
        is_online=gathering.is_online,
        host_id=gathering.host_id,
        outcome=gathering.outcome,
        attendance=tuple(Group(each.kind, each.country, each.people) for each in gathering.attendance.all()),
    )


def faults_of(*, draft: GatheringDraft, person: User, now: datetime) -> dict[str, list[str]]:
    """Everything for which the draft would be refused, by field. The day ends where the person is."""
    errors = _faults_of_words(draft) | _faults_of_days(draft, today=now.astimezone(zone_of(person.time_zone)).date())
    return errors | _faults_of_places(draft) | _faults_of_attendance(draft)


def _facts(draft: GatheringDraft) -> dict[str, object]:
    return {
        "kind": draft.kind,
        "title": draft.title,
        "held_on": draft.held_on,
        "ended_on": draft.ended_on,
        "ecosystem_id": draft.ecosystem_id,
        "territory_id": draft.territory_id,
        "is_online": draft.is_online,
        "host_id": draft.host_id,
        "outcome": draft.outcome,
    }


def _store_attendance(gathering: Gathering, draft: GatheringDraft) -> None:
    Attendance.objects.bulk_create(
        Attendance(gathering=gathering, kind=each.kind, country=each.country, people=each.people)
        for each in draft.attendance
    )


def _faults_of_words(draft: GatheringDraft) -> dict[str, list[str]]:
    errors = {}
    if draft.kind not in Gathering.Kind.values:
        errors["kind"] = [_("Choose what kind of gathering it was.")]
    if not draft.title:
        errors["title"] = [_("Give it a title.")]
    for name, longest in (("title", LONGEST_TITLE), ("outcome", LONGEST_OUTCOME)):
        if len(getattr(draft, name)) > longest:
            errors[name] = [_("This is longer than %(n)d characters.") % {"n": longest}]
    return errors


def _faults_of_days(draft: GatheringDraft, *, today: date) -> dict[str, list[str]]:
    """`today` is the day where the person is."""
    if draft.held_on is None:
        return {"held_on": [_("Say on which day it was.")]}
    errors = {}
    if draft.held_on > today:
        errors["held_on"] = [_("This day lies ahead. Record a gathering once it was held.")]
    if draft.ended_on is not None and draft.ended_on < draft.held_on:
        errors["ended_on"] = [_("The last day lies before the first.")]
    elif draft.ended_on is not None and draft.ended_on > today:
        errors["ended_on"] = [_("This day lies ahead. Record a gathering once it has ended.")]
    return errors


def _faults_of_places(draft: GatheringDraft) -> dict[str, list[str]]:
    errors = {}
    if draft.ecosystem_id is None and draft.territory_id is None and not draft.is_online:
        errors["ecosystem"] = [_("Say where it was: a city or district, a territory, or online.")]
    if draft.ecosystem_id is not None and not Ecosystem.objects.filter(pk=draft.ecosystem_id).exists():
        errors["ecosystem"] = [_("Choose a city or a district.")]
    if draft.territory_id is not None and not Territory.objects.filter(pk=draft.territory_id).exists():
        errors["territory"] = [_("Choose a territory.")]
    if draft.host_id is not None and not Organisation.objects.filter(pk=draft.host_id).exists():
        errors["host"] = [_("Choose an organisation.")]
    return errors


def _faults_of_attendance(draft: GatheringDraft) -> dict[str, list[str]]:
    faults = []
    if len(draft.attendance) > MOST_GROUPS:
        faults.append(_("Enter at most %(n)d groups.") % {"n": MOST_GROUPS})
    if any(each.kind not in Organisation.Kind.values or each.country not in COUNTRIES for each in draft.attendance):
        faults.append(_("Choose a kind of actor and a country for each group."))
    if any(not 1 <= each.people <= MOST_PEOPLE for each in draft.attendance):
        faults.append(_("Enter a number from 1 to %(n)d for each group.") % {"n": MOST_PEOPLE})
    if len({(each.kind, each.country) for each in draft.attendance}) < len(draft.attendance):
        faults.append(_("The same kind of actor and country stands there twice. Put both groups together."))
    return {"attendance": faults} if faults else {}
