"""A run of chaos from beginning to end: people act, machines are shot at, everything is looked at."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection

from ekip.celery import app
from ekip.local.steps import say
from ekip.shared import clock
from ekip.shared.clock import Haste
from engine.models import Event, Run, Visit
from partners.models import Delivery
from partners.services.sending import send_what_is_due
from tests.chaos.checks import ENDS, Finding, Story, instant, look_at_everything, percentile
from tests.chaos.machines import Machines
from tests.chaos.plan import Plan
from tests.chaos.population import populate
from tests.chaos.sink import read_mails

TELL_EVERY = 10.0
LOOK_EVERY = 1.0
LAST_DAYS = 5
COMING_BACK = 30.0


class Shooting:
    """One run of chaos."""

    def __init__(self, plan: Plan, machines: Machines, haste: Haste) -> None:
        self.plan, self.machines, self.haste = plan, machines, haste
        self.epoch = time.time() - time.monotonic()
        self.shots_at = {
            kind: _spread(number, Random(f"{plan.seed}: {kind}"))
            for kind, number in (("kill", plan.kills), ("flush", plan.flushes), ("restart", plan.restarts))
        }
        self.began = time.monotonic()
        self.begun = self.ended = 0

    def run(self, env: Mapping[str, str]) -> int:
        """Do it all; the exit status."""
        if not self.plan.database:
            call_command("migrate", verbosity=0)
        populate(now=clock.now())
        self.machines.start_workers(env, self.plan.workers)
        self.machines.start_people(env, self.plan.seed, self.plan.people, self.plan.runs, self.plan.window)
        self._say("everything is running")
        self._shoot()
        self._let_post_arrive()
        back = self._who_came_back()
        self.machines.stop_working()
        late = self._send_the_last()
        shots = self.machines.shots
        self._say(f"looking at everything; {late} mails waited when the workers stopped")
        story = Story(
            mails=read_mails(self.machines.folder),
            kills=sum(shots.kills.values()),
            haste=self.haste,
            epoch=self.epoch,
            outages=shots.outages,
        )
        findings = [*look_at_everything(story), self._shot_as_asked(), back, self._no_error_pages()]
        self._report(story, findings)
        return int(any(finding.faults for finding in findings))

    # --- while it goes on -------------------------------------------------------------------------------------------
    def _shoot(self) -> None:
        """Until every run has ended and as many shots as planned were fired, or the time is over."""
        look_at = tell_at = 0.0
        while time.monotonic() - self.began < self.plan.limit:
            self.machines.look_after()
            now = time.monotonic()
            if now >= look_at:
                self._count()
                self._strike()
                look_at = now + LOOK_EVERY
            if now >= tell_at:
                self.machines.look_at_processors()
                self._tell()
                tell_at = now + TELL_EVERY
            if self.ended == self.plan.runs and self._is_shot():
                return
        self._say("the time is over")

    def _strike(self) -> None:
        """Fire at most one shot of each kind, if one is due with what has been done."""
        done = (self.begun + self.ended) / 2 / self.plan.runs
        fire = {"kill": self.machines.kill, "flush": self.machines.flush, "restart": self.machines.restart_database}
        for kind, left in self.shots_at.items():
            if left and done >= left[0] and fire[kind]():
                left.pop(0)

    def _is_shot(self) -> bool:
        return not any(self.shots_at.values()) and len(self.machines.shots.outages) == self.plan.restarts

    def _let_post_arrive(self) -> None:
        """The workers send what is due, also what was in the hands of those that were killed."""
        end = time.monotonic() + self.plan.patience
        while time.monotonic() < end:
            self.machines.look_after()
            if self._ask(lambda: not _waiting().exists(), False):
                return
            time.sleep(0.2)

    def _who_came_back(self) -> Finding:
        """Every worker answers, however often it, the broker and the database were killed."""
        wanted = {f"worker-{number}" for number in range(1, self.plan.workers + 1)}
        there: set[str] = set()
        end = time.monotonic() + COMING_BACK
        while there != wanted and time.monotonic() < end:
            self.machines.look_after()
            there |= {name.partition("@")[0] for answer in app.control.ping(timeout=2) for name in answer}
        faults = [f"{name} does not answer" for name in sorted(wanted - there)]
        return Finding("every worker came back", f"{len(there)} answer", faults)

    def _send_the_last(self) -> int:
        """Some days later: what waited for somebody's morning, or for another attempt; the number that waited."""
        left = _waiting().count()
        for days in range(1, 1 + LAST_DAYS):
            send_what_is_due(now=clock.now() + timedelta(days=days))
        return left

    def _count(self) -> None:
        self.begun, self.ended = self._ask(
            lambda: (Run.objects.count(), Visit.objects.filter(left_at=None, stage__in=ENDS).count()),
            (self.begun, self.ended),
        )

    def _ask(self, question: Any, otherwise: Any) -> Any:
        """The answer of the database, or the other one while it is gone."""
        try:
            return question()
        except (OperationalError, InterfaceError):
            connection.close()
            return otherwise

    # --- words ------------------------------------------------------------------------------------------------------
    def _tell(self) -> None:
        shots = self.machines.shots
        moves, waiting = self._ask(lambda: (_moves(), _waiting().count()), ("?", "?"))
        self._say(
            f"runs {self.begun} begun, {self.ended} ended; {moves} transitions; {waiting} mails wait; "
            f"{sum(shots.kills.values())} kills, {shots.flushes} flushes, {len(shots.outages)} restarts of the database"
        )

    def _say(self, line: str) -> None:
        say(f"{time.monotonic() - self.began:5.0f} s  {line}")

    def _shot_as_asked(self) -> Finding:
        shots = self.machines.shots
        figure = f"{sum(shots.kills.values())} kills, {shots.flushes} flushes, {len(shots.outages)} restarts"
        planned = f"planned were {self.plan.kills}, {self.plan.flushes}, {self.plan.restarts}"
        faults = [] if self._is_shot() else [planned]
        return Finding("shot at as planned", figure, faults)

    def _no_error_pages(self) -> Finding:
        """What the people met: a refusal is an answer and a lost connection is reloaded, anything else is a fault."""
        told: Counter[str] = Counter()
        refusals: Counter[str] = Counter()
        for file in sorted(self.machines.folder.glob("people-*.json")):
            said = json.loads(file.read_text())
            refusals.update(said.pop("refusals"))
            told.update(said)
        faults = [f"{told['faults']} clicks ended in an error; see the logs"] if told["faults"] else []
        figure = f"{told['clicks']} clicks, {told['twice']} double, {told['reloads']} reloads"
        return Finding("nobody met an error", f"{figure}, refused {dict(refusals)}", faults)

    def _report(self, story: Story, findings: list[Finding]) -> None:
        shots = self.machines.shots
        kills = ", ".join(f"{part} {number}" for part, number in sorted(shots.kills.items()))
        downs = ", ".join(f"{instant(begin)} for {end - begin:.1f} s" for begin, end in shots.outages) or "none"
        say("")
        for name, figure in (
            ("seed", self.plan.seed),
            ("runs", Run.objects.count()),
            ("transitions", _moves()),
            ("events", Event.objects.count()),
            ("kills", f"{sum(shots.kills.values())} ({kills})"),
            ("flushes of the broker", shots.flushes),
            ("outages of the database", downs),
            ("closing after deadline, p50", f"{percentile(story.lateness, 0.5):.1f} s"),
            ("closing after deadline, p99", f"{percentile(story.lateness, 0.99):.1f} s"),
            (
                "seconds of processors",
                ", ".join(f"{part} {n:.0f}" for part, n in self.machines.meter.by_part().items()),
            ),
            ("seconds in all", f"{time.monotonic() - self.began:.0f}"),
        ):
            say(f"{name:<32}{figure}")
        say("")
        for finding in findings:
            say(f"{'FAILED' if finding.faults else 'ok':<8}{finding.name}: {finding.figure}")
            for fault in finding.faults[:20]:
                say(f"          {fault}")
            if len(finding.faults) > 20:
                say(f"          and {len(finding.faults) - 20} more")


def _spread(number: int, dice: Random) -> list[float]:
    """So many parts of the work, at random and in order; neither at the very beginning nor at the very end."""
    return [0.05 + 0.9 * (place + dice.random()) / number for place in range(number)]


def _moves() -> int:
    return Event.objects.filter(kind__in=("moved", "branch-finished")).count()


def _waiting() -> Any:
    return Delivery.objects.filter(state=Delivery.State.WAITING)
