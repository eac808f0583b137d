"""What a supervised service is, and when it is started again after it died."""

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ekip.local.account import Account

SHORTEST_DELAY = 0.2
LONGEST_DELAY = 15.0
CALM = 60.0


@dataclass(frozen=True)
class Service:
    """A long-running program: how it starts, when it is ready, how it stops."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    log: Path
    ready: Callable[[], bool]
    account: Account | None = None
    before_start: Callable[[], None] = field(default=lambda: None)
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    """Seconds between the signal to stop and the one that kills."""
    foundation: bool = False
    """Others stand on it: it is stopped after them."""


def restart_delay(deaths: Sequence[float], *, now: float) -> float:
    """Seconds to wait before the next start, given the instants of the deaths so far (on one steady clock).

    The first death in a calm minute costs next to nothing; each further one doubles the wait, up to
    15 seconds.
    """
    recent = sum(1 for death in deaths if now - death < CALM)
    return min(LONGEST_DELAY, SHORTEST_DELAY * 2.0 ** max(0, recent - 1))
