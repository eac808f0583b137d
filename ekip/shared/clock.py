"""The only reader of the wall clock.

Views, tasks and commands ask `now()`; services and rules receive the instant as an argument. `at()` lets the
demonstration and the tests run the real services under a simulated clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_simulated: ContextVar[datetime | None] = ContextVar("simulated_now", default=None)


def now() -> datetime:
    """The current instant, in UTC (or the simulated one inside `at()`)."""
    return _simulated.get() or datetime.now(UTC)


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
