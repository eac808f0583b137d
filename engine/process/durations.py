"""ISO 8601 durations of whole weeks, days and hours."""

import re
from datetime import timedelta

_FORM = re.compile(r"P(?:(?P<weeks>\d{1,3})W)?(?:(?P<days>\d{1,4})D)?(?:T(?P<hours>\d{1,4})H)?")


def parse_duration(text: str) -> timedelta:
    """The length of `text`, such as "P3W", "P21D" or "P1DT12H".

    Raises:
        ValueError: another form, or a length of nothing.
    """
    match = _FORM.fullmatch(text)
    parts = {name: int(value) for name, value in match.groupdict().items() if value} if match else {}
    length = timedelta(**parts)
    if not length:
        raise ValueError(f"{text!r} is not a duration of weeks, days or hours")
    return length
