"""When the steps of an example proposal happen: days counted from the day on which the demonstration is loaded.

A proposal goes as far as its days are given. Written so that one is published, one waits for its authors, and one
is being read, whenever the demonstration is started.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Schedule:
    """Days before (negative) or after the loading; None for a step that is not reached."""

    started: int
    written: int
    submitted: int
    round_opened: int
    round_closes: int
    first_review: int | None = None
    answered: int | None = None
    resubmitted: int | None = None
    decided: int | None = None


SCHEDULES = {
    "published": Schedule(
        started=-128,
        written=-121,
        submitted=-104,
        round_opened=-102,
        round_closes=-81,
        first_review=-95,
        answered=-74,
        resubmitted=-66,
        decided=-52,
    ),
    "revision": Schedule(started=-71, written=-65, submitted=-46, round_opened=-44, round_closes=-9, first_review=-30),
    "community-review": Schedule(started=-38, written=-33, submitted=-17, round_opened=-15, round_closes=6),
}
REGISTER_OPENED = -150


def moment(today: datetime, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """The instant `day` days from today, at that time of day (UTC)."""
    return (today + timedelta(days=day)).replace(hour=hour, minute=minute, second=0, microsecond=0)
