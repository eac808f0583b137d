"""Telling the person at the terminal what happens and how long each step took."""

import contextlib
import time
from collections.abc import Iterator

WIDTH = 44


def say(line: str = "") -> None:
    """Print a line at once, also into a pipe."""
    print(line, flush=True)


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Print `name`, and its seconds when the block has passed."""
    started = time.monotonic()
    print(f"  {name} ".ljust(WIDTH, "."), end=" ", flush=True)
    try:
        yield
    except BaseException:
        say("stopped")
        raise
    say(f"{time.monotonic() - started:5.1f} s")


def unchanged(name: str) -> None:
    """Print that a step had nothing to do."""
    say(f"  {name} ".ljust(WIDTH, ".") + " unchanged")
