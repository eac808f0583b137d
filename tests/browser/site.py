"""The whole site as it runs in life: web server, worker and beat as processes, mail in a folder.

It runs as the demonstration does, so that its mail page can be read; its database is the test's.
"""

import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ekip.local import processes
from ekip.local.applications import beat_service, web_service, worker_service
from ekip.local.ground import CLONE
from ekip.local.service import Service
from tests.local.conftest import free_port
from tests.processes import environment, wait_for


@dataclass
class Site:
    """Where the site answers, the folder with its logs, its mail and its static files, and its settings."""

    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def address(self) -> str:
        """Without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> Mapping[str, str]:
        """What every process of the site, and every command beside it, is started with."""
        env = environment(
            BASE_URL=self.address,
            EKIP_DEMO="1",
            EKIP_DEMO_FOLDER=str(self.folder),
            STATIC_ROOT=str(self.folder / "static"),
        )
        # Static files as in life: collected, with hashed names.
        return {name: value for name, value in env.items() if name not in {"DEBUG", "EKIP_TEST"}}

    def manage(self, command: str) -> None:
        """Run a management command of the site."""
        words = [sys.executable, "manage.py", *shlex.split(command)]
        done = subprocess.run(words, cwd=CLONE, env=dict(self.env), capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def open_site(folder: Path) -> Iterator[Site]:
    """The web server, until the block ends."""
    site = Site(folder)
    site.manage("collectstatic --noinput --verbosity=0")
    with _running(web_service(port=site.port, env=site.env, logs=folder)):
        yield site


@contextmanager
def open_clockwork(site: Site) -> Iterator[None]:
    """Worker and beat of the site, until the block ends."""
    with (
        _running(worker_service(env=site.env, logs=site.folder)),
        _running(beat_service(env=site.env, logs=site.folder)),
    ):
        yield


@contextmanager
def _running(service: Service) -> Iterator[None]:
    with service.log.open("wb") as output:
        process = processes.spawn(service.command, env=service.env, cwd=service.cwd, output=output)
    try:
        wait_for(_ready(service, process))
        yield
    finally:
        process.terminate()
        try:
            process.wait(service.patience)
        except subprocess.TimeoutExpired:
            processes.signal_group(process.pid, signal.SIGKILL)
            process.wait()


def _ready(service: Service, process: subprocess.Popen) -> Callable[[], bool]:
    def ask() -> bool:
        assert process.poll() is None, f"{service.name} ended:\n{service.log.read_text()}"
        return service.ready()

    return ask
