"""When machines fail: the broker is down, the worker is killed while it closes a round."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from ekip.shared import clock, doorbell
from engine import tasks
from engine.models import Event, Round
from partners.models import Delivery, Notification
from partners.tasks import deliver
from tests.people import sign_in
from tests.processes import environment, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.broker]


@contextmanager
def a_worker() -> Iterator[subprocess.Popen]:
    """A real Celery worker in a process group of its own."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "ekip.celery",
        "worker",
        "--pool=prefork",
        "-c",
        "1",
        "-l",
        "WARNING",
    ]
    process = subprocess.Popen(command, env=environment(), start_new_session=True)
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def everything_stands_still() -> Iterator[None]:
    """No event can be written: whoever closes a round waits in the middle of it."""
    holder = connection.copy()
    try:
        with holder.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute("lock table engine_event in access exclusive mode")
            yield
    finally:
        holder.close()


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select 1 from pg_locks where relation = 'engine_event'::regclass and not granted)"
        )
        return cursor.fetchone()[0]


def test_a_worker_killed_while_closing_a_round_closes_it_exactly_once(story, author):
    story.now = clock.now() - timedelta(days=20)
    story.in_review()
    for person in story.reviewers:
        story.review(person, "One remark")
    story.test_in_city()
    with everything_stands_still(), a_worker() as first:
        doorbell.ring(tasks.tick)
        wait_for(somebody_waits_for_a_lock)
        kill(first)
    assert not Round.objects.filter(closed_at__isnull=False).exists()
    with a_worker():
        doorbell.ring(tasks.tick)
        wait_for(lambda: not Round.objects.filter(closed_at=None).exists())
        doorbell.ring(tasks.tick)
        time.sleep(1)
    assert story.stage == "revision"
    assert Event.objects.filter(kind="round-closed").count() == Round.objects.count() == 2
    assert not Event.objects.filter(kind="round-closed").exclude(actor=None).exists()
    assert Notification.objects.filter(person=author, kind="review-closed").count() == 1


def test_a_submission_succeeds_while_the_broker_is_down(story, author, monkeypatch):
    story.now = clock.now()
    story.start().write()
    monkeypatch.setattr(tasks.tick.app.conf, "broker_url", "redis+socket:///nowhere/at/all.sock")
    begun = time.monotonic()
    answer = sign_in(author).post(f"/proposals/{story.proposal.pk}/submit/", {"visit_id": story.visit.pk})
    assert answer.status_code == 302
    assert time.monotonic() - begun < 30
    assert story.stage == "community-review"
    waiting = Delivery.objects.filter(notification__person=story.coordinator, state="waiting")
    assert waiting.count() == 1
    monkeypatch.undo()
    with a_worker():
        doorbell.ring(deliver)
        wait_for(lambda: not waiting.exists())
    assert Delivery.objects.get(notification__person=story.coordinator).state == "sent"
