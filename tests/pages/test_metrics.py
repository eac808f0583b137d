"""What Prometheus reads: from the rows, for who knows the token, in a constant number of questions."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext, override_settings

from ekip.pages import metrics
from ekip.shared import clock
from engine.models import Event, Round, Run
from engine.services.checkpoints import make_checkpoint
from engine.services.pulses import note_pulse
from partners.models import Delivery
from tests.engine.conftest import story  # noqa: F401  the story of the engine's tests

pytestmark = pytest.mark.django_db
SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\.)*",?)*)\})? (-?[0-9.e+-]+)')


@pytest.fixture(autouse=True)
def fresh_counts(monkeypatch):
    """As in a process that has just begun."""
    monkeypatch.setattr(metrics, "EVENTS", metrics.EventCount())


def figures(now) -> dict[str, float]:
    """Each sample by its name with labels; the text is what Prometheus expects."""
    found = {}
    text = metrics.exposition(now=now)
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("#"):
            assert re.match(r"# (HELP|TYPE) [a-z_]+ .+", line)
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, line
        found[line.rpartition(" ")[0]] = float(sample[3])
    return found


def test_without_a_token_in_the_settings_there_is_nothing(client):
    assert client.get("/metrics").status_code == 404


@override_settings(METRICS_TOKEN="let-me-see")
def test_only_the_token_opens_them(client):
    for header in ("", "Bearer ", "Bearer let-me", "let-me-see", "Basic let-me-see"):
        refused = client.get("/metrics", headers={"Authorization": header})
        assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    answer = client.get("/metrics", headers={"Authorization": "Bearer let-me-see"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert b"ekip_database_up 1" in answer.content


def test_what_waits_and_for_how_long(story, now):  # noqa: F811
    story.in_review()
    Delivery.objects.update(next_attempt_at=now)
    closes = Round.objects.get().closes_at
    late = figures(closes + timedelta(seconds=90))
    assert late['ekip_queue_age_seconds{queue="rounds"}'] == 90
    assert late['ekip_due{queue="rounds"}'] == late['ekip_overdue{queue="rounds"}'] == 1
    just = figures(closes)
    assert (just['ekip_due{queue="rounds"}'], just['ekip_overdue{queue="rounds"}']) == (1, 0)
    early = figures(now)
    assert (early['ekip_due{queue="rounds"}'], early['ekip_queue_age_seconds{queue="rounds"}']) == (0, 0)
    waiting = Delivery.objects.filter(state="waiting").count()
    assert (
        late['ekip_due{queue="deliveries"}'] == late['ekip_deliveries{channel="mail",state="waiting"}'] == waiting > 0
    )
    assert late['ekip_queue_age_seconds{queue="deliveries"}'] == (closes + timedelta(seconds=90) - now).total_seconds()


def test_runs_pulses_and_checkpoints(story, now):  # noqa: F811
    story.start()
    Run.objects.update(set_aside_at=now)
    note_pulse("beat", now=now)
    make_checkpoint(now=now)
    found = figures(now + timedelta(seconds=20))
    assert found["ekip_runs"] == found["ekip_runs_set_aside"] == 1
    assert found["ekip_runs_paused"] == 0
    assert found['ekip_pulse_age_seconds{part="beat"}'] == found["ekip_checkpoint_age_seconds"] == 20


def test_events_are_counted_once_in_a_process_and_none_is_missed(story, now, monkeypatch):  # noqa: F811
    monkeypatch.setattr(metrics, "SETTLED", 2)
    story.start()
    counted = [metrics.EVENTS.read()]
    story.write().submit()
    counted.append(metrics.EVENTS.read())
    assert metrics.EVENTS.upto == Event.objects.order_by("-pk")[0].pk - 2
    story.open_round()
    counted.append(metrics.EVENTS.read())
    assert counted[-1].total() == Event.objects.count() > counted[0].total()
    assert counted[-1]["round-opened"] == 1
    assert metrics.EVENTS.read() == counted[-1]


def test_as_many_questions_whatever_there_is(story, now):  # noqa: F811
    with CaptureQueriesContext(connection) as few:
        figures(now)
    story.in_review()
    with CaptureQueriesContext(connection) as many:
        figures(now)
    assert len(many) == len(few) < 20


def test_without_a_database_there_is_one_figure(now, monkeypatch):
    def refuse(*_arguments):
        raise DatabaseError("gone")

    monkeypatch.setattr(metrics, "_families", refuse)
    assert figures(now) == {"ekip_database_up": 0}


@pytest.mark.parametrize("text", ['a"b', "a\\b", "a\nb"])
def test_labels_are_escaped(text):
    family = metrics._family("ekip_x", "gauge", "x", [({"kind": text}, 1)])
    assert SAMPLE.fullmatch(family.splitlines()[-1])


def test_the_clock_of_the_page_is_the_site_s(client, now):
    with override_settings(METRICS_TOKEN="x"), clock.at(now):
        note_pulse("tick", now=now)
        assert (
            b'ekip_pulse_age_seconds{part="tick"} 0.0'
            in client.get("/metrics", headers={"Authorization": "Bearer x"}).content
        )
