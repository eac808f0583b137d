"""The outbox: `notify` writes what people should know, `deliver_due` sends what is waiting.

Rows are the queue. A delivery stays locked while it is sent, and what became of it is written in the same transaction:
nobody else sends it meanwhile, and a crash leaves it as it was, to be repeated with the same Message-ID and bytes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from ekip.shared import clock
from partners import kinds
from partners.models import Delivery, Notification
from partners.services import letters
from partners.services.post import Post, is_broken
from partners.services.ways import Way, ways

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
# Between attempts, in minutes; the last one also follows every later attempt.
WAITS = (1, 5, 15, 60, 240, 720, 1440)
# How many a sender looks up at once.
BATCH = 100
# Written out, since it is asked for every mail: the row, if it is still to be sent and nobody else is at it.
LOCK = f"""
    SELECT attempts FROM {Delivery._meta.db_table}
    WHERE id = %s AND state = '{Delivery.State.WAITING.value}' AND next_attempt_at <= %s
    FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - our own names
# After so many seconds of the machine's time a call begins no further mail: a slow server must not hold up a worker.
LONGEST = 45.0


@dataclass(frozen=True)
class Message:
    """What one person should know: `kind` and `cause` identify it, `path` is an address on this site ("/…").

    `thread` ("run:12") holds together what a mail program shows as one conversation.
    """

    person_id: int
    kind: str
    cause: str
    subject: str
    body: str
    path: str = ""
    thread: str = ""

    def __post_init__(self) -> None:
        if not kinds.is_registered(self.kind):
            raise ValueError(f"nobody registered {self.kind!r} as a kind of notification; see partners.kinds")
        if self.path and (not self.path.startswith("/") or self.path.startswith("//")):
            raise ValueError(f"a message leads to an address on this site, not to {self.path!r}")


def notify(messages: Iterable[Message], *, now: datetime) -> None:
    """Write a notification for each message, and a delivery where its person wants mail of it.

    A cause that was told is not told again. Constant number of queries for any number of messages. Call it inside the
    transaction that makes the cause.

    Raises:
        ValueError: a message's kind is unknown, or its path leads away from this site.
    """
    write(messages, now=now)


def write(messages: Iterable[Message], *, now: datetime) -> dict[tuple[int, str, str], int]:
    """As `notify`; the primary keys of the notifications that are new, by person, kind and cause."""
    wanted = {(m.person_id, m.kind, m.cause): m for m in messages}
    if not wanted:
        return {}
    # In one order for everybody: two transactions that tell the same causes wait for each other, and never in a circle.
    keys = sorted(wanted)
    going = dict(zip(keys, ways([wanted[key] for key in keys], now=now), strict=True))
    with transaction.atomic():
        new = _insert([wanted[key] for key in keys], [going[key] for key in keys], now=now)
        Delivery.objects.bulk_create(
            Delivery(
                notification_id=pk,
                channel=channel,
                message_id=message_id(*key, channel),
                next_attempt_at=going[key].at,
            )
            for key, pk in new.items()
            if (channel := going[key].channel)
        )
    return new


def _insert(messages: Sequence[Message], going: Sequence[Way], *, now: datetime) -> dict[tuple[int, str, str], int]:
    """Write the notifications that nobody wrote yet, in one statement that says which those are."""
    columns: dict[str, tuple[str, list]] = {
        "person_id": ("bigint", [each.person_id for each in messages]),
        "kind": ("text", [each.kind for each in messages]),
        "cause": ("text", [each.cause for each in messages]),
        "subject": ("text", [letters.one_line(each.subject)[:200] for each in messages]),
        "body": ("text", [letters.clean(each.body) for each in messages]),
        "path": ("text", [each.path for each in messages]),
        "thread": ("text", [each.thread for each in messages]),
        "in_app": ("boolean", [way.in_app for way in going]),
    }
    arrays = ", ".join(f"%s::{kind}[]" for kind, _values in columns.values())
    statement = (
        f"INSERT INTO {Notification._meta.db_table} ({', '.join(columns)}, created_at) "  # noqa: S608 - our own names
        f"SELECT *, %s::timestamptz FROM unnest({arrays}) "
        "ON CONFLICT (person_id, kind, cause) DO NOTHING RETURNING id, person_id, kind, cause"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [now, *(values for _kind, values in columns.values())])
        return {(person, kind, cause): pk for pk, person, kind, cause in cursor.fetchall()}


