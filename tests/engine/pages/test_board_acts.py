"""Doing something to many proposals at once: the preview says exactly what will happen, and that happens or nothing."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ekip.shared.errors import Invalid
from engine.models import Assignment, Reminder, Round
from engine.services import bulk, deadlines, pauses
from engine.services.bulk_acts import Remind
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(story):
    """Two proposals in review; the second has no city test open."""
    story.in_review()
    story.open_city_test()
    other = replace(story, title="Second")
    other.in_review()
    return [story.run, other.run]


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def fields_of(page, runs):
    stamps = re.findall(r'name="(stamp-\d+)" value="(\w+)"', page.content.decode())
    return {"run": [run.pk for run in runs], "confirm": "1", **dict(stamps)}


def ids(runs):
    return [run.pk for run in runs]


EXTEND = {"what": "review", "days": "7", "reason": "The summer was short."}


def test_the_preview_says_old_and_new_dates_and_nothing_has_happened(visit, coordinator, two):
    person = visit(coordinator)
    assert person.get("board_extend", run=ids(two)).status_code == 200
    page = person.post("board_extend", run=ids(two), **EXTEND)
    text = text_of(page)
    assert text.count("Community review: from 15 March 2027, 10:00 (Brussels) to 22 March 2027, 10:00 (Brussels)") == 2
    assert {each.closes_at for each in Round.objects.filter(kind="review")} == {person.story.now + timedelta(days=14)}


def test_what_was_previewed_happens_to_all_and_is_told_row_by_row(visit, coordinator, two):
    person = visit(coordinator)
    page = person.post("board_extend", run=ids(two), **EXTEND)
    answer = person.post("board_extend", **EXTEND, **fields_of(page, two))
    assert (answer.status_code, answer["Location"]) == (302, "/board/done/")
    assert {each.closes_at for each in Round.objects.filter(kind="review")} == {person.story.now + timedelta(days=21)}
    assert "Done for 2 proposals." in text_of(person.get("board_done"))
    again = person.post("board_extend", **EXTEND, **fields_of(page, two))
    assert again.status_code == 302
    assert text_of(person.get("board_done")).count("Left as it is: changed since the preview") == 2
    assert {each.closes_at for each in Round.objects.filter(kind="review")} == {person.story.now + timedelta(days=21)}


def test_a_row_that_changed_since_the_preview_is_left_as_it_is(visit, coordinator, two):
    person = visit(coordinator)
    page = person.post("board_extend", run=ids(two), **EXTEND)
    [first, second] = Round.objects.filter(kind="review").order_by("pk")
    later = first.closes_at + timedelta(days=1)
    deadlines.extend_round(
        round_id=first.pk, person=coordinator, closes_at=later, reason="Asked.", now=person.story.now
    )
    person.post("board_extend", **EXTEND, **fields_of(page, two))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.closes_at, second.closes_at) == (later, person.story.now + timedelta(days=21))
    text = text_of(person.get("board_done"))
    assert "Done for 1 proposal." in text
    assert "from 16 March 2027, 10:00 (Brussels) to 23 March 2027, 10:00 (Brussels)" in text


def test_stages_without_a_round_get_more_time_too(story, visit, coordinator):
    story.in_revision()
    person = visit(coordinator)
    due = story.visit.timers.get(key="revision-overdue").due_at
    asked = {"what": "all", "days": "7", "reason": "Holidays."}
    page = person.post("board_extend", run=[story.run.pk], **asked)
    assert "Revision: from" in text_of(page)
    person.post("board_extend", **asked, **fields_of(page, [story.run]))
    assert story.visit.timers.get(key="revision-overdue").due_at == due + timedelta(days=7)


def test_rows_that_cannot_be_done_say_why_and_the_rest_is_done(visit, coordinator, two, story):
    fresh = replace(story, title="A draft").start()
    pauses.pause_runs(run_ids=[two[0].pk], person=coordinator, reason="Elections.", now=story.now)
    person = visit(coordinator)
    runs = [*two, fresh.run]
    page = person.post("board_extend", run=ids(runs), **EXTEND)
    text = text_of(page)
    assert "Not possible: This proposal is paused. Resume it first." in text
    assert "Not possible: It has no such deadline now." in text
    person.post("board_extend", **EXTEND, **fields_of(page, runs))
    told = text_of(person.get("board_done"))
    assert "Done for 1 proposal." in told
    assert told.count("Nothing done") == 2


def test_into_the_past_or_with_both_or_no_lengths_is_refused_and_kept(visit, coordinator, two):
    person = visit(coordinator)
    asked = {"what": "review", "reason": "A typed reason."}
    for wrong in ({}, {"days": "7", "until_on": "2027-04-01"}, {"days": "0"}, {"until_on": "yesterday"}):
        page = person.post("board_extend", run=ids(two), **asked, **wrong)
        assert page.status_code == 422
        assert "A typed reason." in page.content.decode()
    past = person.post("board_extend", run=ids(two), **asked, until_on="2027-02-01")
    assert text_of(past).count("The new deadline has to lie in the future.") == 2
    assert "Extend these deadlines" not in text_of(past)


def test_everybody_who_is_waited_for_is_reminded_and_not_again_by_the_same_page(visit, coordinator, two, reviewer):
    person = visit(coordinator)
    page = person.get("board_remind", run=ids(two))
    text = text_of(page)
    assert text.count("Community review: a reminder goes to Giulia Reviewer; Tomáš Reviewer.") == 2
    assert "City prototyping: a reminder goes to Farah Facilitator." in text
    assert not Reminder.objects.exists()
    sent = fields_of(page, two)
    assert person.post("board_remind", **sent)["Location"] == "/board/done/"
    assert Reminder.objects.filter(rule="by-hand", recipient=reviewer, sent_at__isnull=False).count() == 2
    told = Reminder.objects.count()
    person.story.now += timedelta(minutes=5)
    person.post("board_remind", **sent)
    assert Reminder.objects.count() == told
    assert "The last one by hand was of 1 March 2027, 10:00 (Brussels)." in text_of(person.get("board_done"))


def test_at_night_the_preview_names_the_day_on_which_a_reminder_goes(visit, coordinator, two):
    person = visit(coordinator)
    person.story.now = person.story.now.replace(hour=22)
    text = text_of(person.get("board_remind", run=ids(two)))
    assert re.search(r"Giulia Reviewer on \d+ March 2027, ", text)


def test_people_are_invited_where_they_can_be(visit, coordinator, two, author):
    third = people.make_person("Ines Third", organisation=people.make_organisation("Example Lab"))
    person = visit(coordinator)
    asked = {"kind": "review", "reviewers": [third.pk, author.pk]}
    page = person.post("board_invite", run=ids(two), **asked)
    text = text_of(page)
    assert text.count("Community review: an invitation goes to Ines Third") == 2
    assert text.count("Left out: Hanna Author: has a conflict of interest with this proposal.") == 2
    person.post("board_invite", **asked, **fields_of(page, two))
    assert Assignment.objects.filter(reviewer=third).count() == 2
    assert not Assignment.objects.filter(reviewer=author).exists()
    tests = person.post("board_invite", run=ids(two), kind="city-test", reviewers=[third.pk])
    assert "Not possible: It has no open round of this kind." in text_of(tests)


def test_people_are_found_by_words_and_those_ticked_stay(visit, coordinator, two, reviewer):
    page = visit(coordinator).post("board_invite", run=ids(two), q="region", search="1", reviewers=[coordinator.pk])
    names = [each["candidate"].person.name for each in page.context["people"]]
    assert names == ["Giulia Reviewer", "Sofia Coordinator"]
    assert page.status_code == 200
    assert visit(coordinator).post("board_invite", run=ids(two), kind="review").status_code == 422


def test_nothing_chosen_leads_back_to_the_board(visit, coordinator, story):
    answer = visit(coordinator).get("board_extend", back="view=columns")
    assert (answer.status_code, answer["Location"]) == (302, "/board/?view=columns")
    assert visit(coordinator).get("board_done").status_code == 302


def test_who_may_not_is_refused_or_told(visit, author, reviewer, decider, coordinator, two, organisation):
    for person in (author, reviewer):
        for page in ("board_extend", "board_invite", "board_done"):
            assert visit(person).get(page, run=ids(two)).status_code == 403
    page = visit(decider).post("board_extend", run=ids(two), **EXTEND)
    assert text_of(page).count("Only who coordinates this policy area can do this.") == 2
    people.join(coordinator, organisation)
    page = visit(coordinator).post("board_extend", run=ids(two), **EXTEND)
    assert text_of(page).count("You or your organisation have a stake in this proposal.") == 2
    page = visit(coordinator).post("board_extend", run=[999_999], **EXTEND)
    assert page.context["rows"] == []


def test_two_rows_and_ten_cost_the_same(visit, coordinator, two, story):
    person = visit(coordinator)
    third = people.make_person("Ines Third", organisation=people.make_organisation("Example Lab"))

    def cost(name, runs, **asked):
        person.post(name, run=ids(runs), **asked)
        with CaptureQueriesContext(connection) as queries:
            person.post(name, run=ids(runs), **asked)
        return len(queries)

    invite = {"kind": "review", "reviewers": [third.pk]}
    before = cost("board_extend", two, **EXTEND), cost("board_invite", two, **invite)
    more = [replace(story, title=f"Number {n}") for n in range(4)]
    for each in more:
        each.in_review()
    runs = [*two, *(each.run for each in more)]
    assert (cost("board_extend", runs, **EXTEND), cost("board_invite", runs, **invite)) == before


def test_a_coordinator_invites_more_from_the_page_of_the_round(visit, coordinator, story, reviewer, author):
    story.in_review()
    third = people.make_person("Ines Third", organisation=people.make_organisation("Example Lab"))
    round = Round.objects.get(kind="review")
    person = visit(coordinator)
    address = f"/rounds/{round.pk}/invite/"
    assert address in person.get("round", round.pk).content.decode()
    page = person.get("invite_more", round.pk)
    offered = [each["candidate"] for each in page.context["people"]]
    why = {each.person: str(getattr(each.verdict, "reason", "")) for each in offered}
    assert (why[third], why[reviewer]) == ("", "was asked in this round already")
    assert person.post("invite_more", round.pk).status_code == 422
    assert person.post("invite_more", round.pk, reviewers=[reviewer.pk]).status_code == 422
    assert person.post("invite_more", round.pk, reviewers=[third.pk])["Location"] == f"/rounds/{round.pk}/"
    assert Assignment.objects.get(reviewer=third).round == round
    assert visit(author).get("invite_more", round.pk).status_code == 404
    story.now += timedelta(days=15)
    assert person.get("invite_more", round.pk).status_code == 200
    story.pass_time(days=0)
    assert person.get("invite_more", round.pk).status_code == 409
    assert address not in person.get("round", round.pk).content.decode()


def test_of_too_many_not_even_one_is_locked(story, two):
    act = Remind()
    with CaptureQueriesContext(connection) as seen, pytest.raises(Invalid, match="at most 100"):
        bulk.carry_out(act, run_ids=range(1, 102), stamps={}, person=story.coordinator, now=story.now)
    assert not any("FOR UPDATE" in each["sql"] for each in seen)
