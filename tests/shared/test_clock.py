"""The faster clock of the tests of endurance, and beat, which rings as soon as it lives."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from celery.beat import Scheduler
from celery.signals import beat_init

from ekip.celery import app
from ekip.shared import clock
from ekip.shared.clock import Haste

BEGAN = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def fast():
    """A clock that shows a thousand seconds for each real one."""
    haste = Haste(BEGAN, time.monotonic() - 60, 1000.0)
    clock.hurry(haste)
    yield haste
    clock.hurry(None)


def test_a_faster_clock_goes_on_from_where_it_began(fast):
    first = clock.now()
    assert timedelta(seconds=60_000) <= first - BEGAN < timedelta(seconds=70_000)
    assert clock.now() >= first


def test_leases_of_machines_keep_their_real_length(fast):
    assert clock.machine_time(timedelta(minutes=1)) == timedelta(minutes=1000)


def test_without_it_a_minute_is_a_minute():
    assert clock.machine_time(timedelta(minutes=1)) == timedelta(minutes=1)


def test_within_at_its_instant_counts(fast):
    with clock.at(BEGAN):
        assert clock.now() == BEGAN


def test_another_process_reads_the_same_clock(fast):
    assert clock.read_haste(str(fast)) == fast


@pytest.mark.parametrize("text", ["", "soon", "2027-03-01@1.0x2", "2027-03-01T09:00:00+00:00@1.0x0"])
def test_what_is_no_clock_is_refused(text):
    with pytest.raises(ValueError):
        clock.read_haste(text)


@pytest.mark.parametrize("name", ["EKIP_CLOCK", "EKIP_TICK"])
def test_an_installation_cannot_live_faster(name, fast):
    answer = start({name: str(fast) if name == "EKIP_CLOCK" else "1", "EKIP_TEST": "0"})
    assert f"{name} is for tests (EKIP_TEST=1) only." in answer.stderr


def test_a_test_can(fast):
    answer = start({"EKIP_CLOCK": str(fast), "EKIP_TICK": "2", "EKIP_TEST": "1"})
    assert answer.stdout.split() == ["2027", "2.0"], answer.stderr


def start(env: dict[str, str]) -> subprocess.CompletedProcess:
    says = "from django.conf import settings as s; from ekip.shared.clock import now; print(now().year, s.TICK)"
    given = {"DATABASE_URL": "postgres://nobody@localhost/none", "REDIS_URL": "redis://localhost", "SECRET_KEY": "x"}
    command = [sys.executable, "-c", f"import django; django.setup(); {says}"]
    settings = {"DJANGO_SETTINGS_MODULE": "ekip.settings"}
    return subprocess.run(command, env=os.environ | given | settings | env, text=True, capture_output=True)


def test_beat_rings_as_soon_as_it_lives():
    class Service:
        scheduler = Scheduler(app)

    entries = {"tick", "deliver"}
    schedule = Service.scheduler.schedule
    assert not any(schedule[name].is_due().is_due for name in entries)
    beat_init.send(sender=Service)
    assert all(schedule[name].is_due().is_due for name in entries)
