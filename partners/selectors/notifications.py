"""Reads about what people were told, how they want to be told, and what could not be delivered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet

from ekip.shared.errors import NotFound
from partners import kinds
from partners.models import Absence, Choice, Delivery, Notification, Rhythm, User
from partners.rhythm import Hours

# What the header counts to; above it stands "99+".
MOST_COUNTED = 100
# After so long a mail that is still waiting is worth a look.
LONG = timedelta(minutes=30)


def unread_count(person: User) -> int:
    """How many unread notifications the person has, counted up to `MOST_COUNTED`."""
    return _listed(person).filter(read_at=None)[:MOST_COUNTED].count()


def notifications_of(person: User, *, unread: bool = False, group: str = "") -> QuerySet[Notification]:
    """What stands on the person's list, newest first; of one group, or only what is unread."""
    rows = _listed(person).order_by("-created_at", "-pk")
    if unread:
        rows = rows.filter(read_at=None)
    if group == kinds.OTHER.key:
        rows = rows.exclude(kind__in=[kind.key for kind in kinds.all_kinds()])
    elif group:
        rows = rows.filter(kind__in=kinds.keys_in(group))
    return rows


def notification_of(person: User, pk: int) -> Notification:
    """One notification on the person's list; NotFound for everything else."""
    row = _listed(person).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def read_together(person: User, at: datetime) -> int:
    """How many of the person's notifications were marked as read at exactly this instant."""
    return _listed(person).filter(read_at=at).count()


def choices_of(person: User) -> dict[str, Choice]:
    """What the person has chosen, by group."""
    return {row.group: row for row in Choice.objects.filter(person=person)}


def rhythm_of(person: User) -> Rhythm:
    """The person's rhythm; the defaults, unsaved, for who said nothing."""
    return Rhythm.objects.filter(person=person).first() or Rhythm(person=person)


def coming_absences(person: User, hours: Hours, *, now: datetime) -> QuerySet[Absence]:
    """The person's absences that are not over."""
    return Absence.objects.filter(person=person, last_day__gte=today(hours, now)).order_by("first_day", "pk")


def today(hours: Hours, now: datetime) -> date:
    """The day that it is for the person."""
    return hours.day_of(now)


@dataclass(frozen=True)
class Undelivered:
    """How much mail could not be delivered, and how much waits unusually long."""

    given_up: int
    late: int


def undelivered_counts(*, now: datetime) -> Undelivered:
    """The counts of the two lists."""
    mail = Delivery.objects.filter(channel=Delivery.Channel.MAIL)
    # Two queries, each by its own index: the many that were sent are not read.
    return Undelivered(mail.filter(state=Delivery.State.DEAD).count(), mail.filter(_late(now)).count())


def undelivered(*, late: bool, to: str = "", now: datetime) -> QuerySet[Delivery]:
    """Mail that was given up, or that is `late`; to addresses that contain `to`. The longest without success first."""
    rows = Delivery.objects.filter(channel=Delivery.Channel.MAIL).select_related("notification__person")
    rows = rows.filter(_late(now)) if late else rows.filter(state=Delivery.State.DEAD)
    if to:
        rows = rows.filter(Q(notification__person__email__icontains=to) | Q(notification__person__name__icontains=to))
    return rows.order_by("notification__created_at", "pk")


@dataclass(frozen=True)
class Progress:
    """What became of mails that are tried again."""

    total: int
    sent: int
    failed: int

    @property
    def waiting(self) -> int:
        """How many have not been tried yet, or are tried again later."""
        return self.total - self.sent - self.failed


def progress_of(delivery_ids: Collection[int]) -> Progress:
    """How far these mails are."""
    found = Delivery.objects.filter(pk__in=delivery_ids).aggregate(
        total=Count("pk"),
        sent=Count("pk", filter=Q(state__in=[Delivery.State.SENT, Delivery.State.DROPPED])),
        failed=Count("pk", filter=Q(state=Delivery.State.DEAD)),
    )
    return Progress(**found)


def _late(now: datetime) -> Q:
    """Waiting after a failed attempt, or due for long: what only keeps to somebody's quiet hours is not late."""
    return Q(state=Delivery.State.WAITING) & (Q(attempts__gt=0) | Q(next_attempt_at__lte=now - LONG))


def _listed(person: User) -> QuerySet[Notification]:
    return Notification.objects.filter(person=person, in_app=True)
