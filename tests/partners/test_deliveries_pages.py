"""Mail that did not arrive, as administrators and coordinators of the platform see it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ekip.shared import clock
from partners.models import Delivery, RoleGrant
from partners.services import outbox
from partners.services.outbox import Message
from tests import people

pytestmark = pytest.mark.django_db
LIST, AGAIN, PROGRESS = "/deliveries/", "/deliveries/again/", "/deliveries/progress/"


def dead_mails(number, now, **fields):
    persons = [people.make_person(f"Reader {n}") for n in range(number)]
    outbox.notify([Message(person.pk, "invitation", "event:1", "Secret title", "Body") for person in persons], now=now)
    fields = {"state": "dead", "attempts": 8, "last_error": "550 no such person"} | fields
    Delivery.objects.filter(notification__person__in=persons).update(**fields)
    return Delivery.objects.order_by("pk")


def test_it_opens_for_administrators_and_coordinators_of_the_platform_only(sign_in, author, coordinator, decider):
    scoped = people.make_person()
    people.grant(scoped, RoleGrant.Role.COORDINATOR, "area:crafts")
    assert sign_in(coordinator).get(LIST).status_code == 200
    assert sign_in(people.make_administrator()).get(LIST).status_code == 200
    for person in (author, decider, scoped):
        assert sign_in(person).get(LIST).status_code == 404
        assert sign_in(person).post(AGAIN, {"all": "1"}).status_code == 404
        assert sign_in(person).get(PROGRESS).status_code == 404
        assert "Mail that did not arrive" not in sign_in(person).get("/desk/").content.decode()


def test_it_says_to_whom_and_why_but_not_what_the_mail_says(sign_in, coordinator, now):
    dead_mails(1, now)
    page = sign_in(coordinator).get(LIST).content.decode()
    for words in ("Reader 0", "An invitation to review", "550 no such person"):
        assert words in page
    assert "Secret title" not in page


def test_what_waits_long_is_a_list_of_its_own(sign_in, coordinator, now):
    dead_mails(1, now, state="waiting", attempts=0)
    client = sign_in(coordinator)
    with clock.at(now + timedelta(minutes=29)):
        assert "No mail waits unusually long" in client.get(f"{LIST}?show=late").content.decode()
    with clock.at(now + timedelta(minutes=30)):
        assert "Reader 0" in client.get(f"{LIST}?show=late").content.decode()
        assert "No mail was given up" in client.get(LIST).content.decode()


def test_the_chosen_ones_are_tried_again_after_a_question(sign_in, coordinator, now):
    first, second, third = dead_mails(3, now).values_list("pk", flat=True)
    client = sign_in(coordinator)
    question = client.post(AGAIN, {"delivery": [first, second]}).content.decode()
    assert "Try 2 mails again?" in question
    assert Delivery.objects.filter(state="dead").count() == 3
    with clock.at(now):
        client.post(AGAIN, {"delivery": [first, second], "confirmed": "1"})
    assert list(Delivery.objects.filter(state="dead").values_list("pk", flat=True)) == [third]
    assert "0 of 2" in client.get(PROGRESS).content.decode()
    outbox.deliver_due(now=now)
    page = client.get(PROGRESS, headers={"HX-Request": "true"}).content.decode()
    assert "2 of 2" in page
    assert "<html" not in page
    assert "data-hx-get" not in page


def test_all_of_a_list_are_tried_again_also_from_a_second_page(sign_in, coordinator, now):
    dead_mails(60, now)
    client = sign_in(coordinator)
    page = client.get(f"{LIST}?page=2").content.decode()
    assert "Try all 60 on this list again" in page
    assert "Try 60 mails again?" in client.post(AGAIN, {"all": "1"}).content.decode()
    client.post(AGAIN, {"all": "1", "confirmed": "1"})
    assert not Delivery.objects.filter(state="dead").exists()


def test_only_those_on_the_narrowed_list_are_all(sign_in, coordinator, now):
    dead_mails(12, now)
    assert "Try 3 mails again?" in sign_in(coordinator).post(AGAIN, {"all": "1", "to": "Reader 1"}).content.decode()


@pytest.mark.parametrize("chosen", ["nonsense", "9" * 5000])
def test_no_choice_is_said_and_nothing_happens(sign_in, coordinator, now, chosen):
    dead_mails(1, now)
    answer = sign_in(coordinator).post(AGAIN, {"delivery": [chosen], "confirmed": ""})
    assert answer.status_code == 422
    assert "You have chosen no mail" in answer.content.decode()


def test_the_list_asks_as_much_of_one_row_as_of_fifty(sign_in, coordinator, now):
    client = sign_in(coordinator)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get(LIST)
        return len(seen)

    dead_mails(1, now)
    client.get(LIST)
    one = queries()
    dead_mails(49, now)
    assert queries() == one
