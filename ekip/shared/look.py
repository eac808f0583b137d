"""Template tags that word an instant the same way on every page: in the reader's zone, with the zone named.

Loaded with `{% load look %}` (settings name this module under the templates' libraries).
"""

from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ekip.shared import clock

register = template.Library()

SOON = timedelta(days=3)
MINUTES_OF_DAY = 24 * 60


def zone_name() -> str:
    """The reader's zone in words: the place of its name ("Stockholm"), or "UTC"."""
    return timezone.get_current_timezone_name().rsplit("/", 1)[-1].replace("_", " ")


def words(at: datetime) -> str:
    """`at` as "12 March 2027, 17:00 (Stockholm)"."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'j F Y, H:i')} ({zone_name()})"


def length_words(length: timedelta) -> str:
    """A length of time in days, or in hours and minutes when it is less than a day."""
    minutes = max(0, round(length.total_seconds() / 60))
    if (days := minutes // MINUTES_OF_DAY) >= 1:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if (hours := minutes // 60) >= 1:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def urgency(at: datetime, *, now: datetime) -> str:
    """How near a deadline is: "past" from the instant itself on, "soon" within three days, else "later"."""
    if at <= now:
        return "past"
    return "soon" if at - now <= SOON else "later"


@register.simple_tag
def when(at: datetime | None) -> SafeString | str:
    """A `<time>` with date, time of day and zone; empty without an instant."""
    if at is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), words(at))


@register.simple_tag
def day(at: date | datetime | None) -> SafeString | str:
    """A `<time>` with the date only, as the reader's zone has it; empty without a date."""
    if at is None:
        return ""
    local = timezone.localdate(at) if isinstance(at, datetime) else at
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), date_format(local, "j F Y"))


@register.simple_tag
def clock_time(at: datetime) -> SafeString:
    """A `<time>` with the time of day in the reader's zone; date and zone stand beside it."""
    local = timezone.localtime(at)
    shown = date_format(local, "H:i")
    return format_html('<time class="clock-time" datetime="{}">{}</time>', at.isoformat(timespec="seconds"), shown)


@register.simple_tag
def zone() -> str:
    """The reader's zone in words."""
    return zone_name()


@register.inclusion_tag("components/due.html")
def due(at: datetime | None, paused_at: datetime | None = None) -> dict[str, Any]:
    """A deadline: its words, and "soon" or "past due" said in words besides the colour.

    One that stands still since `paused_at` is no date: what was left of it is said instead.
    """
    if at is None:
        return {}
    if paused_at:
        return {"paused": True, "left": length_words(at - paused_at) if at > paused_at else ""}
    now = clock.now()
    return {
        "iso": at.isoformat(timespec="seconds"),
        "words": words(at),
        "urgency": urgency(at, now=now),
        "left": _("%(time)s left") % {"time": timeuntil(at, now, depth=1)},
    }
