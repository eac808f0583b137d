"""One supervisor per folder: the kernel drops the claim of a process that dies, however it dies."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

FILE_NAME = "claim"


class InUse(Exception):
    """A living process holds the folder; the message is what it said about itself."""


@contextlib.contextmanager
def claimed(folder: Path, saying: str) -> Iterator[None]:
    """Hold `folder` for this process. Raises InUse with what the present holder said."""
    with os.fdopen(_open_privately(folder / FILE_NAME), "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(file.read()) from None
        file.truncate(0)
        file.write(saying)
        file.flush()
        yield


def holder(folder: Path) -> str | None:
    """What the living holder of `folder` said about itself, or None when nobody holds it."""
    try:
        with (folder / FILE_NAME).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return (folder / FILE_NAME).read_text()
    return None


def _open_privately(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
