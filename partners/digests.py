"""When somebody's daily digest leaves, by their own clock."""

from datetime import UTC, date, datetime, time, timedelta

from partners.rhythm import Hours


def digest_instant(hours: Hours, digest_at: time, after: datetime) -> datetime:
    """The first instant, not before `after`, at which the person's digest may leave.

    It is their hour of a day on which they can be reached; where that hour is quiet, the moment at which quiet ends.
    """
    hour = _on(hours, hours.day_of(after), digest_at)
    if hour < after:
        hour = _on(hours, hours.day_of(after) + timedelta(days=1), digest_at)
    first = hours.reachable(hour)
    if first == hour:
        return hour
    later = _on(hours, hours.day_of(first), digest_at)
    return later if later >= first and hours.is_reachable(later) else first


def day_after(hours: Hours, at: datetime) -> datetime:
    """The instant at which the day after that of `at` begins for the person."""
    return _on(hours, hours.day_of(at) + timedelta(days=1), time(0))


def _on(hours: Hours, day: date, wall: time) -> datetime:
    """The instant of a wall time: the first where it comes twice; where it never comes, an hour later on the clock."""
    return datetime.combine(day, wall, hours.zone).astimezone(UTC)
