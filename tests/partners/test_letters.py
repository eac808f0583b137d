"""The bytes of a mail: two parts with the same words, one thread per run, a way out, and nothing from elsewhere."""

import re
from email import message_from_bytes, policy

import pytest
from django.conf import settings as site

from partners.models import Choice, Delivery
from partners.services import letters, outbox
from partners.services.outbox import Message

pytestmark = pytest.mark.django_db


def mail_of(person, kind="declined", *, now, cause="event:1", **fields):
    """The mail as its reader's program reads it."""
    fields = {
        "subject": "A reviewer declined",
        "body": "One.\n\nTwo.",
        "path": "/rounds/1/",
        "thread": "run:1",
    } | fields
    outbox.notify([Message(person.pk, kind, cause, **fields)], now=now)
    return message_from_bytes(as_sent(person, kind, cause), policy=policy.default)


def as_sent(person, kind, cause) -> bytes:
    delivery = Delivery.objects.select_related("notification__person").get(
        notification__person=person, notification__kind=kind, notification__cause=cause
    )
    return letters.of_delivery(delivery).message().as_bytes()


def test_both_parts_have_the_same_words(author, now):
    read = mail_of(author, now=now)
    assert read.get_content_type() == "multipart/alternative"
    plain, html = (read.get_body([kind]).get_content() for kind in ("plain", "html"))
    text = re.sub(r"<[^>]+>", "", html.partition("<body>")[2])
    for words in ("Hello Hanna Author,", "One.", "Two.", "Choose what you are sent", "Nobody reads answers"):
        assert words in plain
        assert words in text
    assert html.count(f'href="{site.BASE_URL}/rounds/1/"') == 1


def test_the_bytes_are_the_same_whenever_they_are_made(author, now):
    mail_of(author, now=now)
    assert as_sent(author, "declined", "event:1") == as_sent(author, "declined", "event:1")
    boundary = message_from_bytes(as_sent(author, "declined", "event:1")).get_boundary()
    mail_of(author, now=now, cause="event:2")
    assert message_from_bytes(as_sent(author, "declined", "event:2")).get_boundary() != boundary


def test_nothing_is_fetched_and_what_people_wrote_stays_words(author, now):
    html = mail_of(author, now=now, subject="<img src=//evil.example>", body="<script>alert(1)</script>").get_body(
        ["html"]
    )
    text = html.get_content()
    assert not re.search(r"<(img|script|link|iframe)\b|url\(|@import", text)
    assert "&lt;script&gt;" in text
    assert set(re.findall(r'(?:href|src)="(https?://[^/"]+)', text)) == {site.BASE_URL}


def test_mails_about_one_run_are_one_thread_for_each_person(author, reviewer, now):
    first = mail_of(author, now=now)
    second = mail_of(author, "invitation", now=now, cause="event:2")
    other_run = mail_of(author, now=now, cause="event:3", thread="run:2")
    other_person = mail_of(reviewer, now=now)
    assert first["In-Reply-To"] == first["References"] == second["References"]
    assert len({first["Message-ID"], second["Message-ID"], first["References"]}) == 3
    assert len({first["References"], other_run["References"], other_person["References"]}) == 3
    assert mail_of(author, "role-granted", now=now, thread="")["References"] is None


def test_one_press_in_the_mail_program_stops_the_group(author, now, client):
    read = mail_of(author, now=now)
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = read["List-Unsubscribe"].strip().strip("<>")
    assert address in read.get_body(["plain"]).get_content()
    path = address.removeprefix(site.BASE_URL)
    assert client.get(path).status_code == 200
    assert not Choice.objects.exists()
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    choice = Choice.objects.get()
    assert (choice.person, choice.group, choice.mail, choice.in_app) == (author, "course", "off", True)


def test_a_decision_on_ones_own_text_has_no_way_out_and_says_why(author, now):
    read = mail_of(author, "decided", now=now)
    assert read["List-Unsubscribe"] is None
    assert "about what became of your own text" in read.get_body(["plain"]).get_content()


def test_a_machine_sent_it_at_the_instant_at_which_it_was_written(author, now):
    read = mail_of(author, now=now)
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Date"].datetime == now


@pytest.mark.parametrize("evil", ["Hello\r\nBcc: all@example.org", "Hello\x0bBcc: x", "Hello\u2028Bcc: x"])
def test_no_header_is_smuggled_in(author, now, evil):
    author.name = evil
    author.save()
    read = mail_of(author, now=now, subject=evil)
    assert read["Bcc"] is None
    assert len(read["Subject"].splitlines()) == 1
    assert read["To"] == author.email


def test_an_address_on_two_lines_is_given_up_at_once(author, now):
    type(author).objects.filter(pk=author.pk).update(email="a@example.org\nbcc: b@example.org")
    outbox.notify([Message(author.pk, "declined", "event:1", "Subject", "Body")], now=now)
    assert outbox.deliver_due(now=now) == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("dead", 1)


def test_letters_of_all_alphabets_come_back_as_they_were(author, now):
    read = mail_of(author, now=now, subject="“Ремёсла” 工芸 ağ", body="Žluťoučký kůň\n\nελληνικά")
    assert read["Subject"] == "“Ремёсла” 工芸 ağ"
    assert "ελληνικά" in read.get_body(["html"]).get_content()
    assert "Žluťoučký kůň" in read.get_body(["plain"]).get_content()
