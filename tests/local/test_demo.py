"""`make demo` from start to end, in a copy of the clone: what it says, what it survives, what it leaves."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ekip.local import processes
from ekip.local.account import server_account
from ekip.local.applications import answers
from ekip.local.ground import CLONE, short_parent, store_of
from tests.local.conftest import eventually, free_port

pytestmark = pytest.mark.servers

NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".local", ".static", "node_modules", "__pycache__", ".*_cache")
PROGRAMS = {
    "postgres": "bin/postgres ",
    "valkey": "valkey-server ",
    "web": "bin/granian ",
    "worker": " worker ",
    "beat": " beat ",
}


class Demo:
    """The demonstration of one copy, started and ended as often as the tests want."""

    def __init__(self, clone: Path) -> None:
        self.clone = clone
        self.store = store_of(clone, server_account())
        self.port = free_port()
        self.output = clone / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start it and give what it said until it was there."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(self.command(), stdout=output, stderr=subprocess.STDOUT, **self.place())
        assert eventually(lambda: self.there() or self.process.poll() is not None, seconds=400)
        assert self.there(), self.said()
        return self.said()

    def end(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        self.process.wait(120)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "ekip.local.demo", *words]

    def place(self) -> dict:
        return {"cwd": self.clone, "env": {**os.environ, "PORT": str(self.port)}}

    def said(self) -> str:
        return self.output.read_text()

    def there(self) -> bool:
        return f"http://127.0.0.1:{self.port}/" in self.said()

    def ready(self) -> bool:
        return answers(f"http://127.0.0.1:{self.port}/health/ready")

    def processes(self) -> set[int]:
        return processes.marked(self.clone / ".local" / "demo") | processes.marked(self.store)

    def main_process(self, service: str) -> int:
        """The process of a service that is the supervisor's own child; 0 while there is none."""
        for pid in self.processes():
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
                parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == self.process.pid and PROGRAMS[service] in command:
                return pid
        return 0


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """A demonstration that has never been started."""
    folder = Path(tempfile.mkdtemp(prefix="ekip-demo-", dir=short_parent()))
    demo = Demo(folder / "clone")
    shutil.copytree(CLONE, demo.clone, ignore=NOT_COPIED)
    yield demo
    processes.end(demo.processes, patience=5)
    shutil.rmtree(folder)
    shutil.rmtree(demo.store, ignore_errors=True)


@pytest.fixture(scope="module")
def running(demo: Demo) -> Demo:
    """The same, running, and what it said at its first start in `output`."""
    if demo.process is None or demo.process.poll() is not None:
        demo.start()
    return demo


def test_the_first_start_says_what_it_did_where_it_is_and_where_the_accounts_are(running):
    said = running.said()

    for step in ("PostgreSQL and Valkey", "Database schema", "Reference data", "Demonstration data", "Static files"):
        assert re.search(rf"{step} \.+ +\d+\.\d s", said), said
    assert running.ready()
    accounts = re.search(r"passwords are in (\S+),", said)
    assert accounts is not None
    assert (running.clone / accounts.group(1)).stat().st_mode & 0o077 == 0


def test_it_listens_on_the_loopback_address_only(running):
    listening = [line.split()[1:4] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    port = f":{running.port:04X}"

    assert {local for local, _, state in listening if local.endswith(port) and state == "0A"} == {f"0100007F{port}"}


def test_a_second_start_in_the_same_clone_is_refused_with_the_way_to_stop_it(running):
    second = subprocess.run(running.command(), **running.place(), capture_output=True, text=True)

    assert second.returncode == 1
    assert f"already running at http://127.0.0.1:{running.port}" in second.stdout
    assert "make demo-stop" in second.stdout
    assert running.ready()


@pytest.mark.parametrize("service", PROGRAMS)
def test_whatever_is_killed_comes_back(running, service):
    killed = running.main_process(service)
    assert killed

    os.kill(killed, signal.SIGKILL)

    assert eventually(lambda: running.main_process(service) not in (0, killed), seconds=120)
    assert eventually(running.ready, seconds=120)


def test_a_start_after_a_killed_supervisor_ends_what_was_left_and_keeps_the_data(running):
    left = running.processes()
    running.end(signal.SIGKILL)

    said = running.start()

    assert left.isdisjoint(running.processes())
    assert re.search(r"Database schema and content \.+ unchanged", said), said
    assert running.ready()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_no_process(demo, number):
    if demo.process.poll() is not None:
        demo.start()

    demo.end(number)

    assert demo.process.returncode == 0, demo.said()
    assert demo.processes() == set()


def test_a_reset_that_is_not_confirmed_changes_nothing(demo):
    kept = sorted(path.name for path in (demo.clone / ".local" / "demo").iterdir())

    refused = subprocess.run(demo.command("reset"), **demo.place(), input=b"n\n", capture_output=True)

    assert refused.returncode == 1
    assert b"Nothing was changed" in refused.stdout
    assert sorted(path.name for path in (demo.clone / ".local" / "demo").iterdir()) == kept


def test_a_port_that_is_taken_is_named(demo):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", demo.port))
        other.listen()
        refused = subprocess.run(demo.command(), **demo.place(), capture_output=True, text=True)

    assert refused.returncode == 1
    assert f"Port {demo.port} cannot be used" in refused.stdout
    assert demo.processes() == set()
