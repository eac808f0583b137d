"""Public holidays of whole countries, from the `holidays` package."""

from datetime import date
from functools import lru_cache

import holidays


def is_public_holiday(country: str, day: date) -> bool:
    """Whether the whole country is off on that day; no day is, for no country or one that nothing is known of."""
    return country != "" and day in _days_off(country, day.year)


@lru_cache(maxsize=256)
def _days_off(country: str, year: int) -> frozenset[date]:
    # A year at a time: the package's own mapping grows while it is asked, which threads would see half done.
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
