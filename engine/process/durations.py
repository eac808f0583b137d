"""Lengths of time: ISO 8601 durations of whole weeks, days and hours, and numbers of working days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

FORM = r"P(?:([0-9]{1,3})W)?(?:([0-9]{1,4})D)?(?:T([0-9]{1,4})H)?"


@dataclass(frozen=True)
class WorkingDays:
    """A number of days on which people are expected to work; `calendar` names the days off beside the weekend."""

    days: int
    calendar: str = ""


Length = timedelta | WorkingDays


def parse_duration(text: str) -> timedelta:
    """The length of `text`, such as "P3W", "P21D" or "P1DT12H".

    Raises:
        ValueError: another form, or a length of nothing.
    """
    match = re.fullmatch(FORM, text)
    weeks, days, hours = (int(each or 0) for each in match.groups()) if match else (0, 0, 0)
    length = timedelta(weeks=weeks, days=days, hours=hours)
    if not length:
        raise ValueError(f"{text!r} is not a duration of weeks, days or hours")
    return length


def length_from(data: Any) -> Length:
    """The length that plain data (checked before) describes: a duration, or working days by a calendar."""
    if isinstance(data, str):
        return parse_duration(data)
    return WorkingDays(data["working_days"], data.get("calendar", ""))


def in_calendar_days(length: Length) -> timedelta:
    """A length with working days told as days of five-day weeks; public holidays are not counted in."""
    if isinstance(length, timedelta):
        return length
    weeks, rest = divmod(length.days, 5)
    return timedelta(weeks=weeks, days=rest)
