from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from partners.models import Delivery, Notification
from partners.services import letters, outbox
from partners.services.outbox import Message
from partners.unsubscribing import token_for
from tests import people

pytestmark = pytest.mark.django_db


class Post(EmailBackend):
    """A mail server that misbehaves for some recipients."""

    refuses: frozenset[str] = frozenset()
    hangs_on: frozenset[str] = frozenset()
    unreachable = False
    opened = 0

    def open(self):
        Post.opened += 1
        if Post.unreachable:
            raise ConnectionRefusedError("nobody there")

    def send_messages(self, messages):
        for message in messages:
            if message.to[0] in Post.refuses:
                raise SMTPRecipientsRefused({message.to[0]: (550, b"no such person")})
            if message.to[0] in Post.hangs_on:
                raise TimeoutError("timed out")
        return super().send_messages(messages)


@pytest.fixture
def post(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Post"
    Post.refuses = Post.hangs_on = frozenset()
    Post.unreachable = False
    Post.opened = 0
    return Post


def message(person, cause="event:1", kind="role-granted", **fields) -> Message:
    fields = {"subject": "The round has closed", "body": "Two reviews came in.", "path": "/proposals/7/"} | fields
    return Message(person.pk, kind, cause, **fields)


def test_a_message_becomes_a_notification_and_a_mail(author, now, settings):
    settings.OPERATOR = {"name": "Example Office", "address": "", "email": "office@example.org"}
    outbox.notify([message(author)], now=now)
    assert outbox.deliver_due(now=now) == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([author.email], "The round has closed")
    assert sent.body == (
        "Hello Hanna Author,\n\nTwo reviews came in.\n\nhttp://127.0.0.1:8000/proposals/7/\n\n"
        "-- \nekip Engine, http://127.0.0.1:8000\nRun by Example Office, office@example.org\n"
        "You get this mail as one of: Changes to my memberships and roles.\n"
        f"Get no more mail of these: http://127.0.0.1:8000/unsubscribe/{token_for(author.pk, 'account')}/\n"
        "Choose what you are sent: http://127.0.0.1:8000/profile/notifications/\n"
        "Nobody reads answers to this address.\n"
    )
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.sent_at) == ("sent", 1, now)


def test_nothing_is_sent_before_it_is_due_or_twice(author, now):
    outbox.notify([message(author)], now=now)
    assert outbox.deliver_due(now=now - timedelta(seconds=1)) == 0
    assert outbox.deliver_due(now=now) == 1
    assert outbox.deliver_due(now=now + timedelta(days=9)) == 0


causes = st.lists(st.sampled_from(["event:1", "event:2", "event:3"]), max_size=5)


@hypothesis_settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(causes, max_size=4))
def test_a_repeated_cause_says_nothing_twice(author, reviewer, now, calls):
    Notification.objects.all().delete()
    for call in calls:
        outbox.notify([message(person, cause) for cause in call for person in (author, reviewer)], now=now)
    told = sorted(Delivery.objects.values_list("notification__person_id", "notification__cause"))
    assert told == sorted((p.pk, cause) for p in (author, reviewer) for cause in {c for call in calls for c in call})


def test_other_peoples_causes_get_no_second_delivery(author, reviewer, now):
    outbox.notify([message(author, "event:1"), message(reviewer, "event:2")], now=now)
    Delivery.objects.filter(notification__person=reviewer).delete()
    outbox.notify([message(author, "event:2"), message(reviewer, "event:3")], now=now)
    assert Delivery.objects.filter(notification__cause="event:2").count() == 1


def test_any_number_of_messages_costs_the_same(author, now, django_assert_num_queries):
    with CaptureQueriesContext(connection) as one:
        outbox.notify([message(author, "event:0")], now=now)
    with django_assert_num_queries(len(one)):
        outbox.notify([message(author, f"event:{n}") for n in range(1, 300)], now=now)


def test_a_crash_between_send_and_mark_repeats_the_same_mail(author, now, monkeypatch):
    outbox.notify([message(author)], now=now)

    def crash(delivery, **outcome):
        raise SystemExit("killed")

    with monkeypatch.context() as killed, pytest.raises(SystemExit):
        killed.setattr(outbox, "_record", crash)
        outbox.deliver_due(now=now)
    assert Delivery.objects.get().attempts == 0
    assert outbox.deliver_due(now=now) == 1
    first, second = mail.outbox
    assert first.message().as_bytes() == second.message().as_bytes()
    assert first.message()["Message-ID"] == Delivery.objects.get().message_id


def test_a_refused_recipient_does_not_hold_up_the_others(author, reviewer, official, now, post):
    post.refuses = frozenset({author.email})
    outbox.notify([message(person) for person in (author, reviewer, official)], now=now)
    assert outbox.deliver_due(now=now) == 2
    refused = Delivery.objects.get(state="waiting")
    assert refused.next_attempt_at == now + timedelta(minutes=1)
    assert "no such person" in refused.last_error
    assert post.opened == 1


