"""The ledger on the page of a round, and reminding by hand."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ekip.shared import clock
from engine.models import Reminder
from partners.models import Absence, Notification
from tests.engine.services.test_reminders import WEEK, away, in_round
from tests.people import join, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(story):
    """`page(person, path)` is the answer to a request at the story's present instant; with `data`, to a form."""

    def ask(person, path, data=None):
        client = sign_in(person)
        with clock.at(story.now):
            return client.get(path) if data is None else client.post(path, data, follow=True)

    return ask


def test_a_coordinator_sees_what_was_sent_what_waits_and_what_was_dropped_and_why(story, page, reviewer):
    round = in_round(story, {**WEEK, "before": "P7DT15H"})
    away(reviewer, "2027-03-02", "2027-04-30")
    story.pass_time(days=6, hours=9)
    text = page(story.coordinator, f"/rounds/{round.pk}/").content.decode()
    assert "3 reminders" in text  # and that a reviewer is away
    assert "Waits until" in text and "8 March 2027, 07:00" in text
    assert "they cannot be reached before the deadline" in text


def test_reviewers_and_authors_see_no_ledger(story, page, reviewer):
    round = in_round(story)
    story.pass_time(days=7)
    for person in (story.author, reviewer):
        assert "reminders" not in page(person, f"/rounds/{round.pk}/").content.decode()


def test_reminding_says_first_whom_it_reaches_and_when(story, page, reviewer, second_reviewer):
    round = in_round(story)
    away(second_reviewer, "2027-03-01", "2027-03-02")
    text = page(story.coordinator, f"/rounds/{round.pk}/remind/").content.decode()
    assert f"{reviewer.name} is reminded now." in text
    assert f"{second_reviewer.name} is reminded on 3 March 2027, 07:00" in text
    assert not Reminder.objects.exists()
    answer = page(story.coordinator, f"/rounds/{round.pk}/remind/", {})
    assert "2 people are reminded." in answer.content.decode()
    assert Notification.objects.filter(kind="reminder", person=reviewer).count() == 1
    assert Absence.objects.count() == 1


def test_where_nobody_is_waited_for_there_is_no_button(story, page):
    round = in_round(story)
    story.pass_time(days=14)
    answer = page(story.coordinator, f"/rounds/{round.pk}/remind/")
    assert "The round has closed." in answer.content.decode()
    assert b'type="submit">Remind' not in answer.content
    answer = page(story.coordinator, f"/rounds/{round.pk}/remind/", {})
    assert "The round has closed." in answer.content.decode()


def test_not_yours_and_not_there_answer_alike(story, page, outsider, reviewer):
    round = in_round(story)
    for person in (outsider, story.author, reviewer):
        for data in (None, {}):
            answers = [page(person, f"/rounds/{pk}/remind/", data) for pk in (round.pk, 10**9)]
            assert [answer.status_code for answer in answers] == [404, 404]
    assert not Reminder.objects.exists()


def test_a_conflict_of_interest_reminds_nobody(story, page):
    round = in_round(story)
    join(story.coordinator, story.organisation)
    answer = page(story.coordinator, f"/rounds/{round.pk}/remind/", {})
    assert not Reminder.objects.exists()
    assert answer.status_code in (200, 403)


def test_one_line_and_fifty_cost_the_same(story, page, reviewer):
    round = in_round(story)
    counts = []
    for lines in (1, 50):
        Reminder.objects.bulk_create(
            Reminder(
                run=story.run,
                rule=f"round:reading:{number}",
                about=f"round:{round.pk}",
                recipient=reviewer,
                due_at=story.now,
                send_at=story.now,
            )
            for number in range(Reminder.objects.count(), lines)
        )
        with CaptureQueriesContext(connection) as queries:
            page(story.coordinator, f"/rounds/{round.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
