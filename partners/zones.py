"""Time zones that a person can choose: named by place, without the historical names."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CONTINENTS = (
    "Europe",
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Indian",
    "Pacific",
)
UTC = ZoneInfo("UTC")


@cache
def names() -> frozenset[str]:
    """Every zone that can be chosen, e.g. "Europe/Stockholm", and "UTC"."""
    return frozenset(name for name in available_timezones() if name.split("/")[0] in CONTINENTS and "/" in name) | {
        "UTC"
    }


def choices() -> list[tuple[str, list[tuple[str, str]]] | tuple[str, str]]:
    """The zones for a select list: grouped by continent, Europe first, places by name."""
    grouped: dict[str, list[tuple[str, str]]] = {continent: [] for continent in CONTINENTS}
    for name in sorted(names() - {"UTC"}):
        continent, _slash, place = name.partition("/")
        grouped[continent].append((name, place.replace("_", " ").replace("/", ", ")))
    return [*((continent, places) for continent, places in grouped.items() if places), ("UTC", "UTC")]


def zone_of(name: str) -> ZoneInfo:
    """The zone called `name`; UTC when the name has gone from the zone data."""
    return ZoneInfo(name) if name in names() else UTC


def validate_zone(name: str) -> None:
    """Raise ValidationError when `name` is no zone that can be chosen."""
    if name not in names():
        raise ValidationError(_("There is no time zone called “%(name)s”."), params={"name": name})
