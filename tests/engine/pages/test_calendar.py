"""One's own deadlines in one's own calendar: what stands in it, and who may read it."""

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from ekip.shared import clock
from ekip.shared.logs import Discreet
from engine.models import Assignment
from engine.services import deadlines, pauses, rounds
from partners.calendar_tokens import token_of
from partners.models import RoleGrant, User
from partners.services.calendars import make_address, revoke_address
from partners.services.erasure import erase_account

pytestmark = pytest.mark.django_db

WILD = "Squares, stages;\nand “rooms” 🎭 — " + "a very long title " * 6


def address_of(story, person) -> str:
    return f"/calendar/{token_of(make_address(person=person, now=story.now))}.ics"


def read(story, address, **headers):
    with clock.at(story.now):
        return Client().get(address, headers=headers)


def events(story, address) -> dict[str, dict]:
    """Summary by summary, what a calendar program reads."""
    answer = read(story, address)
    assert answer.status_code == 200
    return {str(each["summary"]): each for each in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_what_waits_for_a_reviewer_stands_in_it_with_its_instant_and_page(story, reviewer):
    story.title = WILD.replace("\n", " ")
    story.in_review()
    address = address_of(story, reviewer)
    assignment = Assignment.objects.get(reviewer=reviewer)
    [event] = events(story, address).values()
    assert str(event["summary"]).startswith("Accept or decline to review “Squares, stages; and “rooms” 🎭")
    assert event.decoded("dtstart") == (assignment.round.answer_by or assignment.round.closes_at)
    rounds.accept(assignment_id=assignment.pk, person=reviewer, now=story.now)
    [accepted] = events(story, address).values()
    assert accepted["uid"] == event["uid"]
    assert accepted["sequence"] > event["sequence"]
    assert accepted.decoded("dtstart") == assignment.round.closes_at
    assert str(accepted["url"]).endswith(f"/assignments/{assignment.pk}/review/")
    assert not accepted.walk("VALARM")
    raw = read(story, address).content
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"X-WR-CALNAME" in raw and b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in raw
    assert b"X-PUBLISHED-TTL:PT1H" in raw


def test_an_extension_moves_the_event_and_a_pause_takes_it_out(story, reviewer):
    story.in_review()
    assignment = Assignment.objects.get(reviewer=reviewer)
    rounds.accept(assignment_id=assignment.pk, person=reviewer, now=story.now)
    address = address_of(story, reviewer)
    [before] = events(story, address).values()
    story.now += timedelta(days=1)
    until = assignment.round.closes_at + timedelta(days=7)
    common = {"person": story.coordinator, "reason": "More time.", "now": story.now}
    deadlines.extend_round(round_id=assignment.round_id, closes_at=until, **common)
    [after] = events(story, address).values()
    assert (after["uid"], after.decoded("dtstart")) == (before["uid"], until)
    assert after["sequence"] > before["sequence"]
    assert after.decoded("last-modified") > before.decoded("last-modified")
    pauses.pause_runs(run_ids=[story.run.pk], **common)
    assert events(story, address) == {}
    story.now += timedelta(days=3)
    pauses.resume_runs(run_ids=[story.run.pk], person=story.coordinator, now=story.now)
    [later] = events(story, address).values()
    assert (later["uid"], later.decoded("dtstart")) == (before["uid"], until + timedelta(days=3))
    assert later["sequence"] > after["sequence"]


def test_what_was_handed_in_or_barred_is_gone(story, reviewer, second_reviewer):
    story.in_review()
    first, second = address_of(story, reviewer), address_of(story, second_reviewer)
    assert len(events(story, first)) == len(events(story, second)) == 1
    story.review(reviewer, "A remark.")
    rounds.remove_reviewer(
        assignment_id=Assignment.objects.get(reviewer=second_reviewer).pk,
        person=story.coordinator,
        reason="Joined the authors.",
        now=story.now,
    )
    assert events(story, first) == events(story, second) == {}


def test_who_does_not_coordinate_any_more_has_nothing_in_it(story):
    story.start().write().submit()
    address = address_of(story, story.coordinator)
    assert len(events(story, address)) >= 1
    RoleGrant.objects.filter(person=story.coordinator).update(ended_at=story.now)
    assert events(story, address) == {}


def test_an_address_that_is_wrong_replaced_or_revoked_or_of_a_closed_account_is_nothing(story, reviewer, author):
    story.in_review()
    good = address_of(story, reviewer)
    token = good.removeprefix("/calendar/").removesuffix(".ics")
    theirs = address_of(story, author).removeprefix("/calendar/").removesuffix(".ics")
    signature = token.rpartition(".")[2]
    guesses = [
        "x",
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.swapcase(),
        f"{theirs.rpartition('.')[0]}.{signature}",
        f"{reviewer.pk}-{'a' * 43}.{signature}",
        f"{reviewer.pk}-",
        "%00",
        "é",
        "a" * 5000,
    ]
    nothing = read(story, "/calendar/wrong.ics")
    assert nothing.status_code == 404
    replaced = good
    fresh = address_of(story, reviewer)
    answers = [read(story, f"/calendar/{guess}.ics") for guess in guesses] + [read(story, replaced)]
    assert read(story, fresh).status_code == 200
    revoke_address(person=reviewer)
    answers.append(read(story, fresh))
    closed = address_of(story, reviewer)
    User.objects.filter(pk=reviewer.pk).update(is_active=False)
    answers.append(read(story, closed))
    erase_account(author, now=story.now)
    answers.append(read(story, f"/calendar/{theirs}.ics"))
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.headers["Content-Type"] for answer in answers} == {nothing.headers["Content-Type"]}
    assert {len(_body(answer)) for answer in answers} == {len(_body(nothing))}


