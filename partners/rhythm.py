"""When a person can be reached: not in their quiet hours, on a day off, or in an absence, by their own clock."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

SATURDAY = 5
# The answer for somebody who is away for good.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def _no_holiday(_day: date) -> bool:
    return False


@dataclass(frozen=True)
class Hours:
    """A person's zone, quiet hours and days off. Quiet hours that end when they begin are none.

    `absences` are first and last days; both belong to them. `is_holiday` says whether their country is off.
    """

    zone: ZoneInfo
    quiet_from: time = time(20)
    quiet_until: time = time(7)
    works_weekends: bool = False
    absences: tuple[tuple[date, date], ...] = ()
    is_holiday: Callable[[date], bool] = _no_holiday

    def day_of(self, at: datetime) -> date:
        """The day that it is for them."""
        return at.astimezone(self.zone).date()

    def back_on(self, day: date) -> date | None:
        """The first day on which they are back, when they are absent on `day`; None when they are not."""
        back = day
        while last := max((last for first, last in self.absences if first <= back <= last), default=None):
            if last >= NEVER.date():
                return NEVER.date()
            back = last + timedelta(days=1)
        return back if back != day else None

    def is_reachable(self, at: datetime) -> bool:
        """Whether the person can be reached at this instant."""
        local = at.astimezone(self.zone)
        return not self._is_off(local.date()) and not self._is_quiet(local.time())

    def reachable(self, at: datetime) -> datetime:
        """The first instant, not before `at`, at which the person can be reached; `NEVER` for who is away for good."""
        if self.is_reachable(at):
            return at
        # A clock that is set back over midnight shows the day before once more.
        day = self.day_of(at) - timedelta(days=1)
        while day < NEVER.date():
            if self._is_off(day):
                day = self.back_on(day) or day + timedelta(days=1)
                continue
            instants = sorted(each for each in self._changes(day) if self.day_of(each) == day)
            if found := next((each for each in instants if each >= at and self.is_reachable(each)), None):
                return found
            day += timedelta(days=1)
        return NEVER

    def _is_off(self, day: date) -> bool:
        is_weekend = day.weekday() >= SATURDAY and not self.works_weekends
        return is_weekend or self.is_holiday(day) or self.back_on(day) is not None

    def _is_quiet(self, at: time) -> bool:
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until

    def _changes(self, day: date) -> Iterator[datetime]:
        """Every instant of a day, and perhaps a few of its neighbours, at which quiet may end.

        A wall time may come twice, or not at all; then the jump of the clock is the instant at which quiet ends.
        """
        for wall in (time(0), self.quiet_until):
            for fold in (0, 1):
                yield datetime.combine(day, wall.replace(fold=fold), self.zone).astimezone(UTC)
        begins = datetime.combine(day, time(0), self.zone).astimezone(UTC)
        for before, after in pairwise(begins + timedelta(hours=hours) for hours in (-3, 9, 21, 33)):
            if self._offset(before) != self._offset(after):
                yield self._jump(before, after)

    def _jump(self, before: datetime, after: datetime) -> datetime:
        """The instant between these two at which the zone's distance from UTC changes, to the second."""
        while after - before > timedelta(seconds=1):
            middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
            if self._offset(middle) == self._offset(before):
                before = middle
            else:
                after = middle
        return after

    def _offset(self, at: datetime) -> timedelta | None:
        return at.astimezone(self.zone).utcoffset()
