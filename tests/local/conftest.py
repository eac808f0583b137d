"""Servers in processes of their own, and waiting for what they become."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ekip.local import processes
from ekip.local.ground import CLONE, short_parent


def eventually(question: Callable[[], bool], *, seconds: float = 60) -> bool:
    """Whether `question` is answered with yes within so many seconds."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if question():
            return True
        time.sleep(0.1)
    return question()


@dataclass
class Standing:
    """Servers that a process of their own keeps running in `folder`."""

    folder: Path
    process: subprocess.Popen[str]
    database_url: str
    redis_url: str

    @property
    def postmaster(self) -> int:
        """The process number of PostgreSQL; 0 while it has none."""
        lock = self.folder / "data" / "postgres" / "postmaster.pid"
        return int(lock.read_text().split("\n")[0]) if lock.exists() else 0

    @property
    def valkey(self) -> int:
        """The process number of Valkey."""
        return next(pid for pid in processes.marked(self.folder) if program_of(pid) == "valkey-server")

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send the supervisor a signal and wait until it is gone."""
        self.process.send_signal(number)
        self.process.wait(90)


def program_of(pid: int) -> str:
    """The name of the program that a process runs; empty for one that is gone."""
    try:
        return Path(f"/proc/{pid}/exe").readlink().name
    except OSError:
        return ""


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder whose path leaves room for sockets, and which the servers' account may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="ekip-standing-", dir=short_parent()))
    folder.chmod(0o711)
    yield folder
    processes.end(lambda: processes.marked(folder), patience=2)
    shutil.rmtree(folder)


@pytest.fixture
def stand_servers(short_folder: Path) -> Iterator[Callable[[], Standing]]:
    """`stand_servers()` starts both servers, always on the same data."""
    started: list[Standing] = []

    def start() -> Standing:
        command = [sys.executable, "-m", "tests.local.standing", str(short_folder)]
        process = subprocess.Popen(command, cwd=CLONE, env=dict(os.environ), stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        started.append(Standing(short_folder, process, **json.loads(process.stdout.readline())))
        return started[-1]

    yield start
    for standing in started:
        standing.end(signal.SIGKILL)


def free_port() -> int:
    """A port on which nothing listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
