"""The outbox: `notify` writes what people should know, `deliver_due` sends what is waiting.

Rows are the queue. A delivery is claimed in a transaction of its own that also moves its next attempt ahead, and is
sent after that transaction: a crash in between repeats it later, with the same Message-ID and the same bytes.
"""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPServerDisconnected
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet

from ekip.shared import clock
from partners import kinds
from partners.models import Delivery, Notification
from partners.services import letters

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
# Between attempts, in minutes; the last one also follows every later attempt.
WAITS = (1, 5, 15, 60, 240, 720, 1440)
# How often in one call a connection may break before the rest waits for the next call.
MOST_BROKEN_CONNECTIONS = 3


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
    """Write a notification and a mail delivery for each message; a cause that was told is not told again.

    Constant number of queries for any number of messages. Call it inside the transaction that makes the cause.

    Raises:
        ValueError: a message's kind is unknown, or its path leads away from this site.
    """
    wanted = {(m.person_id, m.kind, m.cause): m for m in messages}
    if not wanted:
        return
    with transaction.atomic():
        Notification.objects.bulk_create(
            [_notification(message, now=now) for message in wanted.values()], ignore_conflicts=True
        )
        stored = Notification.objects.filter(
            person_id__in={person for person, _, _ in wanted},
            kind__in={kind for _, kind, _ in wanted},
            cause__in={cause for _, _, cause in wanted},
        ).order_by("pk")
        Delivery.objects.bulk_create(
            [
                Delivery(
                    notification=row,
                    channel=Delivery.Channel.MAIL,
                    message_id=message_id(row.person_id, row.kind, row.cause, Delivery.Channel.MAIL),
                    next_attempt_at=now,
                )
                for row in stored
                if (row.person_id, row.kind, row.cause) in wanted
            ],
            ignore_conflicts=True,
        )


def deliver_due(*, now: datetime, limit: int = 100) -> int:
    """Send waiting deliveries that are due, at most `limit`; the number sent.

    A server that cannot be reached costs nobody an attempt. A refused or broken delivery waits (`WAITS`) and the
    others go on; after `MOST_ATTEMPTS` it is given up.
    """
    if not _due(now=now).exists():
        return 0
    sent = broken = 0
    connection = _open()
    for _ in range(limit):
        if connection is None or (delivery := _claim(now=now)) is None:
            break
        try:
            _send(delivery, connection)
        except Exception as error:  # any backend may raise its own classes; one bad row must not stop the others
            _record_failure(delivery, error, now=now)
            if _is_broken(error):
                broken += 1
                _close(connection)
                connection = _open() if broken < MOST_BROKEN_CONNECTIONS else None
        else:
            _waiting(delivery).update(state=Delivery.State.SENT, sent_at=now, last_error="")
            sent += 1
    if connection is not None:
        _close(connection)
    return sent


def revive(delivery_ids: Iterable[int], *, now: datetime) -> int:
    """Let deliveries that were given up wait again, from now and with all attempts ahead; the number of them."""
    given_up = Delivery.objects.filter(pk__in=list(delivery_ids), state=Delivery.State.DEAD)
    return given_up.update(state=Delivery.State.WAITING, attempts=0, next_attempt_at=now)


def message_id(person_id: int, kind: str, cause: str, channel: str) -> str:
    """The Message-ID of a delivery, from what identifies it: the same whenever and however often it is sent."""
    digest = hashlib.sha256("\n".join([str(person_id), kind, cause, channel]).encode()).hexdigest()
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"<{digest[:40]}@{host[-70:]}>"


def backoff(attempts: int) -> timedelta:
    """How long a delivery waits after its `attempts`-th attempt (counted from 1)."""
    return timedelta(minutes=WAITS[min(attempts, len(WAITS)) - 1])


def _notification(message: Message, *, now: datetime) -> Notification:
    return Notification(
        person_id=message.person_id,
        kind=message.kind,
        cause=message.cause,
        subject=letters.one_line(message.subject)[:200],
        body=letters.clean(message.body),
        path=message.path,
        thread=message.thread,
        created_at=now,
    )


def _due(*, now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=Delivery.State.WAITING, next_attempt_at__lte=now)


def _waiting(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING)


def _claim(*, now: datetime) -> Delivery | None:
    """The next due delivery, with this attempt counted; no other worker gets it before its next attempt."""
    with transaction.atomic():
        due = _due(now=now).select_related("notification__person").order_by("next_attempt_at", "pk")
        delivery = due.select_for_update(skip_locked=True, of=("self",)).first()
        if delivery is not None:
            delivery.attempts += 1
            delivery.next_attempt_at = now + clock.machine_time(backoff(delivery.attempts))
            delivery.save(update_fields=["attempts", "next_attempt_at"])
    return delivery


def _send(delivery: Delivery, connection: BaseEmailBackend) -> None:
    if not delivery.notification.person.is_active:
        raise letters.Unsendable("the account is closed")
    connection.send_messages([letters.of_delivery(delivery)])


def _record_failure(delivery: Delivery, error: Exception, *, now: datetime) -> None:
    given_up = delivery.attempts >= MOST_ATTEMPTS or isinstance(error, letters.Unsendable)
    _waiting(delivery).update(
        state=Delivery.State.DEAD if given_up else Delivery.State.WAITING,
        last_error=letters.clean(f"{type(error).__name__}: {error}")[:500],
    )
    logger.warning("delivery %s failed (attempt %s): %s", delivery.pk, delivery.attempts, error)


def _is_broken(error: Exception) -> bool:
    """Whether the connection is lost, as against a message that the server refused."""
    refused = isinstance(error, SMTPException) and not isinstance(error, SMTPServerDisconnected)
    return isinstance(error, OSError) and not refused


def _open() -> BaseEmailBackend | None:
    connection = get_connection(fail_silently=False)
    try:
        connection.open()
    except OSError as error:
        logger.warning("the mail server cannot be reached: %s", error)
        return None
    return connection


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError:
        logger.debug("the mail connection was gone before it was closed")
