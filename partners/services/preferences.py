"""How people want to be reached: their choices by group, their hours, their absences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid, NotFound
from partners import kinds
from partners.models import Absence, Choice, Delivery, Rhythm, User
from partners.services import digests
from partners.services.rhythm import hours_of

LONGEST_ABSENCE = timedelta(days=732)


@dataclass(frozen=True)
class Wanted:
    """How somebody wants to hear of one group."""

    mail: str
    in_app: bool


@dataclass(frozen=True)
class Quiet:
    """The hours in which somebody is left alone."""

    quiet_from: time
    quiet_until: time
    works_weekends: bool
    holds_all_mail: bool
    digest_at: time


@transaction.atomic
def save_preferences(*, person: User, wanted: Mapping[str, Wanted], quiet: Quiet, now: datetime) -> None:
    """Keep what the person chose. What waits for their digest follows: it leaves at the new hour, or not at all.

    Raises:
        Invalid: there is no such group, nothing to choose about it, or no such way.
    """
    chosen = {group.key for group in kinds.groups() if not kinds.is_essential(group)}
    if not wanted.keys() <= chosen or any(each.mail not in Choice.Mail.values for each in wanted.values()):
        raise Invalid(_("There is no such choice."))
    # A digest that is being put together holds this lock too, and the same rows.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    Choice.objects.bulk_create(
        [
            Choice(person=person, group=group, mail=each.mail, in_app=each.in_app)
            for group, each in sorted(wanted.items())
        ],
        update_conflicts=True,
        unique_fields=["person", "group"],
        update_fields=["mail", "in_app"],
    )
    Rhythm.objects.update_or_create(person=person, defaults=vars(quiet))
    _forget(person.pk, [group for group, each in wanted.items() if each.mail == Choice.Mail.OFF])
    digests.reschedule(person, now=now)


@transaction.atomic
def stop_mail(*, person_id: int, group: str) -> str:
    """Send the person no more mail of a group (for the digest: of every group in it); how it was sent until now.

    Raises:
        NotFound: there is no such person or group, or nothing to choose about it.
    """
    _known(person_id, group)
    User.objects.select_for_update(no_key=True).get(pk=person_id)
    if group == kinds.DIGEST:
        rows = Choice.objects.filter(person=person_id, mail=Choice.Mail.DIGEST)
        _forget(person_id, list(rows.values_list("group", flat=True)))
        rows.update(mail=Choice.Mail.OFF)
        return Choice.Mail.DIGEST
    found = Choice.objects.filter(person=person_id, group=group).first()
    was = found.mail if found else _known(person_id, group).mail
    Choice.objects.update_or_create(person_id=person_id, group=group, defaults={"mail": Choice.Mail.OFF})
    _forget(person_id, [group])
    return was


@transaction.atomic
def resume_mail(*, person_id: int, group: str, mail: str) -> None:
    """Take `stop_mail` back: mail of the group is sent as it was. For the digest that is chosen on one's own page.

    Raises:
        NotFound: there is no such person or group, nothing to choose about it, or no such way.
    """
    _known(person_id, group)
    if group == kinds.DIGEST or mail not in (Choice.Mail.AT_ONCE, Choice.Mail.DIGEST):
        raise NotFound
    Choice.objects.filter(person=person_id, group=group).update(mail=mail)


@transaction.atomic
def add_absence(*, person: User, first_day: date, last_day: date, now: datetime) -> Absence:
    """Note an absence of whole days; what it touches or overlaps becomes one absence with it.

    Raises:
        Invalid: it ends before it begins, is over already, or is longer than two years.
    """
    today = hours_of([person.pk], now)[person.pk].day_of(now)
    if last_day < first_day:
        raise Invalid(errors={"last_day": [_("The last day comes before the first.")]})
    if last_day < today:
        raise Invalid(errors={"last_day": [_("This absence is over already.")]})
    if last_day - first_day > LONGEST_ABSENCE:
        raise Invalid(errors={"last_day": [_("That is longer than two years. Is the year right?")]})
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    touching = Absence.objects.filter(
        person=person, first_day__lte=last_day + timedelta(days=1), last_day__gte=first_day - timedelta(days=1)
    )
    rows = list(touching)
    touching.delete()
    return Absence.objects.create(
        person=person,
        first_day=min([first_day, *(row.first_day for row in rows)]),
        last_day=max([last_day, *(row.last_day for row in rows)]),
    )


def remove_absence(*, person: User, pk: int) -> Absence:
    """Take one's own absence away. NotFound when it is not one's own."""
    row = Absence.objects.filter(person=person, pk=pk).first()
    if row is None:
        raise NotFound
    Absence.objects.filter(pk=row.pk).delete()
    return row


def _known(person_id: int, group: str) -> kinds.Group:
    found = kinds.group(group)
    if found is None or kinds.is_essential(found) or not User.objects.filter(pk=person_id).exists():
        raise NotFound
    return found


def _forget(person_id: int, groups: list[str]) -> None:
    """What waits for a digest and is not wanted by mail any more."""
    unwanted = [key for group in groups for key in kinds.keys_in(group)]
    Delivery.objects.filter(
        channel=Delivery.Channel.DIGEST,
        state=Delivery.State.WAITING,
        carried_by=None,
        notification__person=person_id,
        notification__kind__in=unwanted,
    ).update(state=Delivery.State.DROPPED)
