"""Deadlines in working days: public holidays come from the `holidays` package, further days from the definition."""

from collections.abc import Collection
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

import holidays

from engine.process.durations import Length
from engine.process.values import HolidayCalendar
from engine.process.working_days import add_working_days


def deadline(length: Length, *, start: datetime, zone: tzinfo, calendars: Collection[HolidayCalendar] = ()) -> datetime:
    """The instant so long after `start`; working days are counted by the days of `zone`, at the same time of day."""
    if isinstance(length, timedelta):
        return start + length
    calendar = next((each for each in calendars if each.key == length.calendar), None)
    return add_working_days(start, length.days, lambda day: calendar is not None and is_free(calendar, day), zone)


def is_free(calendar: HolidayCalendar, day: date) -> bool:
    """Whether nobody is expected to work on that day, weekends left aside."""
    return day in calendar.days or (calendar.country != "" and day in _public_holidays(calendar.country))


@lru_cache(maxsize=64)
def _public_holidays(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)
