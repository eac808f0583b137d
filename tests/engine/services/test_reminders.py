"""Reminders: sent once, when somebody can be reached, and never when they have lost their sense."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engine.models import Assignment, Pause, Reminder, Round, Timer
from engine.services import clockwork, deadlines, pauses, reminders, rounds
from engine.services.reminders import remind
from partners.models import Absence, Delivery, Notification, Rhythm, RoleGrant
from partners.services import people
from tests.engine.processes import SCORES, drafting, ended, follow, reading
from tests.engine.stories import Story
from tests.people import grant, join, make_organisation, make_person

pytestmark = pytest.mark.django_db

WEEK = {"key": "week", "before": "P7D", "to": ["reviewers"]}
DAY = {"key": "day", "before": "P1D", "to": ["reviewers"]}
LATE = {"key": "late", "after": "P3D", "to": ["coordinators"]}
LATER = {"key": "later", "after": "P7D", "to": ["deputies"]}
LADDER = [WEEK, DAY, LATE, LATER]


@pytest.fixture
def deputy(db):
    person = make_person("Dina Deputy", organisation=make_organisation("Example Desk"))
    grant(person, RoleGrant.Role.DEPUTY)
    return person


def in_round(story: Story, *rungs, days: int = 14, **round) -> Round:
    """A round of so many days with this ladder, opened on a Monday at 10:00 in Brussels."""
    stage = reading("closed", round={"quorum": 2, "reminders": list(rungs or LADDER), **round})
    follow(story, drafting("reading"), stage, ended()).start().write().submit()
    return story.open_round(days=days, template="reading")


def told(person) -> list[str]:
    rows = Notification.objects.filter(person=person, kind="reminder").order_by("pk")
    return list(rows.values_list("subject", flat=True))


def ledger(**wanted) -> list[tuple[str, str]]:
    """Each line in the order of its instant: its rule, and what became of it."""
    rows = Reminder.objects.filter(**wanted).order_by("due_at", "recipient__name", "pk")
    return [
        (row.rule.rsplit(":")[-1], "sent" if row.sent_at else row.drop_reason if row.dropped_at else "waits")
        for row in rows
    ]


def test_reviewers_are_reminded_twice_and_then_the_coordinators_and_then_the_deputies(story, deputy, reviewer):
    round = in_round(story)
    start = story.now
    for hours in (
        1,
        7 * 24 - 1,
        7 * 24,
        13 * 24,
        14 * 24 - 4,
        14 * 24 - 3,
        14 * 24,
        17 * 24,
        19 * 24,
        21 * 24,
        22 * 24,
    ):
        story.now = start + timedelta(hours=hours)
        clockwork.tick(now=story.now)
    at = "15 March 2027, 10:00 (Brussels)"
    assert told(reviewer) == [f"Please accept or decline: “{story.title}”, until {at}"] * 2
    assert told(story.coordinator) == [f"“{story.title}” still waits: its round closed without the quorum"]
    assert told(deputy) == told(story.coordinator)
    sent = Reminder.objects.filter(recipient=reviewer).order_by("due_at")
    # A week before is a Monday; a day before is a Sunday, so that it goes out on Monday at seven.
    assert [row.due_at for row in sent] == [round.closes_at - timedelta(days=7), round.closes_at - timedelta(days=1)]
    assert [row.sent_at.isoformat() for row in sent] == ["2027-03-08T09:00:00+00:00", "2027-03-15T06:00:00+00:00"]
    [note] = Notification.objects.filter(person=story.coordinator, kind="reminder")
    assert "0 of 2 reviews are in." in note.body
    assert "Still missing: 2 reviews" in note.body
    assert (note.path, note.thread) == (f"/rounds/{round.pk}/", f"run:{story.run.pk}")
    assert Delivery.objects.filter(notification=note).count() == 1


def test_who_accepted_is_told_when_the_review_is_due_by_their_own_clock(story, reviewer):
    reviewer.time_zone = "Europe/Helsinki"
    reviewer.save()
    in_round(story)
    assignment = Assignment.objects.get(reviewer=reviewer)
    rounds.accept(assignment_id=assignment.pk, person=reviewer, now=story.now)
    story.pass_time(days=7)
    assert told(reviewer) == [f"Your review of “{story.title}” is due on 15 March 2027, 11:00 (Helsinki)"]
    assert Notification.objects.get(person=reviewer, kind="reminder").path == f"/assignments/{assignment.pk}/review/"
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_tick_that_is_repeated_or_overlaps_sends_nothing_twice(story, reviewer):
    in_round(story)
    story.pass_time(days=7)
    for _tick in range(3):
        clockwork.tick(now=story.now)
        story.pass_time(seconds=15)
    assert len(told(reviewer)) == 1


def test_after_three_days_of_downtime_each_is_sent_once_and_none_that_lost_its_sense(story, reviewer, deputy):
    early, third = {**WEEK, "key": "early", "before": "P8D"}, {**WEEK, "key": "third", "before": "P6D"}
    in_round(story, early, WEEK, third, DAY, LATE)
    story.pass_time(days=5)
    story.pass_time(days=4)  # the engine was down while the first three fell due
    assert len(told(reviewer)) == 1
    assert ledger(recipient=reviewer) == [("early", "superseded"), ("week", "superseded"), ("third", "sent")]
    story.pass_time(days=7)  # and once more, over the last rung and the deadline
    assert len(told(reviewer)) == 1
    assert ledger(recipient=reviewer)[-1] == ("day", "past")
    story.pass_time(days=2)
    assert len(told(story.coordinator)) == 1


def test_who_handed_in_declined_or_was_removed_is_not_reminded(story, reviewer, second_reviewer, official, outsider):
    story.reviewers += [official, outsider]
    round = in_round(story)
    story.review(reviewer, scores=SCORES)
    by = {each.reviewer_id: each.pk for each in round.assignments.all()}
    rounds.decline(assignment_id=by[second_reviewer.pk], person=second_reviewer, reason="No time", now=story.now)
    rounds.remove_reviewer(assignment_id=by[official.pk], person=story.coordinator, reason="Twice", now=story.now)
    story.pass_time(days=7)
    assert [told(each) != [] for each in story.reviewers] == [False, False, False, True]


def test_what_happens_while_a_reminder_waits_for_the_morning_is_asked_about(story, reviewer, second_reviewer):
    in_round(story, {**WEEK, "before": "P7DT15H"})  # 19:00 on a Sunday
    story.pass_time(days=6, hours=9)
    assert ledger() == [("week", "waits"), ("week", "waits")]
    story.review(reviewer, scores=SCORES)
    story.pass_time(days=1)
    assert ledger(recipient=reviewer) == [("week", "handed-in")]
    assert (told(reviewer), len(told(second_reviewer))) == ([], 1)


def wait_until_monday(story: Story) -> None:
    """A reminder that fell due on a Sunday waits for Monday."""
    in_round(story, {**WEEK, "before": "P7DT15H"})
    story.pass_time(days=6, hours=9)
    assert set(ledger()) == {("week", "waits")}


def test_a_deadline_that_moves_drops_what_was_not_sent_and_reminds_anew(story, reviewer):
    wait_until_monday(story)
    Round.objects.update(closes_at=Round.objects.get().closes_at + timedelta(days=14))
    story.pass_time(days=1)
    assert ledger(recipient=reviewer) == [("week", "moved")]
    story.pass_time(days=14)
    assert ledger(recipient=reviewer) == [("week", "moved"), ("week", "sent")]


def test_an_earlier_close_is_seen_at_once(story, reviewer):
    wait_until_monday(story)
    Round.objects.update(closed_at=story.now)
    story.pass_time(days=1)
    assert ledger(recipient=reviewer) == [("week", "closed")]


def test_nobody_is_reminded_while_a_run_is_paused(story, reviewer):
    wait_until_monday(story)
    pause = Pause.objects.create(run=story.run, began_at=story.now, began_by=story.coordinator, reason="Summer")
    story.pass_time(days=3)
    assert ledger(recipient=reviewer) == [("week", "waits")]
    Pause.objects.filter(pk=pause.pk).update(ended_at=story.now)
    story.pass_time(minutes=1)
    assert ledger(recipient=reviewer) == [("week", "sent")]


def test_a_pause_moves_the_reminders_that_were_still_to_come(story, reviewer):
    in_round(story)
    story.pass_time(days=2)
    pauses.pause_runs(run_ids=[story.run.pk], person=story.coordinator, reason="Summer", until=None, now=story.now)
    story.pass_time(days=7)
    assert ledger() == []
    pauses.resume_runs(run_ids=[story.run.pk], person=story.coordinator, now=story.now)
    story.pass_time(days=4, hours=23)
    assert ledger() == []
    story.pass_time(hours=1)
    assert ledger(recipient=reviewer) == [("week", "sent")]
    deadlines.extend_round(
        round_id=Round.objects.get().pk,
        person=story.coordinator,
        closes_at=story.now + timedelta(days=7, hours=12),
        reason="Carnival",
        now=story.now,
    )
    story.pass_time(hours=12)
    story.pass_time(hours=12)
    assert ledger(recipient=reviewer) == [("week", "sent"), ("week", "sent")]
    deadlines.close_round_now(round_id=Round.objects.get().pk, person=story.coordinator, reason="Enough", now=story.now)
    closed_at = story.now
    for _day in range(4):
        story.pass_time(days=1)
    late = Reminder.objects.get(recipient=story.coordinator)
    assert late.due_at == closed_at + timedelta(days=3)


def test_a_stage_that_was_left_is_not_reminded_of(story):
    timer = {"key": "late", "after": "P11DT12H", "then": "remind"}
    follow(story, drafting("reading"), reading("closed", timers=[timer]), ended()).start().write().submit()
    story.open_round(days=12, template="reading")
    for each in story.reviewers:
        story.review(each, scores=SCORES)
    story.pass_time(days=11, hours=12)
    assert ledger() == [("late", "waits")]
    story.pass_time(days=3)
    assert (story.stage, ledger()) == ("closed", [("late", "left")])


def test_proposals_put_away_are_not_reminded_of(story, reviewer):
    wait_until_monday(story)
    type(story.proposal).objects.filter(pk=story.proposal.pk).update(archived_at=story.now)
    remind(now=story.now + timedelta(days=1))
    assert ledger(recipient=reviewer) == [("week", "archived")]
    type(story.proposal).objects.filter(pk=story.proposal.pk).update(archived_at=None)


def test_a_closed_account_and_a_new_conflict_of_interest_drop_it(story, reviewer, second_reviewer):
    wait_until_monday(story)
    reviewer.is_active = False
    reviewer.save()
    join(second_reviewer, story.organisation)
    story.pass_time(days=1)
    assert ledger(recipient=reviewer) == [("week", "inactive")]
    assert ledger(recipient=second_reviewer) == [("week", "conflict")]


def test_who_leaves_their_organisation_still_has_their_review_to_write(story, reviewer):
    in_round(story)
    people.leave(membership_id=reviewer.memberships.get().pk, by=reviewer, now=story.now)
    story.pass_time(days=7)
    assert len(told(reviewer)) == 1


def test_whose_role_ends_hears_no_more(story, deputy):
    round = in_round(story, LATE, LATER)
    story.pass_time(days=14)
    RoleGrant.objects.filter(person=deputy).update(ended_at=story.now)
    story.pass_time(days=8)
    assert (told(deputy), Round.objects.get(pk=round.pk).closed_at is None) == ([], False)


def test_a_further_round_settles_the_ladder_of_the_one_before(story, deputy):
    in_round(story)
    story.pass_time(days=14)
    story.open_round(days=30, template="reading")
    story.pass_time(days=8)
    assert (told(story.coordinator), told(deputy)) == ([], [])


def test_a_reached_quorum_needs_nobody(story, deputy, reviewer, second_reviewer):
    in_round(story)
    for each in (reviewer, second_reviewer):
        story.review(each, scores=SCORES)
    story.pass_time(days=22)
    assert (story.stage, told(story.coordinator), told(deputy)) == ("closed", [], [])


def away(person, first: str, last: str) -> None:
    Absence.objects.create(person=person, first_day=first, last_day=last)


def test_an_absent_reviewer_is_reminded_on_their_return_and_the_coordinators_hear_once(story, reviewer):
    in_round(story, {**WEEK, "key": "early", "before": "P10D"}, WEEK)
    away(reviewer, "2027-03-05", "2027-03-09")
    for _day in range(13):
        story.pass_time(days=1)
    assert [row.sent_at.day for row in Reminder.objects.filter(recipient=reviewer, sent_at__isnull=False)] == [10]
    assert told(story.coordinator) == [f"{reviewer.name} is away, and was asked about “{story.title}”"]
    note = Notification.objects.get(person=story.coordinator, kind="reminder")
    assert f"{reviewer.name} is back on 10 March 2027, and is reminded then." in note.body


def test_who_is_back_after_the_deadline_is_not_reminded_and_the_coordinators_know(story, reviewer):
    in_round(story)
    away(reviewer, "2027-03-02", "2027-04-30")
    story.pass_time(days=7)
    assert ledger(recipient=reviewer) == [("week", "unreachable")]
    note = Notification.objects.get(person=story.coordinator, kind="reminder")
    assert "is back on 3 May 2027, after the round closes on 15 March 2027, 10:00 (Brussels)." in note.body
    story.pass_time(days=6, hours=21)
    assert len(told(story.coordinator)) == 1


def test_an_absence_that_begins_while_a_reminder_waits_holds_it_back_further(story, reviewer):
    wait_until_monday(story)
    away(reviewer, "2027-03-08", "2027-03-09")
    story.pass_time(days=1)
    story.pass_time(seconds=15)
    assert (told(reviewer), len(told(story.coordinator))) == ([], 1)
    story.pass_time(days=2)
    assert len(told(reviewer)) == 1


def test_while_every_coordinator_is_away_the_deputies_hear_at_once(story, deputy):
    in_round(story)
    away(story.coordinator, "2027-03-15", "2027-03-20")
    story.pass_time(days=14)
    story.pass_time(days=3)
    [note] = Notification.objects.filter(person=deputy, kind="reminder")
    assert note.body.endswith("You get this as a deputy, because no coordinator is in today.")
    assert ledger(recipient=story.coordinator) == [("late", "waits")]


def test_coordinators_with_a_conflict_of_interest_learn_nothing(story):
    other = make_person("Olga Coordinator")
    grant(other, RoleGrant.Role.COORDINATOR)
    in_round(story)
    join(other, story.organisation)
    story.pass_time(days=14)
    story.pass_time(days=3)
    assert (len(told(story.coordinator)), told(other)) == (1, [])


def test_quiet_hours_and_weekends_are_those_that_the_person_chose(story, reviewer, second_reviewer):
    Rhythm.objects.create(person=reviewer, quiet_from="00:00", quiet_until="00:00", works_weekends=True)
    in_round(story, {**WEEK, "before": "P7DT15H"})
    story.pass_time(days=6, hours=9)
    assert (len(told(reviewer)), told(second_reviewer)) == (1, [])


@pytest.mark.parametrize(
    ("zone", "opened", "due"),
    [
        # The clocks go on, and back, between the reminder and the deadline: a day is 24 hours.
        ("Europe/Lisbon", datetime(2027, 3, 15, 9, tzinfo=UTC), "28 March 2027, 10:30"),
        ("Europe/Helsinki", datetime(2027, 3, 15, 9, tzinfo=UTC), "28 March 2027, 12:30"),
        ("Europe/Lisbon", datetime(2027, 10, 18, 9, tzinfo=UTC), "31 October 2027, 09:30"),
        ("Europe/Helsinki", datetime(2027, 10, 18, 9, tzinfo=UTC), "31 October 2027, 11:30"),
    ],
)
def test_a_deadline_on_the_day_on_which_the_clock_jumps(story, reviewer, zone, opened, due):
    reviewer.time_zone = zone
    reviewer.save()
    Rhythm.objects.create(person=reviewer, works_weekends=True)
    story.now = opened
    round = in_round(story)
    Round.objects.update(closes_at=opened + timedelta(days=13, minutes=30))
    story.pass_time(days=12, minutes=29)
    assert [rule for rule, _state in ledger(recipient=reviewer)] == ["week"]
    story.pass_time(minutes=1)
    assert ledger(recipient=reviewer) == [("week", "sent"), ("day", "sent")]
    assert due in told(reviewer)[-1]
    story.pass_time(days=1)
    assert Round.objects.get(pk=round.pk).closed_at == story.now


def test_timers_that_remind_keep_to_the_hours_of_people_too(story, deputy):
    timers = [
        {"key": "first", "after": "P11DT12H", "then": "remind"},
        {"key": "second", "after": "P21D", "then": "remind", "to": ["deputies"]},
    ]
    follow(story, drafting("reading"), reading("closed", timers=timers), ended()).start().write().submit()
    story.pass_time(days=11, hours=12)  # a Friday at ten in the evening
    assert ledger() == [("first", "waits")]
    assert Timer.objects.get(key="first").fired_at == story.now
    story.pass_time(days=2, hours=9)
    assert told(story.coordinator) == [f"“{story.title}” is overdue in the stage Reading"]
    story.pass_time(days=8)
    assert len(told(deputy)) == 1
    body = Notification.objects.get(person=deputy, kind="reminder").body
    assert body.endswith("It waits for coordinators: open the round.")


def test_by_hand_reminds_those_who_are_waited_for_once_a_minute(story, reviewer, second_reviewer, outsider):
    round = in_round(story)
    story.review(reviewer, scores=SCORES)
    [line] = reminders.remind_now(person=story.coordinator, round_ids=[round.pk], now=story.now)
    assert [each.person for each in line.reached] == [second_reviewer]
    reminders.remind_now(person=story.coordinator, run_ids=[story.run.pk], now=story.now + timedelta(seconds=20))
    assert len(told(second_reviewer)) == 1
    reminders.remind_now(person=story.coordinator, round_ids=[round.pk], now=story.now + timedelta(minutes=1))
    assert len(told(second_reviewer)) == 2
    assert reminders.remind_now(person=outsider, round_ids=[round.pk, 10**9], now=story.now) == []


def test_by_hand_reaches_whoever_a_run_waits_for(story):
    story.start().write()
    [line] = reminders.remind_now(person=story.coordinator, run_ids=[story.run.pk], now=story.now)
    assert [each.person for each in line.reached] == [story.author]
    assert told(story.author) == [f"“{story.title}” waits for you in the stage Policy lab"]
    Pause.objects.create(run=story.run, began_at=story.now, began_by=story.coordinator, reason="Summer")
    [line] = reminders.remind_now(person=story.coordinator, run_ids=[story.run.pk], now=story.now + timedelta(hours=1))
    assert (line.reached, str(line.refusal)) == ((), "It is paused; nobody is reminded until it goes on.")


def test_by_hand_keeps_to_quiet_hours(story, reviewer, second_reviewer):
    round = in_round(story)
    night = story.now + timedelta(hours=12)
    [line] = reminders.remind_now(person=story.coordinator, round_ids=[round.pk], now=night)
    assert {each.at.isoformat() for each in line.reached} == {"2027-03-02T06:00:00+00:00"}
    assert told(reviewer) == []
    remind(now=story.now + timedelta(days=1))
    assert (len(told(reviewer)), len(told(second_reviewer))) == (1, 1)


def test_a_run_whose_reminders_fail_is_put_off_and_the_others_are_reminded(story, reviewer, monkeypatch):
    in_round(story)
    broken = story.run.pk
    other = Story(story.author, story.organisation, story.coordinator, story.reviewers, story.now, title="Other")
    other.version_id = story.version_id
    other.start().write().submit().open_round(days=14, template="reading")
    words = reminders.messages

    def fails(scene, rows):
        if any(row.run_id == broken for row in rows):
            raise RuntimeError
        return words(scene, rows)

    monkeypatch.setattr(reminders, "messages", fails)
    story.pass_time(days=7)
    assert len(told(reviewer)) == 1
    monkeypatch.setattr(reminders, "messages", words)
    assert reminders.due_runs(now=story.now + timedelta(minutes=4)) == []
    story.pass_time(minutes=5)
    assert len(told(reviewer)) == 2


def test_the_queries_do_not_grow_with_the_runs(story, reviewer, second_reviewer):
    in_round(story)
    counts = []
    for more in (0, 3):
        for number in range(more):
            other = Story(story.author, story.organisation, story.coordinator, story.reviewers, story.now)
            other.title, other.version_id = f"Number {number}", story.version_id
            other.start().write().submit().open_round(days=14, template="reading")
        story.now += timedelta(days=7)
        with CaptureQueriesContext(connection) as queries:
            remind(now=story.now)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nothing_is_due_three_queries(story, django_assert_num_queries):
    in_round(story)
    story.pass_time(hours=1)
    with django_assert_num_queries(3):
        remind(now=story.now)


def test_rounds_that_rest_do_not_fill_the_queue(story, reviewer, monkeypatch):
    in_round(story)
    Pause.objects.create(run=story.run, began_at=story.now, began_by=story.coordinator, reason="Summer")
    other = Story(story.author, story.organisation, story.coordinator, story.reviewers, story.now, title="Other")
    other.version_id = story.version_id
    other.start().write().submit().open_round(days=14, template="reading")
    monkeypatch.setattr(reminders, "MOST", 1)
    for _tick in range(3):
        remind(now=story.now + timedelta(days=7))
    assert [title.split("“")[1].split("”")[0] for title in told(reviewer)] == ["Other"]
    Pause.objects.update(ended_at=story.now)
    remind(now=story.now + timedelta(days=7))
    assert len(told(reviewer)) == 2
