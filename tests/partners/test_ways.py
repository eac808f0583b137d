"""Each person is told in the way that they chose; what was decided about their own text always arrives."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from partners.digests import digest_instant
from partners.models import Absence, Choice, Delivery, Notification, Rhythm
from partners.rhythm import Hours
from partners.services import outbox
from partners.services.outbox import Message

HELSINKI = ZoneInfo("Europe/Helsinki")


def tell(person, kind, *, now, cause="event:1"):
    outbox.notify([Message(person.pk, kind, cause, "Subject", "Body", "/desk/", "run:1")], now=now)
    notification = Notification.objects.get(person=person, kind=kind, cause=cause)
    return notification, Delivery.objects.filter(notification=notification).first()


@pytest.fixture
def away_from_mail(author):
    """The author wants nothing at all, and is away, and it is night."""
    for group in ("mine", "waiting", "invitations", "reminders", "course", "outcomes", "account"):
        Choice.objects.create(person=author, group=group, mail="off", in_app=False)
    Rhythm.objects.create(person=author, quiet_from=time(0), quiet_until=time(23, 59), holds_all_mail=True)
    Absence.objects.create(person=author, first_day="2027-01-01", last_day="2027-12-31")
    return author


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["decided", "returned", "sent-back", "published", "lapsed"])
def test_a_decision_reaches_its_authors_when_the_rest_is_off(away_from_mail, now, kind):
    notification, delivery = tell(away_from_mail, kind, now=now)
    assert notification.in_app
    assert (delivery.channel, delivery.next_attempt_at) == ("mail", now)


@pytest.mark.django_db
def test_what_is_off_is_kept_and_neither_listed_nor_sent(away_from_mail, now):
    notification, delivery = tell(away_from_mail, "published-news", now=now)
    assert not notification.in_app
    assert delivery is None


@pytest.mark.django_db
def test_without_a_choice_mail_goes_at_once_and_all_is_listed(author, now):
    notification, delivery = tell(author, "declined", now=now)
    assert notification.in_app
    assert (delivery.channel, delivery.next_attempt_at) == ("mail", now)


@pytest.mark.django_db
def test_reminders_keep_to_quiet_hours_and_other_mail_does_not(author):
    author.time_zone = "Europe/Helsinki"
    author.save()
    night = datetime(2027, 3, 1, 22, 30, tzinfo=HELSINKI).astimezone(UTC)
    morning = datetime(2027, 3, 2, 7, tzinfo=HELSINKI)
    assert tell(author, "reminder", now=night)[1].next_attempt_at == morning
    assert tell(author, "invitation", now=night)[1].next_attempt_at == night
    Rhythm.objects.create(person=author, holds_all_mail=True)
    assert tell(author, "invitation", now=night, cause="event:2")[1].next_attempt_at == morning


@pytest.mark.django_db
def test_what_goes_into_the_digest_waits_for_its_hour(author, now):
    author.time_zone = "Europe/Helsinki"
    author.save()
    Choice.objects.create(person=author, group="course", mail="digest")
    delivery = tell(author, "declined", now=now)[1]  # Monday, 11:00 in Helsinki
    assert delivery.channel == "digest"
    assert delivery.next_attempt_at == datetime(2027, 3, 2, 8, tzinfo=HELSINKI)


@pytest.mark.django_db
def test_any_number_of_people_and_choices_costs_the_same(author, reviewer, coordinator, decider, now):
    everybody = [author, reviewer, coordinator, decider]
    for person in everybody:
        Choice.objects.create(person=person, group="course", mail="digest")
        Rhythm.objects.create(person=person, holds_all_mail=True)

    def queries(people, cause):
        kinds = ("declined", "reminder", "invitation", "decided")
        with CaptureQueriesContext(connection) as seen:
            outbox.notify(
                [Message(person.pk, kind, f"event:{cause}", "S", "B") for person in people for kind in kinds], now=now
            )
        return len(seen)

    assert queries([author], 1) == queries(everybody, 2) <= 10


instants = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
walls = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))
zones = st.sampled_from(["Europe/Helsinki", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]).map(ZoneInfo)


@given(after=instants, digest_at=walls, zone=zones, quiet_from=walls, quiet_until=walls, weekends=st.booleans())
def test_a_digest_leaves_when_its_reader_can_be_reached_and_soon(
    after, digest_at, zone, quiet_from, quiet_until, weekends
):
    hours = Hours(zone, quiet_from, quiet_until, weekends)
    at = digest_instant(hours, digest_at, after)
    assert at >= after
    assert hours.is_reachable(at)
    assert (at - after).days <= 4


@pytest.mark.parametrize("day", [(2027, 3, 28), (2027, 10, 31)])
def test_on_the_days_of_the_jump_a_digest_keeps_its_hour(day):
    hours = Hours(HELSINKI, works_weekends=True)
    after = datetime(*day, 0, 30, tzinfo=HELSINKI)
    assert digest_instant(hours, time(8), after) == datetime(*day, 8, tzinfo=HELSINKI)


def test_an_hour_that_the_jump_leaves_out_is_an_hour_later_and_one_that_comes_twice_is_the_first():
    hours = Hours(HELSINKI, quiet_from=time(0), quiet_until=time(0), works_weekends=True)
    spring = digest_instant(hours, time(3, 30), datetime(2027, 3, 28, 0, tzinfo=HELSINKI))
    assert spring.astimezone(HELSINKI).time() == time(4, 30)
    autumn = digest_instant(hours, time(3, 30), datetime(2027, 10, 31, 0, tzinfo=HELSINKI))
    assert autumn == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert digest_instant(hours, time(3, 30), autumn).date() == autumn.date()


def test_on_friday_evening_the_next_digest_is_that_of_monday_at_its_hour():
    friday = datetime(2027, 3, 5, 21, tzinfo=HELSINKI)
    assert digest_instant(Hours(HELSINKI), time(9), friday) == datetime(2027, 3, 8, 9, tzinfo=HELSINKI)
