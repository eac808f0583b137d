"""The commands of docker-compose.yml, started by hand against throw-away servers, without Docker."""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ekip.local.applications import answers, says
from ekip.local.ground import CLONE
from ekip.local.supervisor import last_lines
from ekip.probe import main as probe
from ekip.probe import served_host
from ekip.shared.env import NAMES
from tests.local.conftest import eventually, free_port

COMPOSE = yaml.safe_load((CLONE / "docker-compose.yml").read_text())
OURS = ("prepare", "web", "worker", "beat")
# Not for an installation: some belong to the demonstration, some to the tests, and the last two have good defaults.
FOR_TRIALS = {"EKIP_CLOCK", "EKIP_DEMO", "EKIP_DEMO_FOLDER", "EKIP_TEST", "EKIP_TICK"}
NOT_FOR_INSTALLATIONS = {*FOR_TRIALS, "DEBUG", "STATIC_ROOT"}


def _interpolated(text: str) -> str:
    """A value with `${NAME:-default}` and `${NAME:?reason}` filled in, as Compose does with an empty environment."""
    return re.sub(r"\$\{\w+:(?:-([^}]*)|\?[^}]*)\}", lambda match: match.group(1) or "a value", text)


def _environment(service: str) -> dict[str, str]:
    return {name: _interpolated(value) for name, value in COMPOSE["services"][service]["environment"].items()}


def test_compose_and_the_example_name_every_setting():
    example = set(re.findall(r"^#? ?([A-Z_]+)=", (CLONE / ".env.example").read_text(), flags=re.MULTILINE))

    assert set(_environment("web")) == NAMES - NOT_FOR_INSTALLATIONS
    assert example - {"POSTGRES_PASSWORD"} == NAMES - NOT_FOR_INSTALLATIONS


def test_none_of_our_services_runs_as_root_or_may_become_it():
    image = (CLONE / "Dockerfile").read_text()

    assert "\nUSER ekip\n" in image
    for service in OURS:
        assert COMPOSE["services"][service]["cap_drop"] == ["ALL"]
        assert COMPOSE["services"][service]["security_opt"] == ["no-new-privileges:true"]


def test_only_the_loopback_address_is_published():
    published = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]

    assert [port.split(":")[0] for port in published] == ["127.0.0.1"] * len(published)


def test_the_image_runs_what_compose_runs():
    in_image = re.search(r"^CMD \[(.*)\]$", (CLONE / "Dockerfile").read_text(), flags=re.MULTILINE)

    assert in_image is not None
    words = re.findall(r'"([^"]*)"', in_image.group(1))
    assert words == shlex.split(COMPOSE["services"]["web"]["command"])


@pytest.fixture
def by_hand(stand_servers, tmp_path: Path) -> Iterator["ByHand"]:
    """The services of the file, started one by one on the addresses of throw-away servers."""
    hand = ByHand(stand_servers(), tmp_path, free_port())
    yield hand
    hand.end()


class ByHand:
    """Starts what the file says, with its environment, on other addresses and another port."""

    def __init__(self, standing, folder: Path, port: int) -> None:
        self.port = port
        self.folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._env = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOSTNAME": os.uname().nodename,
            "DATABASE_URL": standing.database_url,
            "REDIS_URL": standing.redis_url,
            "STATIC_ROOT": str(folder / "static"),
        }

    def run(self, service: str, command: list[str]) -> None:
        """Run a command that ends, in the environment of a service."""
        env = _environment(service) | self._env
        done = subprocess.run(command, cwd=CLONE, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self, service: str) -> Path:
        """Start a service and give the path of its log."""
        log = self.folder / f"{service}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                self._command(service),
                cwd=CLONE,
                env=_environment(service) | self._env,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._processes.append(process)
        return log

    def prepare(self) -> None:
        """What the image does when it is built, then what the service `prepare` does."""
        self.run("web", ["python", "manage.py", "collectstatic", "--noinput"])
        self.run("prepare", self._command("prepare"))

    def healthy(self, service: str) -> bool:
        """Whether the health check of a service passes."""
        kind, *check = COMPOSE["services"][service]["healthcheck"]["test"]
        command = ["sh", "-c", check[0].replace("$$", "$")] if kind == "CMD-SHELL" else check
        env = _environment(service) | self._env
        return subprocess.run(self._on_our_port(command), cwd=CLONE, env=env, capture_output=True).returncode == 0

    def end(self) -> None:
        for process in self._processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in self._processes:
            process.wait(90)

    def _command(self, service: str) -> list[str]:
        return self._on_our_port(shlex.split(COMPOSE["services"][service]["command"]))

    def _on_our_port(self, command: list[str]) -> list[str]:
        here = f"127.0.0.1:{self.port}"
        return [
            word.replace("web:8000", here).replace("127.0.0.1:8000", here).replace("8000", str(self.port))
            for word in command
        ]


@pytest.mark.servers
def test_the_commands_start_and_become_healthy(by_hand):
    by_hand.prepare()

    by_hand.start("web")
    worker, beat = by_hand.start("worker"), by_hand.start("beat")

    assert eventually(lambda: answers(f"http://127.0.0.1:{by_hand.port}/health/ready"), seconds=120)
    assert eventually(says(worker, " ready."), seconds=120), last_lines(worker)
    assert eventually(says(beat, "beat: Starting"), seconds=120), last_lines(beat)
    assert by_hand.healthy("web")
    assert eventually(lambda: by_hand.healthy("worker"), seconds=180)
    assert eventually(lambda: by_hand.healthy("beat"), seconds=180)


@pytest.mark.parametrize(
    ("allowed", "host"),
    [("ekip.example.org,localhost", "ekip.example.org"), (".example.org", "example.org"), ("*", "localhost")],
)
def test_a_probe_names_a_host_that_is_served(allowed, host):
    assert served_host(allowed) == host


def test_a_probe_of_nothing_fails():
    assert probe([f"http://127.0.0.1:{free_port()}/health/live"]) == 1
