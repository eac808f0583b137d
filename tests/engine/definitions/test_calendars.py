"""Deadlines in working days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.definitions.calendars import deadline
from engine.process.durations import WorkingDays
from engine.process.values import HolidayCalendar

SWEDEN = HolidayCalendar("sweden", "SE", frozenset({date(2027, 12, 31)}))
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def after(start: str, length, calendars=(SWEDEN,)) -> str:
    found = deadline(length, start=datetime.fromisoformat(start), zone=STOCKHOLM, calendars=calendars)
    return found.astimezone(UTC).isoformat(timespec="minutes")


def test_a_duration_is_a_duration():
    assert after("2027-03-01T09:00+00:00", timedelta(days=21)) == "2027-03-22T09:00+00:00"


def test_weekends_do_not_count():
    assert after("2027-03-05T09:00+00:00", WorkingDays(1)) == "2027-03-08T09:00+00:00"


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2027-03-25T09:00+00:00", 1, "2027-03-30T08:00+00:00"),  # Good Friday, Easter Monday, and the clock goes on
        ("2027-12-30T09:00+00:00", 1, "2028-01-03T09:00+00:00"),  # the definition's own day, and New Year
        ("2027-06-04T09:00+00:00", 1, "2027-06-07T09:00+00:00"),
    ],
)
def test_public_holidays_and_further_days_do_not_count(start, days, end):
    assert after(start, WorkingDays(days, "sweden")) == end


def test_without_a_calendar_only_weekends_are_free():
    assert after("2027-03-25T09:00+00:00", WorkingDays(1)) == "2027-03-26T09:00+00:00"
    assert after("2027-03-25T09:00+00:00", WorkingDays(1, "sweden"), calendars=()) == "2027-03-26T09:00+00:00"