def deliver_due(*, now: datetime, limit: int = 5000) -> int:
    """Send waiting mail that is due, at most `limit` attempts; the number sent.

    A server that cannot be reached costs nobody an attempt. A refused or broken delivery waits (`WAITS`) and the
    others go on; after `MOST_ATTEMPTS` it is given up. What another worker is sending is passed over.
    """
    sent = tried = 0
    until = time.monotonic() + LONGEST
    with Post() as post:
        while tried < limit:
            due = _due(now=now).select_related("notification__person").order_by("next_attempt_at", "pk")
            before = tried
            for delivery in due[:BATCH]:
                if tried == limit or time.monotonic() > until or not post.is_open():
                    return sent
                outcome = _deliver(delivery, post, now=now)
                tried += outcome is not None
                sent += outcome is True
            if tried == before:  # nothing is due, or all of it is in other hands
                break
    return sent


def is_anything_due(*, now: datetime) -> bool:
    """Whether mail or a digest is due. One query; its answer may be out of date already."""
    return Delivery.objects.filter(state=Delivery.State.WAITING, next_attempt_at__lte=now).exists()


def revive(delivery_ids: Iterable[int], *, now: datetime) -> int:
    """Let mail that was given up wait again, from now and with all attempts ahead; the number of them."""
    given_up = Delivery.objects.filter(
        pk__in=list(delivery_ids), state=Delivery.State.DEAD, channel=Delivery.Channel.MAIL
    )
    with transaction.atomic():
        rows = list(given_up.select_for_update().order_by("pk").values_list("pk", flat=True))
        Delivery.objects.filter(carried_by__in=rows, state=Delivery.State.DEAD).update(state=Delivery.State.WAITING)
        return given_up.filter(pk__in=rows).update(
            state=Delivery.State.WAITING, attempts=0, next_attempt_at=now, last_error=""
        )


def try_again(delivery_ids: Iterable[int], *, now: datetime) -> int:
    """Let mail go out with the next sending: what was given up, and what waits for its next attempt; their number.

    What is being sent at this moment is passed over: a page must not wait for a mail server.
    """
    ids = list(delivery_ids)
    waiting = Delivery.objects.filter(
        pk__in=ids, state=Delivery.State.WAITING, channel=Delivery.Channel.MAIL, attempts__gt=0
    )
    with transaction.atomic():
        rows = list(waiting.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True))
        moved = Delivery.objects.filter(pk__in=rows).update(next_attempt_at=now)
    return moved + revive(ids, now=now)


def message_id(person_id: int, kind: str, cause: str, channel: str) -> str:
    """The Message-ID of a delivery, from what identifies it: the same whenever and however often it is sent."""
    return letters.identifier(str(person_id), kind, cause, channel)


def backoff(attempts: int) -> timedelta:
    """How long a delivery waits after its `attempts`-th attempt (counted from 1)."""
    return timedelta(minutes=WAITS[min(attempts, len(WAITS)) - 1])


def _due(*, now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        state=Delivery.State.WAITING, channel=Delivery.Channel.MAIL, next_attempt_at__lte=now
    )


def _deliver(delivery: Delivery, post: Post, *, now: datetime) -> bool | None:
    """Send one delivery; whether it was sent, or None when it is in other hands or not due any more."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [delivery.pk, now])
            held = cursor.fetchone()
        if held is None:
            return None
        (delivery.attempts,) = held
        try:
            if not delivery.notification.person.is_active:
                raise letters.Unsendable("the account is closed")
            post.send(letters.of_delivery(delivery))
        except Exception as error:  # any backend may raise its own classes; one bad row must not stop the others
            _record_failure(delivery, error, now=now)
            if is_broken(error):
                post.broke()
            return False
        _record(delivery, state=Delivery.State.SENT, attempts=delivery.attempts + 1, sent_at=now, last_error="")
    return True


def _record(delivery: Delivery, **outcome: object) -> None:
    """Write what became of a mail, also beside what a digest carried."""
    Delivery.objects.filter(pk=delivery.pk).update(**outcome)
    if delivery.notification.kind == kinds.DIGEST and outcome["state"] != Delivery.State.WAITING:
        carried = Delivery.objects.filter(carried_by=delivery.pk, state=Delivery.State.WAITING)
        carried.update(state=outcome["state"], sent_at=outcome.get("sent_at"))


def _record_failure(delivery: Delivery, error: Exception, *, now: datetime) -> None:
    attempts = delivery.attempts + 1
    given_up = attempts >= MOST_ATTEMPTS or isinstance(error, letters.Unsendable)
    _record(
        delivery,
        state=Delivery.State.DEAD if given_up else Delivery.State.WAITING,
        attempts=attempts,
        next_attempt_at=now + clock.machine_time(backoff(attempts)),
        last_error=letters.clean(f"{type(error).__name__}: {error}")[:500],
    )
    logger.warning("delivery %s failed (attempt %s): %s", delivery.pk, attempts, error)
