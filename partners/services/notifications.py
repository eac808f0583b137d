"""Reading one's notifications, and taking that back."""

from __future__ import annotations

from datetime import datetime

from partners.models import Notification, User
from partners.selectors.notifications import notification_of


def mark_read(*, person: User, pk: int, now: datetime) -> Notification:
    """Mark one's own notification as read; what was read stays as it is. NotFound when it is not one's own."""
    row = notification_of(person, pk)
    if row.read_at is None:
        Notification.objects.filter(pk=row.pk, read_at=None).update(read_at=now)
        row.read_at = now
    return row


def mark_unread(*, person: User, pk: int) -> None:
    """Mark one's own notification as unread again. NotFound when it is not one's own."""
    Notification.objects.filter(pk=notification_of(person, pk).pk).update(read_at=None)


def mark_all_read(*, person: User, newest: int, now: datetime) -> int:
    """Mark everything as read that the person could see: up to the notification `newest`; the number of them."""
    rows = Notification.objects.filter(person=person, in_app=True, read_at=None, pk__lte=newest)
    return rows.update(read_at=now)


def unread_again(*, person: User, at: datetime) -> int:
    """Take back a `mark_all_read` of that instant; the number of notifications."""
    return Notification.objects.filter(person=person, in_app=True, read_at=at).update(read_at=None)
