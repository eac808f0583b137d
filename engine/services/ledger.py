"""Writing the ledger of reminders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.models import Reminder
from engine.process.reminders import Owed
from partners.rhythm import Hours


@dataclass(frozen=True)
class Entry:
    """A line of the ledger of a run; `until` is when it would come too late, where it would."""

    run_id: int
    owed: Owed
    until: datetime | None = None


def enter(entries: Sequence[Entry], hours: Mapping[int, Hours], *, now: datetime) -> None:
    """Write lines that are not in the ledger yet; each is sent when its recipient can be reached. One query.

    One that could only be sent too late is dropped at once, and so is one with a reason.
    """
    Reminder.objects.bulk_create((_row(each, hours, now) for each in entries), ignore_conflicts=True)


def too_late(send_at: datetime, until: datetime | None) -> bool:
    """Whether nobody would have anything of it any more (half-open: at `until` itself it is too late)."""
    return until is not None and send_at >= until


def _row(entry: Entry, hours: Mapping[int, Hours], now: datetime) -> Reminder:
    owed, send_at, reason = entry.owed, entry.owed.due_at, entry.owed.reason
    if not reason:
        send_at = max(owed.due_at, hours[owed.recipient].reachable(now))
        reason = "unreachable" if too_late(send_at, entry.until) else ""
    return Reminder(
        run_id=entry.run_id,
        rule=owed.rule,
        about=owed.about,
        recipient_id=owed.recipient,
        due_at=owed.due_at,
        send_at=send_at,
        dropped_at=now if reason else None,
        drop_reason=reason,
    )