def test_a_server_that_hangs_on_one_recipient_does_not_hold_up_the_others(author, reviewer, now, post):
    post.hangs_on = frozenset({author.email})
    outbox.notify([message(person) for person in (author, reviewer)], now=now)
    assert outbox.deliver_due(now=now) == 1
    assert post.opened == 2
    assert Delivery.objects.get(state="waiting").attempts == 1


def test_a_server_that_hangs_on_everybody_is_left_alone_until_the_next_call(now, post):
    persons = [people.make_person() for _ in range(5)]
    post.hangs_on = frozenset(person.email for person in persons)
    outbox.notify([message(person) for person in persons], now=now)
    assert outbox.deliver_due(now=now) == 0
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 1, 1, 1]


def test_an_unreachable_server_costs_no_attempt(author, now, post):
    post.unreachable = True
    outbox.notify([message(author)], now=now)
    assert outbox.deliver_due(now=now) == 0
    assert Delivery.objects.get().attempts == 0
    post.unreachable = False
    assert outbox.deliver_due(now=now) == 1


def test_a_delivery_is_given_up_after_eight_attempts(author, now, post):
    post.refuses = frozenset({author.email})
    outbox.notify([message(author)], now=now)
    waits = []
    while (delivery := Delivery.objects.get()).state == "waiting":
        outbox.deliver_due(now=delivery.next_attempt_at)
        waits.append(outbox.backoff(len(waits) + 1) // timedelta(minutes=1))
    assert (delivery.state, delivery.attempts) == ("dead", 8)
    assert waits == [1, 5, 15, 60, 240, 720, 1440, 1440]


def test_nothing_is_sent_to_a_closed_account(author, now):
    outbox.notify([message(author)], now=now)
    author.is_active = False
    author.save()
    assert outbox.deliver_due(now=now) == 0
    assert Delivery.objects.get().state == "dead"


def test_a_subject_cannot_bring_headers_along(author, now):
    outbox.notify([message(author, subject="Hello\r\nBcc: everybody@example.org\x00")], now=now)
    outbox.deliver_due(now=now)
    sent = mail.outbox[0].message()
    assert sent["Subject"] == "Hello Bcc: everybody@example.org"
    assert sent["Bcc"] is None


def test_a_name_stays_on_the_line_of_the_greeting(author):
    text = letters.letter(name="Eve\nhttps://evil.example", body="Hello", path="")
    assert text.startswith("Hello Eve https://evil.example,\n\n")


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "proposals/7/"])
def test_a_message_leads_to_this_site_only(author, path):
    with pytest.raises(ValueError, match="address on this site"):
        message(author, path=path)


def test_the_message_id_is_told_by_what_identifies_a_delivery():
    assert outbox.message_id(1, "a", "b", "mail") == outbox.message_id(1, "a", "b", "mail")
    assert outbox.message_id(1, "a", "b", "mail") != outbox.message_id(2, "a", "b", "mail")


@pytest.mark.django_db(transaction=True)
def test_what_another_worker_holds_is_passed_over(now):
    first, second = (people.make_person(email=f"{name}@example.org") for name in ("a", "b"))
    outbox.notify([message(first), message(second)], now=now)
    with transaction.atomic():
        held = Delivery.objects.select_for_update().get(notification__person=first)
        with ThreadPoolExecutor(1) as other_worker:
            assert other_worker.submit(deliver_and_hang_up, now).result(timeout=60) == 1
    assert [sent.to for sent in mail.outbox] == [[second.email]]
    assert held.notification.person == first


@pytest.mark.django_db(transaction=True)
def test_trying_again_does_not_wait_for_what_is_being_sent(now):
    first, second = (people.make_person(email=f"{name}@example.org") for name in ("a", "b"))
    outbox.notify([message(first), message(second)], now=now)
    Delivery.objects.update(attempts=1, next_attempt_at=now + timedelta(hours=1))
    with transaction.atomic():
        held = Delivery.objects.select_for_update().get(notification__person=first)
        with ThreadPoolExecutor(1) as page:
            assert page.submit(try_again_and_hang_up, now).result(timeout=60) == 1
    assert Delivery.objects.get(pk=held.pk).next_attempt_at == now + timedelta(hours=1)
    assert Delivery.objects.exclude(pk=held.pk).get().next_attempt_at == now


def try_again_and_hang_up(now) -> int:
    try:
        return outbox.try_again(Delivery.objects.values_list("pk", flat=True), now=now)
    finally:
        connection.close()


def deliver_and_hang_up(now) -> int:
    try:
        return outbox.deliver_due(now=now)
    finally:
        connection.close()
