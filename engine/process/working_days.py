"""Counting days on which people are expected to work. Which days are free is asked of the caller."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

SATURDAY = 5
MOST_DAYS_OFF = 366


def add_working_days(start: datetime, days: int, is_free: Callable[[date], bool], zone: tzinfo) -> datetime:
    """The instant so many working days after `start`, at the same time of day in `zone`.

    The day of `start` does not count. Saturdays, Sundays and the days for which `is_free` answers true are passed over.

    Raises:
        ValueError: a year without a working day.
    """
    local = start.astimezone(zone)
    day, left, off = local.date(), days, 0
    while left:
        day += timedelta(days=1)
        if day.weekday() >= SATURDAY or is_free(day):
            off += 1
            if off > MOST_DAYS_OFF:
                raise ValueError(f"no working day in the year before {day}")
        else:
            left, off = left - 1, 0
    return datetime.combine(day, local.timetz().replace(tzinfo=None), zone).astimezone(UTC)
