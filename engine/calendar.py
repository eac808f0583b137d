"""A person's deadlines as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from engine.selectors.calendar import Entry

ASKED_AGAIN = timedelta(hours=1)


def calendar_of(entries: Iterable[Entry]) -> bytes:
    """The file: one event for each entry, at the instant at which it is due. The same entries make the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//ekip Engine//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("ekip Engine: my deadlines"))
    calendar.add("refresh-interval", ASKED_AGAIN, {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(ASKED_AGAIN))
    for entry in entries:
        calendar.add_component(_event(entry))
    return calendar.to_ical()


def _event(entry: Entry) -> Event:
    """Its id stays when date and words change, so that a calendar moves it and does not show it twice."""
    task, changed_at = entry.task, entry.changed_at.astimezone(UTC)
    event = Event()
    event.add("uid", f"{task.key.replace(':', '-')}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}")
    event.add("sequence", entry.changes)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("dtstart", entry.due_at.astimezone(UTC))
    event.add("summary", task.text)
    event.add("description", "\n".join(part for part in (task.area, task.detail) if part))
    event.add("url", settings.BASE_URL + task.path)
    event.add("transp", "TRANSPARENT")
    return event
