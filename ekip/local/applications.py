"""The three processes of the product, as the demonstration runs them: web server, worker, beat."""

import shlex
import sys
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.error import URLError

from ekip.local.ground import CLONE
from ekip.local.service import Service

BIN = Path(sys.executable).parent
# The same as in docker-compose.yml.
WEB = shlex.split("granian --interface wsgi ekip.wsgi:application --workers 2 --blocking-threads 4")
WORKER = shlex.split("celery -A ekip.celery worker --loglevel INFO --concurrency 2 --without-mingle")
BEAT = shlex.split("celery -A ekip.celery beat --loglevel INFO")


def web_service(*, port: int, env: Mapping[str, str], logs: Path) -> Service:
    """The web server on the loopback address only."""
    return _service(
        "web",
        [*WEB, "--host", "127.0.0.1", "--port", str(port)],
        env=env,
        logs=logs,
        ready=lambda: answers(f"http://127.0.0.1:{port}/health/ready"),
    )


def worker_service(*, env: Mapping[str, str], logs: Path) -> Service:
    """The worker. It says when it has reached the broker."""
    return _service(
        "worker",
        WORKER,
        env=env,
        logs=logs,
        ready=says(logs / "worker.log", " ready."),
    )


def beat_service(*, env: Mapping[str, str], logs: Path) -> Service:
    """The clock of the background work. Rows say what is due, so it needs no memory of its own."""
    return _service(
        "beat",
        BEAT,
        env=env,
        logs=logs,
        ready=says(logs / "beat.log", "beat: Starting"),
    )


def answers(address: str) -> bool:
    """Whether GET `address` gives 200. No proxy is asked: the address is this machine."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5) as response:
            return response.status == 200
    except (URLError, OSError):
        return False


def says(log: Path, words: str) -> Callable[[], bool]:
    """A question: do these words stand in the log by now?"""
    return lambda: log.exists() and words in log.read_text(errors="replace")


def _service(
    name: str, command: Sequence[str], *, env: Mapping[str, str], logs: Path, ready: Callable[[], bool]
) -> Service:
    program, *arguments = command
    return Service(
        name=name,
        command=[str(BIN / program), *arguments],
        env=env,
        cwd=CLONE,
        log=logs / f"{name}.log",
        ready=ready,
    )