def _body(answer) -> bytes:
    """The page without what is new in every answer."""
    return answer.content.split(b"<main")[1].split(b"</main>")[0]


def test_an_unchanged_calendar_is_not_sent_twice_and_no_cache_shares_it(story, reviewer):
    story.in_review()
    address = address_of(story, reviewer)
    first = read(story, address)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["Cache-Control"].startswith("private")
    story.now += timedelta(minutes=5)
    again = read(story, address, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_its_address_is_made_shown_replaced_and_removed_on_its_page(story, visit, reviewer):
    story.in_review()
    giulia = visit(reviewer)
    page = giulia.get("calendar")
    assert "Make an address" in page.content.decode() and ".ics" not in page.content.decode()
    assert "Accept or decline to review" in page.content.decode()
    giulia.post("calendar")
    giulia.post("calendar")  # sent twice
    first = giulia.get("calendar").context["address"]
    assert read(story, first.removeprefix("http://127.0.0.1:8000")).status_code == 200
    giulia.post("calendar", again="1")
    second = giulia.get("calendar").context["address"]
    assert first != second
    assert giulia.get("calendar").headers["Cache-Control"] == "private, no-store"
    assert giulia.get("calendar_revoke").status_code == 200
    giulia.post("calendar_revoke")
    assert giulia.get("calendar").context["address"] == ""
    assert visit(None).get("calendar").status_code == 302


def test_the_secret_stands_in_no_log_line(story, reviewer, caplog):
    story.in_review()
    address = address_of(story, reviewer)
    caplog.handler.addFilter(Discreet())
    with caplog.at_level(logging.DEBUG):
        assert read(story, address).status_code == 200
        revoke_address(person=reviewer)
        assert read(story, address).status_code == 404
    token = address.removeprefix("/calendar/").removesuffix(".ics")
    assert token not in "\n".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )


def test_many_deadlines_cost_as_many_queries_as_one(story, reviewer, second_reviewer):
    story.in_review()
    address = address_of(story, reviewer)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(story, address)
        return len(queries)

    one = cost()
    for number in range(4):
        other = type(story)(
            story.author, story.organisation, story.coordinator, story.reviewers, story.now, title=f"Story {number}"
        )
        other.in_review()
    assert Assignment.objects.filter(reviewer=reviewer).count() == 5
    assert cost() == one
