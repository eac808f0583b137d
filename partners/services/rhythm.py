"""When people can be reached, from what they have said of their hours and absences, and their country's holidays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import partial

from partners.models import Absence, Membership, Rhythm, User
from partners.public_holidays import is_public_holiday
from partners.rhythm import Hours
from partners.zones import zone_of


def reachable_at(person_ids: Collection[int], at: datetime) -> dict[int, datetime]:
    """The first instant, not before `at`, at which each person can be reached. Four queries, however many."""
    return {person: hours.reachable(at) for person, hours in hours_of(person_ids, at).items()}


def absent_on(person_ids: Collection[int], at: datetime) -> set[int]:
    """Those who are absent on the day that it is for them. Four queries, however many."""
    return {person for person, hours in hours_of(person_ids, at).items() if hours.back_on(hours.day_of(at)) is not None}


def hours_of(person_ids: Collection[int], since: datetime) -> dict[int, Hours]:
    """The hours of each person, with the absences that end on the day of `since` or later. Four queries, however many.

    Who has said nothing has the defaults. Holidays are those of the organisation to which they have belonged longest.
    """
    zones = dict(User.objects.filter(pk__in=person_ids).values_list("pk", "time_zone"))
    rhythms = {row.person_id: row for row in Rhythm.objects.filter(person__in=zones)}
    absences = _absences(zones, since)
    countries = dict(
        Membership.objects.filter(person__in=zones, ended_at=None)
        .order_by("-started_at", "-pk")
        .values_list("person_id", "organisation__country")
    )
    found = {}
    for person, zone in zones.items():
        said = rhythms.get(person) or Rhythm()
        found[person] = Hours(
            zone=zone_of(zone),
            quiet_from=said.quiet_from,
            quiet_until=said.quiet_until,
            works_weekends=said.works_weekends,
            absences=tuple(absences.get(person, ())),
            is_holiday=partial(is_public_holiday, countries.get(person, "")),
        )
    return found


def _absences(people: Collection[int], since: datetime) -> dict[int, list[tuple[date, date]]]:
    found: dict[int, list[tuple[date, date]]] = {}
    # A day more: the zones of people lie on both sides of UTC.
    rows = Absence.objects.filter(person__in=people, last_day__gte=since.date() - timedelta(days=1))
    for person, first, last in rows.values_list("person_id", "first_day", "last_day"):
        found.setdefault(person, []).append((first, last))
    return found
