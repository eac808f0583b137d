"""Choosing what one is sent, noting absences, and the way out of a mail."""

from datetime import date, time

import pytest
from django.core import mail

from ekip.shared import clock
from partners.models import Absence, Choice, Delivery, Rhythm
from partners.services import outbox
from partners.services.outbox import Message
from partners.unsubscribing import token_for
from tests import people

pytestmark = pytest.mark.django_db

CHOICES = "/profile/notifications/"
ABSENCES = "/profile/absences/"
HOURS = {"quiet_from": "21:00", "quiet_until": "06:30", "digest_at": "09:15", "holds_all_mail": "on"}


def answers(**fields) -> dict[str, str]:
    groups = ("waiting", "invitations", "reminders", "course", "outcomes", "account")
    return HOURS | {f"mail_{group}": "at-once" for group in groups} | fields


def test_choices_and_hours_are_kept(sign_in, author):
    client = sign_in(author)
    answer = client.post(CHOICES, answers(mail_course="digest", list_waiting="on"), follow=True)
    assert "Your choices are saved." in answer.content.decode()
    assert Choice.objects.get(person=author, group="course").mail == "digest"
    assert Choice.objects.get(person=author, group="waiting").in_app
    assert not Choice.objects.get(person=author, group="outcomes").in_app
    rhythm = Rhythm.objects.get(person=author)
    assert (rhythm.quiet_from, rhythm.quiet_until, rhythm.digest_at) == (time(21), time(6, 30), time(9, 15))
    assert (rhythm.holds_all_mail, rhythm.works_weekends) == (True, False)
    assert 'value="09:15"' in client.get(CHOICES).content.decode()


def test_there_is_nothing_to_choose_about_decisions_on_ones_own_text(sign_in, author):
    client = sign_in(author)
    page = client.get(CHOICES).content.decode()
    assert "mail_mine" not in page
    assert "At once and on your list, always" in page
    client.post(CHOICES, answers(mail_mine="off"))
    assert not Choice.objects.filter(group="mine").exists()


def test_a_rejected_form_keeps_what_was_chosen(sign_in, author):
    answer = sign_in(author).post(CHOICES, answers(mail_course="digest", quiet_from="25:00", digest_at="10:20"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<option value="digest" selected>' in page
    assert 'value="25:00"' in page
    assert 'value="10:20"' in page
    assert not Choice.objects.exists()


def test_what_waits_for_a_digest_follows_the_choice(sign_in, author, now):
    author.time_zone = "UTC"
    author.save()
    Choice.objects.create(person=author, group="course", mail="digest")
    Choice.objects.create(person=author, group="outcomes", mail="digest")
    outbox.notify(
        [Message(author.pk, kind, "event:1", "Subject", "Body") for kind in ("declined", "published-news")], now=now
    )
    with clock.at(now):
        sign_in(author).post(CHOICES, answers(mail_course="digest", mail_outcomes="off"))
    states = dict(Delivery.objects.values_list("notification__kind", "state"))
    assert states == {"declined": "waiting", "published-news": "dropped"}
    assert Delivery.objects.get(state="waiting").next_attempt_at == now.replace(minute=15)


def test_absences_are_noted_joined_and_taken_away(sign_in, author, outsider, now):
    client = sign_in(author)
    with clock.at(now):
        client.post(ABSENCES, {"first_day": "2027-03-10", "last_day": "2027-03-12"})
        joined = client.post(ABSENCES, {"first_day": "2027-03-13", "last_day": "2027-03-15"}, follow=True)
        assert "Joined with what it touches: 10 March 2027 to 15 March 2027." in joined.content.decode()
        client.post(ABSENCES, {"first_day": "2027-05-01", "last_day": "2027-05-01"})
        rows = list(Absence.objects.filter(person=author).values_list("first_day", "last_day"))
        assert rows == [(date(2027, 3, 10), date(2027, 3, 15)), (date(2027, 5, 1), date(2027, 5, 1))]
        first = Absence.objects.first()
        assert sign_in(outsider).post(f"{ABSENCES}{first.pk}/remove/").status_code == 404
        assert client.post(f"{ABSENCES}999/remove/").status_code == 404
        client.post(f"{ABSENCES}{first.pk}/remove/")
        assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2027-03-12", "2027-03-10", "The last day comes before the first."),
        ("2027-02-01", "2027-02-28", "This absence is over already."),
        ("2027-03-01", "2072-03-01", "Is the year right?"),
        ("yesterday", "2027-03-10", "Enter a valid date."),
        ("", "", "This field is required."),
    ],
)
def test_an_absence_that_cannot_be_is_refused_and_kept_on_the_form(sign_in, author, now, first, last, words):
    with clock.at(now):
        answer = sign_in(author).post(ABSENCES, {"first_day": first, "last_day": last})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not first or f'value="{first}"' in answer.content.decode()
    assert not Absence.objects.exists()


def test_past_absences_are_not_shown(sign_in, author, now):
    Absence.objects.create(person=author, first_day="2027-02-01", last_day="2027-02-28")
    with clock.at(now):
        assert "No absence is noted" in sign_in(author).get(ABSENCES).content.decode()


@pytest.mark.parametrize("address", [CHOICES, ABSENCES])
def test_without_an_account_one_is_asked_to_sign_in(client, address):
    assert client.get(address).url.startswith("/account/login/")


def test_only_the_button_of_the_page_stops_mail_and_it_is_undone_there(client, author):
    address = f"/unsubscribe/{token_for(author.pk, 'course')}/"
    assert "Send me no more mail of these" in client.get(address).content.decode()
    assert not Choice.objects.exists()
    assert 'name="resume" value="at-once"' in client.post(address).content.decode()
    assert Choice.objects.get().mail == "off"
    client.post(address, {"resume": "at-once"})
    assert Choice.objects.get().mail == "at-once"


def test_the_digest_is_stopped_as_a_whole(client, author):
    Choice.objects.create(person=author, group="course", mail="digest")
    Choice.objects.create(person=author, group="outcomes", mail="at-once")
    address = f"/unsubscribe/{token_for(author.pk, 'digest')}/"
    page = client.post(address).content.decode()
    assert 'name="resume"' not in page
    assert dict(Choice.objects.values_list("group", "mail")) == {"course": "off", "outcomes": "at-once"}


def test_made_up_addresses_open_nothing(client, author):
    own, other = token_for(author.pk, "course"), people.make_person().pk
    forged = own.replace(str(author.pk), str(other), 1)
    tokens = [forged, own[:-1], "nonsense", token_for(10**9, "course"), token_for(author.pk, "mine")]
    assert [client.post(f"/unsubscribe/{token}/").status_code for token in tokens] == [404] * 5
    assert client.post(f"/unsubscribe/{own}/", {"resume": "off"}).status_code == 404
    assert not Choice.objects.exists()
    assert not mail.outbox
