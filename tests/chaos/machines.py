"""The machines that are shot at: broker, workers and beat, a mail server, the people, perhaps a database."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from time import time

from ekip.local import postgres, processes, valkey
from ekip.local.ground import CLONE, Ground
from ekip.local.service import Service
from ekip.local.supervisor import Supervisor

WORKERS_AMONG_KILLS = 0.7
CHILDREN_AMONG_WORKERS = 0.3
OF_THE_DATABASE = ("--track_commit_timestamp=on",)
"""So that a closing counts from the instant at which it was there for everybody to see."""


@dataclass
class Shots:
    """What was done to the machines. Outages of the database are in real seconds since the epoch."""

    kills: Counter[str] = field(default_factory=Counter)
    flushes: int = 0
    outages: list[tuple[float, float]] = field(default_factory=list)


class Machines:
    """Starts them under the supervisor of the demonstration, and shoots."""

    def __init__(self, supervisor: Supervisor, ground: Ground, folder: Path, dice: Random) -> None:
        self.supervisor, self.ground, self.folder, self.dice = supervisor, ground, folder, dice
        self.shots = Shots()
        self.logs = folder / "log"
        self.logs.mkdir()
        self.services: dict[str, Service] = {}
        self.meter = Meter()
        self._down_since: float | None = None
        self._base = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", processes.MARK: str(folder)}

    def start_database(self) -> str:
        """A database of our own, as durable as a real one; its address."""
        service = postgres.postgres_service(self.ground, env=self._base, log=self.logs / "database.log", durable=True)
        self._start("database", replace(service, command=[*service.command, *OF_THE_DATABASE]))
        postgres.make_database(self.ground.sockets)
        return postgres.database_url(self.ground.sockets)

    def start_broker(self) -> str:
        """A broker of our own; its address."""
        log = self.logs / "broker.log"
        self._start("broker", valkey.valkey_service(self.ground, env=self._base, log=log, durable=True))
        return valkey.redis_url(self.ground.sockets)

    def start_mail_server(self) -> str:
        """A mail server that takes everything; its address."""
        port = self.folder / "port"
        command = [sys.executable, "-m", "tests.chaos.sink", str(self.folder)]
        self._start("mail", self._python(command, {}, "mail", ready=port.exists))
        return f"smtp://127.0.0.1:{port.read_text()}"

    def start_workers(self, env: Mapping[str, str], workers: int) -> None:
        """So many workers, and a beat."""
        celery = [sys.executable, "-m", "celery", "-A", "ekip.celery"]
        for number in range(1, workers + 1):
            name = f"worker-{number}"
            options = ["--concurrency", "1", "--without-mingle", "-n", f"{name}@%h", "-l", "WARNING"]
            self._start(name, self._python([*celery, "worker", *options], env, name))
        self._start("beat", self._python([*celery, "beat", "-l", "WARNING"], env, "beat"))

    def start_people(self, env: Mapping[str, str], seed: int, of: int, runs: int, window: float) -> None:
        """Those who write, review and decide, in so many processes."""
        for share in range(of):
            arguments = [seed, share, of, runs, window, self.folder]
            command = [sys.executable, "-m", "tests.chaos.people", *map(str, arguments)]
            self._start(f"people-{share}", self._python(command, env, f"people-{share}"))

    def kill(self) -> bool:
        """kill -9 of one of them, or of the process in which a worker works; whether it was there to be killed."""
        workers = [name for name in self.services if name.startswith("worker")]
        name = self.dice.choice(workers if self.dice.random() < WORKERS_AMONG_KILLS else ["beat", "broker"])
        pid = self.supervisor.pid_of(self.services[name])
        if pid is None:
            return False
        children = _children(pid) if name.startswith("worker") and self.dice.random() < CHILDREN_AMONG_WORKERS else []
        if children:
            os.kill(children[0], signal.SIGKILL)
        else:
            processes.signal_group(pid, signal.SIGKILL)
        self.shots.kills[name.partition("-")[0]] += 1
        return True

    def flush(self) -> bool:
        """The broker forgets everything; whether it was there to do so."""
        if self.supervisor.pid_of(self.services["broker"]) is None or not valkey.answers(self._broker):
            return False
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self._broker))
            connection.sendall(b"FLUSHALL\r\n")
            if not connection.recv(16).startswith(b"+OK"):
                raise RuntimeError("the broker was not flushed")
        self.shots.flushes += 1
        return True

    def restart_database(self) -> bool:
        """What PostgreSQL calls an immediate shutdown: no goodbye, and a recovery at the next start."""
        pid = self.supervisor.pid_of(self.services["database"])
        if pid is None or self._down_since is not None:
            return False
        self._down_since = time()
        os.kill(pid, signal.SIGQUIT)
        return True

    def look_after(self) -> None:
        """Start again what died, and note when the database is back."""
        self.supervisor.look_after()
        if self._down_since is not None and time() > self._down_since + 0.5 and postgres.answers(self.ground.sockets):
            self.shots.outages.append((self._down_since, time()))
            self._down_since = None

    def look_at_processors(self) -> None:
        """Let the meter look."""
        self.meter.look({name: self.supervisor.pid_of(service) for name, service in self.services.items()})

    def stop_working(self) -> None:
        """Nobody acts any more; database and mail server go on."""
        going = [name for name in self.services if name.startswith(("people", "worker", "beat", "broker"))]
        self.supervisor.dismiss([self.services.pop(name) for name in going])

    @property
    def _broker(self) -> Path:
        return self.ground.sockets / valkey.SOCKET_NAME

    def _start(self, name: str, service: Service) -> None:
        self.services[name] = service
        self.supervisor.start(service)

    def _python(self, command: list[str], env: Mapping[str, str], name: str, ready=lambda: True) -> Service:
        return Service(
            name=name,
            command=command,
            env={**os.environ, **self._base, **env, "PYTHONUNBUFFERED": "1"},
            cwd=CLONE,
            log=self.logs / f"{name}.log",
            ready=ready,
            patience=5,
        )


class Meter:
    """Seconds of processors by part, from looks at all processes; what a process uses after the last look is lost."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, int], float] = {}

    def look(self, pids: Mapping[str, int | None]) -> None:
        """Note what the processes at and below each pid have used until now."""
        parts = {pid: name.partition("-")[0] for name, pid in pids.items() if pid}
        found = {pid: read for pid in _all_pids() if (read := _parent_and_seconds(pid))}
        for pid, (_parent, seconds) in found.items():
            above = pid
            while above not in parts and above in found:
                above = found[above][0]
            if above in parts:
                self._used[parts[above], pid] = seconds

    def by_part(self) -> dict[str, float]:
        """Seconds by part, over all processes that were seen."""
        total: Counter[str] = Counter()
        for (part, _pid), seconds in self._used.items():
            total[part] += seconds
        return dict(total)


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _parent_and_seconds(pid: int) -> tuple[int, float] | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    """The processes that this one has started."""
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
