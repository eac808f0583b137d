"""Deadlines in working days: public holidays come from the `holidays` package, further days from the definition."""

from collections.abc import Collection
from datetime import date, datetime, timedelta, tzinfo

from engine.process.durations import Length
from engine.process.values import HolidayCalendar
from engine.process.working_days import add_working_days
from partners.public_holidays import is_public_holiday


def deadline(length: Length, *, start: datetime, zone: tzinfo, calendars: Collection[HolidayCalendar] = ()) -> datetime:
    """The instant so long after `start`; working days are counted by the days of `zone`, at the same time of day."""
    if isinstance(length, timedelta):
        return start + length
    calendar = next((each for each in calendars if each.key == length.calendar), None)
    return add_working_days(start, length.days, lambda day: calendar is not None and is_free(calendar, day), zone)


def is_free(calendar: HolidayCalendar, day: date) -> bool:
    """Whether nobody is expected to work on that day, weekends left aside."""
    return day in calendar.days or is_public_holiday(calendar.country, day)
