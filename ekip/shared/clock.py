"""The only reader of the wall clock.

Views, tasks and commands ask `now()`; services and rules receive the instant as an argument. `at()` lets the
demonstration and the tests run the real services under a simulated clock. `hurry()` lets a whole process live faster,
for the tests of endurance: the settings refuse it everywhere else.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_simulated: ContextVar[datetime | None] = ContextVar("simulated_now", default=None)


@dataclass(frozen=True)
class Haste:
    """A clock that showed `began` when the machine's steady clock showed `steady`, and goes `speed` times as fast.

    The steady clock is the same for all processes of a machine and never goes back, so neither does this one.
    """

    began: datetime
    steady: float
    speed: float

    def now(self) -> datetime:
        """What this clock shows."""
        return self.began + (time.monotonic() - self.steady) * timedelta(seconds=self.speed)

    def __str__(self) -> str:
        return f"{self.began.isoformat()}@{self.steady!r}x{self.speed!r}"


_haste: Haste | None = None


def now() -> datetime:
    """The current instant, in UTC (or the simulated one inside `at()`)."""
    return _simulated.get() or (_haste.now() if _haste else datetime.now(UTC))


def machine_time(length: timedelta) -> timedelta:
    """How far `now()` moves on while machines spend `length`: for leases and for waits between attempts."""
    return length * _haste.speed if _haste else length


def read_haste(text: str) -> Haste:
    """The clock that `str(haste)` names. Raises ValueError."""
    began, _at, rest = text.partition("@")
    steady, _times, speed = rest.partition("x")
    haste = Haste(datetime.fromisoformat(began), float(steady), float(speed))
    if haste.began.tzinfo is None or haste.speed <= 0:
        raise ValueError("a faster clock wants an aware instant and a speed above nought")
    return haste


def hurry(haste: Haste | None) -> None:
    """Let this process live by a faster clock, or by the real one again."""
    global _haste
    _haste = haste


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Within the block, `now()` answers `instant` (an aware datetime; ValueError when naive)."""
    if instant.tzinfo is None:
        raise ValueError("the simulated clock needs an aware datetime")
    token = _simulated.set(instant)
    try:
        yield
    finally:
        _simulated.reset(token)
