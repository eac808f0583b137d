"""Mail servers that refuse, fall silent, break off or dawdle: real connections to one that does."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from partners.models import Delivery
from partners.services import outbox, sending
from partners.services.outbox import Message
from tests import people
from tests.smtp_sink import smtp_sink

NAMES = ("a", "b", "c", "d")


@pytest.fixture
def server(settings):
    with smtp_sink() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_TIMEOUT = 0.3
        yield server


@pytest.fixture
def waiting(db, now):
    """A mail for each of four people."""
    persons = [people.make_person(email=f"{name}@example.org") for name in NAMES]
    outbox.notify([Message(person.pk, "declined", "event:1", "Subject", "Body") for person in persons], now=now)


def received(server) -> list[str]:
    return sorted(to[0] for _message_id, to in server.mails)


@pytest.mark.django_db
def test_all_go_over_one_connection(server, waiting, now):
    assert outbox.deliver_due(now=now) == 4
    assert received(server) == list(NAMES)
    assert server.connections == 1
    assert {key for key, _to in server.mails} == set(Delivery.objects.values_list("message_id", flat=True))


@pytest.mark.django_db
def test_who_is_refused_waits_and_the_others_go_on(server, waiting, now):
    server.refuses = frozenset({"b@example.org"})
    assert outbox.deliver_due(now=now) == 3
    assert received(server) == ["a", "c", "d"]
    refused = Delivery.objects.get(state="waiting")
    assert "no such person" in refused.last_error
    assert refused.next_attempt_at == now + timedelta(minutes=1)
    assert server.connections == 1


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["hangs_on", "drops"])
def test_a_server_that_falls_silent_or_breaks_off_at_one_mail_gets_the_others(server, waiting, now, fault):
    setattr(server, fault, frozenset({"b@example.org"}))
    assert outbox.deliver_due(now=now) == 3
    assert server.connections == 2
    setattr(server, fault, frozenset())
    assert outbox.deliver_due(now=now + timedelta(minutes=1)) == 1
    assert received(server) == list(NAMES)


@pytest.mark.django_db
def test_a_server_that_is_always_silent_is_left_alone_after_three_mails(server, waiting, now):
    server.hangs_on = frozenset({"@example.org"})
    began = time.monotonic()
    assert outbox.deliver_due(now=now) == 0
    assert time.monotonic() - began < 5
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 1, 1, 1]


@pytest.mark.django_db
def test_a_server_that_dawdles_holds_nobody_up_for_long(server, waiting, now, monkeypatch):
    server.delay = 0.1
    monkeypatch.setattr(outbox, "LONGEST", 0.4)
    first = outbox.deliver_due(now=now)
    assert 0 < first < 4
    assert set(Delivery.objects.filter(state="waiting").values_list("attempts", flat=True)) == {0}
    server.delay = 0
    monkeypatch.setattr(outbox, "LONGEST", 45)
    assert outbox.deliver_due(now=now) == 4 - first


@pytest.mark.django_db(transaction=True)
def test_while_one_process_waits_for_a_silent_server_the_others_do_not(server, waiting, now, settings):
    server.hangs_on = frozenset({"@example.org"})
    settings.EMAIL_TIMEOUT = 2

    def work():
        try:
            return sending.send_what_is_due(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other_process:
        stuck = other_process.submit(work)
        assert server.hangs.wait(20)
        began = time.monotonic()
        assert sending.send_what_is_due(now=now) == 0
        assert time.monotonic() - began < 1
        server.hangs_on = frozenset()
        server.let_go.set()
        assert stuck.result(timeout=20) == 3
    assert sending.send_what_is_due(now=now + timedelta(minutes=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_mail_once(server, now):
    server.delay = 0.002
    persons = [people.make_person() for _ in range(30)]
    outbox.notify([Message(person.pk, "declined", "event:1", "Subject", "Body") for person in persons], now=now)

    together = Barrier(2, timeout=20)

    def work(_number):
        together.wait()
        try:
            return outbox.deliver_due(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as senders:
        counts = list(senders.map(work, range(2)))
    assert sum(counts) + outbox.deliver_due(now=now) == 30
    assert sorted(key for key, _to in server.mails) == sorted(Delivery.objects.values_list("message_id", flat=True))
