"""One's list of notifications: read, unread, by group; nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ekip.shared import clock
from partners.models import Notification
from partners.services import outbox
from partners.services.outbox import Message

pytestmark = pytest.mark.django_db


def tell(person, *causes, now, kind="declined", **fields):
    fields = {"subject": "A reviewer declined", "body": "Reason: none", "path": "/desk/"} | fields
    outbox.notify([Message(person.pk, kind, cause, **fields) for cause in causes], now=now)
    return Notification.objects.filter(person=person).order_by("pk").last()


def test_the_list_shows_what_is_unread_and_all(sign_in, author, now):
    tell(author, "event:1", now=now, subject="Older")
    read = tell(author, "event:2", now=now, subject="Newer")
    Notification.objects.filter(pk=read.pk).update(read_at=now)
    client = sign_in(author)
    unread = client.get("/notifications/").content.decode()
    assert "Older" in unread
    assert "Newer" not in unread
    both = client.get("/notifications/?show=all").content.decode()
    assert both.index("Newer") < both.index("Older")
    assert '1<span class="visually-hidden"> unread' in both


def test_opening_marks_as_read_and_leads_there(sign_in, author, now):
    row = tell(author, "event:1", now=now)
    client = sign_in(author)
    assert client.get(f"/notifications/{row.pk}/open/").status_code == 405
    with clock.at(now):
        assert client.post(f"/notifications/{row.pk}/open/").url == "/desk/"
    row.refresh_from_db()
    assert row.read_at == now
    with clock.at(now + timedelta(days=1)):
        client.post(f"/notifications/{row.pk}/open/")
    row.refresh_from_db()
    assert row.read_at == now


def test_one_is_marked_as_read_and_as_unread_again(sign_in, author, now):
    row = tell(author, "event:1", now=now)
    client = sign_in(author)
    answer = client.post(f"/notifications/{row.pk}/mark/", {"show": "all", "group": "course", "page": "1"})
    assert answer.url == "/notifications/?show=all&group=course&page=1"
    row.refresh_from_db()
    assert row.read_at
    client.post(f"/notifications/{row.pk}/mark/", {"unread": "1"})
    row.refresh_from_db()
    assert row.read_at is None


def test_all_are_marked_as_read_but_not_what_came_since_and_it_is_undone(sign_in, author, now):
    seen = tell(author, "event:1", "event:2", now=now)
    came_since = tell(author, "event:3", now=now)
    client = sign_in(author)
    answer = client.post("/notifications/read/", {"newest": seen.pk}, follow=True)
    assert "Everything is marked as read." in answer.content.decode()
    came_since.refresh_from_db()
    assert came_since.read_at is None
    assert Notification.objects.filter(read_at=None).count() == 1
    stamp = answer.request["QUERY_STRING"].removeprefix("undo=")
    client.post(f"/notifications/read/{stamp}/undo/")
    assert Notification.objects.filter(read_at=None).count() == 3


@pytest.mark.parametrize("what", ["open", "mark"])
def test_somebody_elses_and_what_is_not_there_answer_alike(sign_in, author, outsider, now, what):
    row = tell(author, "event:1", now=now)
    client = sign_in(outsider)
    assert client.post(f"/notifications/{row.pk}/{what}/").status_code == 404
    assert client.post(f"/notifications/999999/{what}/").status_code == 404
    row.refresh_from_db()
    assert row.read_at is None
    assert "A reviewer declined" not in client.get("/notifications/?show=all").content.decode()


@pytest.mark.parametrize("newest", ["", "nonsense", "9" * 19, "9" * 5000])
def test_a_made_up_number_marks_nothing(sign_in, author, now, newest):
    row = tell(author, "event:1", now=now)
    assert sign_in(author).post("/notifications/read/", {"newest": newest}).status_code == 302
    row.refresh_from_db()
    assert row.read_at is None


def test_marking_all_touches_nobody_else(sign_in, author, outsider, now):
    row = tell(author, "event:1", now=now)
    sign_in(outsider).post("/notifications/read/", {"newest": row.pk + 10})
    row.refresh_from_db()
    assert row.read_at is None


def test_what_is_not_wanted_on_the_list_is_not_on_it(sign_in, author, now):
    row = tell(author, "event:1", now=now)
    Notification.objects.update(in_app=False)
    client = sign_in(author)
    assert "You have read everything" in client.get("/notifications/").content.decode()
    assert client.post(f"/notifications/{row.pk}/open/").status_code == 404


def test_one_group_is_looked_at_alone(sign_in, author, now):
    tell(author, "event:1", now=now, subject="About a round")
    tell(author, "event:2", now=now, kind="decided", subject="About a decision")
    page = sign_in(author).get("/notifications/?group=mine").content.decode()
    assert "About a decision" in page
    assert "About a round" not in page
    assert sign_in(author).get("/notifications/?group=nonsense&show=nonsense&page=77").status_code == 200
    assert "Nothing about this" in sign_in(author).get("/notifications/?group=account").content.decode()


@pytest.mark.parametrize("stamp", ["undo=nonsense", "undo=99999999999999999", "undo=" + "9" * 40])
def test_a_made_up_undo_offers_nothing(sign_in, author, stamp):
    assert "marked as read" not in sign_in(author).get(f"/notifications/?{stamp}").content.decode()
    assert sign_in(author).post(f"/notifications/read/{stamp.removeprefix('undo=')}/undo/").status_code == 302


def test_the_list_asks_as_much_of_one_row_as_of_fifty(sign_in, author, now):
    client = sign_in(author)
    tell(author, "event:0", now=now)
    client.get("/notifications/")

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get("/notifications/?show=all")
        return len(seen)

    one = queries()
    tell(author, *(f"event:{n}" for n in range(1, 50)), now=now)
    assert queries() == one


def test_without_an_account_one_is_asked_to_sign_in(client):
    assert client.get("/notifications/").url.startswith("/account/login/")
