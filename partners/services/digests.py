"""The daily digest: one mail a day, at its reader's hour, of what they wanted to hear of in this way.

What waits for it are deliveries on the channel “digest”. They are carried by the delivery of the digest's mail, which
the outbox sends as any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners import kinds, threads
from partners.digests import day_after, digest_instant
from partners.models import Delivery, Rhythm, User
from partners.rhythm import Hours
from partners.services import outbox
from partners.services.letters import one_line
from partners.services.rhythm import hours_of

# How many people one transaction sees to.
PEOPLE = 200
# How many lines a digest has at most; the list of notifications has the rest.
LINES = 60


def gather_due(*, now: datetime) -> int:
    """Write the digests that are due; the number written.

    After a standstill everybody gets one digest, not one for each day that was missed.
    """
    written = 0
    while True:
        with transaction.atomic():
            people = _claim(now=now)
            if not people:
                return written
            written += _write(people, now=now)


def reschedule(person: User, *, now: datetime) -> None:
    """Let what waits for the person's digest wait for the hour that they have chosen since."""
    hours, digest_at = hours_of([person.pk], now)[person.pk], _digest_hours([person.pk])[person.pk]
    _waiting([person.pk]).update(next_attempt_at=digest_instant(hours, digest_at, now))


def _claim(*, now: datetime) -> list[User]:
    """People whose digest is due, locked: another worker passes them over."""
    due = Delivery.objects.filter(
        channel=Delivery.Channel.DIGEST, state=Delivery.State.WAITING, carried_by=None, next_attempt_at__lte=now
    )
    people = User.objects.filter(pk__in=due.values("notification__person")).order_by("pk")
    return list(people.select_for_update(skip_locked=True, no_key=True)[:PEOPLE])


def _write(people: Sequence[User], *, now: datetime) -> int:
    ids = [person.pk for person in people]
    # 1. What nobody needs any more: it was read on the site meanwhile, or the account is closed.
    needless = _waiting(ids).exclude(notification__read_at=None) | _waiting(
        [person.pk for person in people if not person.is_active]
    )
    Delivery.objects.filter(pk__in=list(needless.values_list("pk", flat=True))).update(state=Delivery.State.DROPPED)
    # 2. Who cannot be reached now gets it at their next hour.
    hours, digest_at = hours_of(ids, now), _digest_hours(ids)
    waiting: dict[int, list[Delivery]] = {}
    for row in _waiting(ids).select_related("notification").order_by("notification__created_at", "pk"):
        waiting.setdefault(row.notification.person_id, []).append(row)
    away = {who: digest_instant(hours[who], digest_at[who], now) for who in waiting if not hours[who].is_reachable(now)}
    # 3. One digest for each of the others; who had one today gets the next tomorrow.
    causes = {who: f"digest:{hours[who].day_of(now).isoformat()}" for who in waiting if who not in away}
    titles = threads.titles(row.notification.thread for rows in waiting.values() for row in rows)
    new = outbox.write([_message(who, cause, waiting[who], titles) for who, cause in causes.items()], now=now)
    had = [who for who, cause in causes.items() if (who, kinds.DIGEST, cause) not in new]
    away |= {who: _tomorrow(hours[who], digest_at[who], now) for who in had}
    # 4. The rows say who carries them, or until when they wait.
    by_notification = dict(
        Delivery.objects.filter(notification__in=new.values(), channel=Delivery.Channel.MAIL).values_list(
            "notification_id", "pk"
        )
    )
    carriers = {who: by_notification[pk] for (who, _kind, _cause), pk in new.items()}
    for who, rows in waiting.items():
        for row in rows:
            row.carried_by_id = carriers.get(who)
            row.next_attempt_at = away.get(who, row.next_attempt_at)
    Delivery.objects.bulk_update(
        [row for rows in waiting.values() for row in rows], ["carried_by", "next_attempt_at"], batch_size=1000
    )
    return len(new)


def _waiting(person_ids: Iterable[int]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        channel=Delivery.Channel.DIGEST,
        state=Delivery.State.WAITING,
        carried_by=None,
        notification__person__in=list(person_ids),
    )


def _digest_hours(person_ids: Iterable[int]) -> dict[int, time]:
    said = dict(Rhythm.objects.filter(person__in=list(person_ids)).values_list("person_id", "digest_at"))
    return {person: said.get(person, Rhythm().digest_at) for person in person_ids}


def _tomorrow(hours: Hours, digest_at: time, now: datetime) -> datetime:
    return digest_instant(hours, digest_at, max(day_after(hours, now), now + timedelta(seconds=1)))


def _message(person_id: int, cause: str, rows: Sequence[Delivery], titles: dict[str, str]) -> outbox.Message:
    shown = rows[:LINES]
    subject = ngettext("Your daily digest: %(n)d notification", "Your daily digest: %(n)d notifications", len(rows))
    by_thread: dict[str, list[Delivery]] = {}
    for row in shown:
        by_thread.setdefault(row.notification.thread, []).append(row)
    parts = [_block(titles.get(thread, ""), several) for thread, several in by_thread.items()]
    if more := len(rows) - len(shown):
        parts.append(
            ngettext(
                "And %(n)d more, on your list of notifications.", "And %(n)d more, on your list of notifications.", more
            )
            % {"n": more}
        )
    return outbox.Message(
        person_id,
        kinds.DIGEST,
        cause,
        subject % {"n": len(rows)},
        "\n\n".join(parts),
        reverse("partners:notifications"),
    )


def _block(title: str, rows: Sequence[Delivery]) -> str:
    """What belongs to one thing: its title, and a line with an address for each notification."""
    lines = [one_line(title) or _("Other")]
    for row in rows:
        lines.append(f"- {row.notification.subject}")
        if row.notification.path:
            lines.append(f"  {settings.BASE_URL}{row.notification.path}")
    return "\n".join(lines)
