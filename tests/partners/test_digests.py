"""One mail a day, of what was not read meanwhile; one after a standstill, and one under two workers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from partners import threads
from partners.models import Choice, Delivery, Notification
from partners.services import digests, outbox
from partners.services.outbox import Message
from tests import people

DAY = timedelta(days=1)


@pytest.fixture
def reader(author):
    """Wants to hear of the course of proposals once a day, at eight in UTC."""
    return wants_digest(author)


def wants_digest(person):
    person.time_zone = "UTC"
    person.save()
    Choice.objects.create(person=person, group="course", mail="digest")
    return person


def tell(person, cause, *, now, thread="run:1", subject="A reviewer declined"):
    message = Message(person.pk, "declined", cause, subject, "Reason: none given", "/rounds/1/", thread)
    outbox.notify([message], now=now)
    return Notification.objects.get(person=person, cause=cause)


def send(now) -> int:
    digests.gather_due(now=now)
    return outbox.deliver_due(now=now)


@pytest.mark.django_db
def test_the_digest_lists_what_happened_by_proposal(reader, now, monkeypatch):
    monkeypatch.setitem(threads._known, "run", lambda ids: {key: f"Proposal {key}" for key in ids})
    tell(reader, "event:1", now=now, subject="First")
    tell(reader, "event:2", now=now, thread="run:2", subject="Second")
    tell(reader, "event:3", now=now, subject="Third")
    tell(reader, "event:4", now=now, thread="", subject="Fourth")
    eight = now.replace(hour=8) + DAY
    assert send(eight - timedelta(seconds=1)) == 0
    assert send(eight) == 1
    (sent,) = mail.outbox
    assert sent.subject == "Your daily digest: 4 notifications"
    page = "  http://127.0.0.1:8000/rounds/1/\n"
    assert (
        f"Proposal 1\n- First\n{page}- Third\n{page}\nProposal 2\n- Second\n{page}\nOther\n- Fourth\n{page}"
        in sent.body
    )
    html = sent.alternatives[0][0]
    assert "<h2>Proposal 2</h2>" in html
    assert '<li><a href="http://127.0.0.1:8000/rounds/1/">Second</a></li>' in html
    carrier = Delivery.objects.get(channel="mail")
    assert set(Delivery.objects.filter(channel="digest").values_list("state", "carried_by", "sent_at")) == {
        ("sent", carrier.pk, eight)
    }
    assert not carrier.notification.in_app
    assert send(eight + timedelta(hours=3)) == 0


@pytest.mark.django_db
def test_what_was_read_meanwhile_is_left_out_and_nothing_is_no_mail(reader, now):
    tell(reader, "event:1", now=now)
    tell(reader, "event:2", now=now)
    Notification.objects.filter(cause="event:1").update(read_at=now)
    eight = now.replace(hour=8) + DAY
    assert send(eight) == 1
    assert Delivery.objects.get(notification__cause="event:1").state == "dropped"
    tell(reader, "event:3", now=eight)
    Notification.objects.update(read_at=eight)
    assert send(eight + DAY) == 0
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_after_three_days_of_downtime_there_is_one_digest_and_the_next_comes_tomorrow(reader, now):
    for day in range(3):
        tell(reader, f"event:{day}", now=now + day * DAY)
    back = now.replace(hour=7, minute=30) + 3 * DAY  # Thursday, before the hour
    assert send(back) == 1
    assert mail.outbox[0].subject == "Your daily digest: 3 notifications"
    tell(reader, "event:9", now=back)
    assert send(back.replace(hour=8, minute=0)) == 0
    assert send(back.replace(hour=8, minute=0) + DAY) == 1
    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_a_digest_keeps_to_quiet_hours_and_days_off(reader, now):
    tell(reader, "event:1", now=now)
    saturday = now + 5 * DAY  # the worker stood still all week
    assert send(saturday) == 0
    assert Delivery.objects.get().next_attempt_at == now.replace(hour=8) + 7 * DAY
    assert send(now.replace(hour=8) + 7 * DAY) == 1


@pytest.mark.django_db
def test_what_a_digest_carried_shares_its_fate_and_its_second_chance(reader, now, settings):
    tell(reader, "event:1", now=now)
    eight = now.replace(hour=8) + DAY
    digests.gather_due(now=eight)
    reader.is_active = False
    reader.save()
    assert outbox.deliver_due(now=eight) == 0
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dead"}
    reader.is_active = True
    reader.save()
    assert outbox.revive(Delivery.objects.filter(channel="mail").values_list("pk", flat=True), now=eight) == 1
    assert outbox.deliver_due(now=eight) == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.django_db
def test_a_long_digest_ends_with_how_much_more_there_is(reader, now):
    outbox.notify([Message(reader.pk, "declined", f"event:{n}", f"Number {n}", "") for n in range(70)], now=now)
    assert send(now.replace(hour=8) + DAY) == 1
    assert "And 10 more, on your list of notifications." in mail.outbox[0].body


@pytest.mark.django_db
def test_any_number_of_readers_costs_the_same(now, django_assert_max_num_queries):
    for number in range(20):
        tell(wants_digest(people.make_person(f"Reader {number}")), f"event:{number}", now=now)
    with django_assert_max_num_queries(32):
        assert digests.gather_due(now=now.replace(hour=8) + DAY) == 20


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_digest_once(now):
    readers = [wants_digest(people.make_person(f"Reader {number}")) for number in range(12)]
    for person in readers:
        for number in range(3):
            tell(person, f"event:{number}", now=now)
    eight = now.replace(hour=8) + DAY

    def work(_number):
        try:
            return send(eight)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(work, range(4)))
    send(eight)
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(person.email for person in readers)
    assert not Delivery.objects.exclude(state="sent").exists()
