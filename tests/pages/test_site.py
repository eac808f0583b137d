"""The site's own pages, and what machines ask about its health."""

from datetime import timedelta

import pytest
from celery import Celery
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from ekip.pages import health
from ekip.shared import clock
from engine.services.clockwork import beat

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["imprint", "privacy", "accessibility"])
def test_the_site_s_own_pages_are_there_for_everybody(name) -> None:
    assert Client().get(reverse(f"pages:{name}")).status_code == 200


@pytest.fixture
def broker(monkeypatch) -> None:
    """A broker that answers, whether or not one runs here."""
    monkeypatch.setattr(health, "broker_answers", lambda: True)


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
            {"status": "ready", "database": "ok", "broker": "ok", "tick": "never", "tick_seen_at": None},
        )

    @pytest.mark.parametrize(("age", "word"), [(60, "fresh"), (61, "late")])
    def test_a_tick_is_fresh_for_a_minute(self, broker, now, age, word) -> None:
        beat(now=now)
        with clock.at(now + timedelta(seconds=age)):
            status, members = ready()
        assert (status, members["tick"], members["tick_seen_at"]) == (200, word, now.isoformat())

    def test_without_a_broker(self, monkeypatch) -> None:
        nowhere = Celery("nowhere", broker="redis://127.0.0.1:1/0", set_as_current=False)
        monkeypatch.setattr(health, "app", nowhere)
        status, members = ready()
        assert (status, members["status"], members["broker"]) == (503, "unavailable", "no answer")

    def test_without_a_database(self, broker, monkeypatch) -> None:
        def refuse() -> None:
            raise DatabaseError("gone")

        with monkeypatch.context() as patch:
            patch.setattr(connection, "cursor", refuse)
            status, members = ready()
        assert (status, members["database"], members["tick"]) == (503, "no answer", "never")

    @pytest.mark.broker
    def test_the_broker_of_the_settings_answers(self) -> None:
        assert health.broker_answers()
