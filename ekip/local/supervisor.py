"""Starts services in order, starts again what dies, and leaves no process behind."""

import signal
import subprocess
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ekip.local import processes
from ekip.local.service import Service, restart_delay

BEAT = 0.1
LAST_LINES = 25


class StopRequested(Exception):
    """Ctrl-C or SIGTERM arrived; `number` says which."""

    def __init__(self, number: signal.Signals) -> None:
        super().__init__(number.name)
        self.number = number


class StartFailed(Exception):
    """A service did not become ready, or a step ended with an error; the message ends with its last lines."""


@dataclass
class _Running:
    """A service, its process, and what became of it before."""

    service: Service
    process: subprocess.Popen[bytes]
    deaths: list[float] = field(default_factory=list)
    start_again_at: float | None = None


class Supervisor:
    """One per process. Use it as a context manager: leaving it stops everything that it started."""

    def __init__(self, say: Callable[[str], None] = print) -> None:
        self._say = say
        self._running: list[_Running] = []
        self._stop_asked: signal.Signals | None = None

    def __enter__(self) -> "Supervisor":
        processes.adopt_orphans()
        signal.signal(signal.SIGINT, self._ask_to_stop)
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means it
            signal.signal(signal.SIGHUP, self._ask_to_stop)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, service: Service, *, timeout: float = 120) -> None:
        """Start a service and wait until it is ready. Raises StartFailed or StopRequested."""
        self.launch(service)
        self.wait_for(service, timeout=timeout)

    def launch(self, service: Service) -> None:
        """Start a service, with a new log, without waiting for it."""
        service.log.unlink(missing_ok=True)
        self._running.append(_Running(service, _start(service)))

    def wait_for(self, service: Service, *, timeout: float = 120) -> None:
        """Watch over everything until `service` is ready. Raises StartFailed or StopRequested."""
        give_up_at = time.monotonic() + timeout
        while not service.ready():
            self.look_after()
            if time.monotonic() > give_up_at:
                raise StartFailed(f"{service.name} was not ready after {timeout:.0f} s.\n{last_lines(service.log)}")

    def pid_of(self, service: Service) -> int | None:
        """The process of a service, or None while it waits to be started again."""
        for one in self._running:
            if one.service is service and one.start_again_at is None:
                return one.process.pid
        return None

    def run(self, command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path) -> None:
        """Run a command that ends by itself. Raises StartFailed or StopRequested."""
        with log.open("wb") as output:
            process = processes.spawn(command, env=env, cwd=cwd, output=output)
        if self.wait_for_end(process) != 0:
            raise StartFailed(f"{' '.join(command)} ended with {process.returncode}.\n{last_lines(log)}")

    def wait_for_end(self, process: subprocess.Popen[bytes]) -> int:
        """Watch over everything until `process` ends, and give its exit status."""
        while process.poll() is None:
            self.look_after(besides=process.pid)
        return process.returncode

    def watch(self) -> None:
        """Keep everything running until we are asked to stop; ends by raising StopRequested."""
        while True:
            self.look_after()

    def look_after(self, *, besides: int | None = None) -> None:
        """One look at every service and a short rest; someone else waits for the end of child `besides`."""
        if self._stop_asked:
            raise StopRequested(self._stop_asked)
        for one in self._running:
            self._look_at(one)
        known = {one.process.pid for one in self._running}
        processes.reap_orphans(known | {besides} if besides else known)
        time.sleep(BEAT)

    def stop(self) -> None:
        """Stop everything: first what stands on others, then the foundations, then what is still there."""
        for foundation in (False, True):
            chosen = [one for one in self._running if one.service.foundation is foundation]
            for one in chosen:
                one.process.send_signal(one.service.stop_signal)
            for one in chosen:
                _wait_or_kill(one)
        self._running.clear()
        processes.end(processes.descendants, patience=5)

    def dismiss(self, services: Collection[Service]) -> None:
        """Stop some of the services, and start them no more."""
        chosen = [one for one in self._running if one.service in services]
        self._running = [one for one in self._running if one not in chosen]
        for one in chosen:
            one.process.send_signal(one.service.stop_signal)
        for one in chosen:
            _wait_or_kill(one)

    def _look_at(self, one: _Running) -> None:
        now = time.monotonic()
        if one.start_again_at is not None:
            if now >= one.start_again_at:
                one.process, one.start_again_at = _start(one.service), None
        elif one.process.poll() is not None:
            processes.signal_group(one.process.pid, signal.SIGKILL)  # children of it that are still there
            one.deaths.append(now)
            delay = restart_delay(one.deaths, now=now)
            one.start_again_at = now + delay
            end = describe_end(one.process.returncode)
            self._say(f"  {one.service.name} {end}; starting it again in {delay:.1f} s")

    def _ask_to_stop(self, number: int, _frame: object) -> None:
        self._stop_asked = signal.Signals(number)


def describe_end(status: int) -> str:
    """An exit status in words."""
    return f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"


def last_lines(log: Path, count: int = LAST_LINES) -> str:
    """The end of a log, indented."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(f"    {line}" for line in lines[-count:])


def _start(service: Service) -> subprocess.Popen[bytes]:
    service.before_start()
    with service.log.open("ab") as output:
        return processes.spawn(
            service.command,
            env=service.env,
            cwd=service.cwd,
            output=output,
            account=service.account,
            on_orphaned=service.stop_signal,
        )


def _wait_or_kill(one: _Running) -> None:
    try:
        one.process.wait(one.service.patience)
    except subprocess.TimeoutExpired:
        processes.signal_group(one.process.pid, signal.SIGKILL)
        one.process.wait()
    processes.signal_group(one.process.pid, signal.SIGKILL)
