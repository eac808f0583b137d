"""The site's own pages, and what machines ask about its health."""

from datetime import timedelta

import pytest
from celery import Celery
from celery.beat import ScheduleEntry
from celery.beat import Scheduler as CeleryScheduler
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from ekip.beat import Scheduler
from ekip.pages import health
from ekip.shared import clock
from engine.models import SystemPulse
from engine.services.clockwork import beat
from engine.services.pulses import note_pulse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["imprint", "privacy", "accessibility"])
def test_the_site_s_own_pages_are_there_for_everybody(name) -> None:
    assert Client().get(reverse(f"pages:{name}")).status_code == 200


@pytest.fixture
def broker(monkeypatch) -> None:
    """A broker that answers, whether or not one runs here."""
    monkeypatch.setattr(health, "broker_answers", lambda: True)


def refuse(*_arguments, **_more) -> None:
    """As a database that is gone."""
    raise DatabaseError("gone")


def ready() -> tuple[int, dict]:
    """Status and members of the answer."""
    answer = Client().get("/health/ready")
    assert "no-store" in answer["Cache-Control"]
    return answer.status_code, answer.json()


class TestLive:
    def test_it_asks_nothing(self, django_assert_num_queries) -> None:
        with django_assert_num_queries(0):
            answer = Client().get("/health/live")
        assert (answer.status_code, answer.content, answer["Content-Type"]) == (
            200,
            b"ok\n",
            "text/plain; charset=utf-8",
        )


class TestReady:
    def test_before_the_first_tick(self, broker) -> None:
        assert ready() == (
            200,
            {
                "status": "ready",
                "database": "ok",
                "broker": "ok",
                "beat": "never",
                "beat_seen_at": None,
                "worker": "unasked",
                "tick": "never",
                "tick_seen_at": None,
            },
        )

    @pytest.mark.parametrize(("age", "word"), [(60, "fresh"), (61, "late")])
    def test_a_tick_is_fresh_for_a_minute(self, broker, now, age, word) -> None:
        beat(now=now)
        with clock.at(now + timedelta(seconds=age)):
            status, members = ready()
        assert (status, members["tick"], members["tick_seen_at"]) == (200, word, now.isoformat())

    @pytest.mark.parametrize(
        ("beat_age", "tick_age", "words"),
        [
            (1, 1, ("fresh", "fresh", "fresh")),
            (1, 61, ("fresh", "late", "late")),  # the worker is dead
            (61, 61, ("late", "late", "unasked")),  # beat is dead: who knows
            (61, 60, ("late", "fresh", "fresh")),
        ],
    )
    def test_worker_and_beat_are_told_apart(self, broker, now, beat_age, tick_age, words) -> None:
        note_pulse("beat", now=now - timedelta(seconds=beat_age))
        note_pulse("tick", now=now - timedelta(seconds=tick_age))
        with clock.at(now):
            status, members = ready()
            strict = Client().get("/health/ready?strict").status_code
        assert (members["beat"], members["tick"], members["worker"]) == words
        assert (status, strict) == (200, 200 if members["tick"] == "fresh" else 503)

    def test_beat_notes_its_pulse_when_it_rings(self, now, monkeypatch) -> None:
        rung = []
        scheduler = Scheduler(app=Celery("nowhere", set_as_current=False), lazy=True)
        monkeypatch.setattr(CeleryScheduler, "apply_async", lambda self, entry, **_more: rung.append(entry.name))
        with clock.at(now):
            for name in ("deliver", "tick"):
                scheduler.apply_async(ScheduleEntry(name=name, task=name, schedule=15, app=scheduler.app))
        assert rung == ["deliver", "tick"]
        assert list(SystemPulse.objects.values_list("part", "seen_at")) == [("beat", now)]

    def test_beat_rings_without_a_database_too(self, monkeypatch, caplog) -> None:
        monkeypatch.setattr(CeleryScheduler, "apply_async", lambda self, entry, **_more: "rung")
        monkeypatch.setattr("ekip.beat.note_pulse", refuse)
        monkeypatch.setattr("ekip.beat.connection.close", lambda: None)
        scheduler = Scheduler(app=Celery("nowhere", set_as_current=False), lazy=True)
        entry = ScheduleEntry(name="tick", task="tick", schedule=15, app=scheduler.app)
        assert scheduler.apply_async(entry) == "rung"
        assert "could not be noted" in caplog.text

    def test_without_a_broker(self, monkeypatch) -> None:
        nowhere = Celery("nowhere", broker="redis://127.0.0.1:1/0", set_as_current=False)
        monkeypatch.setattr(health, "app", nowhere)
        status, members = ready()
        assert (status, members["status"], members["broker"]) == (503, "unavailable", "no answer")

    def test_without_a_database(self, broker, monkeypatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(connection, "cursor", refuse)
            status, members = ready()
        assert (status, members["database"], members["tick"]) == (503, "no answer", "never")

    @pytest.mark.broker
    def test_the_broker_of_the_settings_answers(self) -> None:
        assert health.broker_answers()
