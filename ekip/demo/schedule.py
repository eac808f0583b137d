"""When the steps of an example proposal happen: days counted from the day on which the demonstration is loaded.

A proposal goes as far as its days are given. Written so that three are published and every other stage has somebody
waiting in it, whenever the demonstration is started.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class RoundDays:
    """A round: opened, from which day on it is answered (None: nobody has yet), the deadline."""

    opened: int
    handed_in: int | None
    closes: int


@dataclass(frozen=True)
class CorrectionDays:
    """A correction: asked for, written, published as the next edition."""

    asked: int
    written: int
    reissued: int


@dataclass(frozen=True)
class Schedule:
    """Days before (negative) or after the loading; None for a step that is not reached.

    `gatherings` are the days on which those of the file began, in its order.
    """

    started: int
    written: int
    submitted: int
    gatherings: tuple[int, ...]
    review: RoundDays
    city_test: RoundDays | None = None
    answered: int | None = None
    resubmitted: int | None = None
    decided: int | None = None
    correction: CorrectionDays | None = None
    withdrawn: int | None = None


SCHEDULES = {
    "heritage-innovation-by-production": Schedule(
        started=-212,
        written=-205,
        submitted=-188,
        gatherings=(-207, -170),
        review=RoundDays(-186, -180, -165),
        city_test=RoundDays(-184, -170, -160),
        answered=-152,
        resubmitted=-146,
        decided=-133,
        correction=CorrectionDays(asked=-60, written=-52, reissued=-45),
    ),
    "green-renovation-before-the-tender": Schedule(
        started=-172,
        written=-165,
        submitted=-149,
        gatherings=(-167, -128),
        review=RoundDays(-147, -141, -126),
        city_test=RoundDays(-145, -128, -117),
        answered=-104,
        resubmitted=-97,
        decided=-84,
    ),
    "immersive-media-shared-production": Schedule(
        started=-128,
        written=-121,
        submitted=-104,
        gatherings=(-123, -90),
        review=RoundDays(-102, -95, -81),
        city_test=RoundDays(-100, -86, -76),
        answered=-70,
        resubmitted=-63,
        decided=-50,
    ),
    "music-statements-that-can-be-read": Schedule(
        started=-98,
        written=-92,
        submitted=-77,
        gatherings=(-64,),
        review=RoundDays(-75, -69, -54),
        city_test=RoundDays(-73, -60, -48),
        answered=-33,
        resubmitted=-27,
        decided=-9,
    ),
    # Both rounds closed more than 28 days ago: the time for the revision has passed.
    "crafts-open-bench": Schedule(
        started=-91,
        written=-84,
        submitted=-70,
        gatherings=(-87, -52),
        review=RoundDays(-68, -62, -47),
        city_test=RoundDays(-66, -52, -40),
    ),
    "inclusive-games-from-the-first-day": Schedule(
        started=-71,
        written=-65,
        submitted=-46,
        gatherings=(-67, -25),
        review=RoundDays(-44, -30, -12),
        city_test=RoundDays(-42, -20, -9),
    ),
    "product-passport-for-small-series": Schedule(
        started=-60,
        written=-54,
        submitted=-36,
        gatherings=(-56,),
        review=RoundDays(-34, -28, -13),
        withdrawn=-21,
    ),
    "ai-capacity-in-small-companies": Schedule(
        started=-38,
        written=-33,
        submitted=-17,
        gatherings=(-35, -10),
        review=RoundDays(-15, None, 6),
        city_test=RoundDays(-14, -3, 13),
    ),
}
REGISTER_OPENED = -240
BRIEFINGS_WRITTEN = -230


def moment(today: datetime, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """The instant `day` days from today, at that time of day (UTC)."""
    return (today + timedelta(days=day)).replace(hour=hour, minute=minute, second=0, microsecond=0)
