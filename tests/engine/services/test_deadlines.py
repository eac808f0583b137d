"""Deadlines move later with a reason, rounds close early, and nothing is moved into the past."""

from datetime import UTC, datetime, timedelta

import pytest

from ekip.shared.errors import Invalid, NotAllowed, NotFound, NotNow
from engine.models import Event, Round, Timer
from engine.selectors.history import history
from engine.services import clockwork, deadlines, pauses
from partners.models import Notification, RoleGrant, User
from tests.engine.processes import drafting, ended, follow, lapsing, reading
from tests.people import grant, make_organisation, make_person

pytestmark = pytest.mark.django_db

REASON = "Two reviewers fell ill."


def extend(story, round, days, **more):
    until = more.pop("until", round.closes_at + timedelta(days=days))
    return deadlines.extend_round(
        **{"round_id": round.pk, "person": story.coordinator, "closes_at": until, "reason": REASON, "now": story.now}
        | more
    )


def close(story, round, **more):
    return deadlines.close_round_now(
        **{"round_id": round.pk, "person": story.coordinator, "reason": REASON, "now": story.now} | more
    )


def test_an_extended_round_closes_at_the_new_deadline_and_not_before(story):
    round = Round.objects.get(pk=story.in_review().visit.rounds.get().pk)
    before = round.closes_at
    extend(story, round, 7)
    clockwork.tick(now=before)
    round.refresh_from_db()
    assert (round.closed_at, round.closes_at) == (None, before + timedelta(days=7))
    clockwork.tick(now=round.closes_at)
    round.refresh_from_db()
    assert round.closed_at == round.closes_at


def test_those_concerned_are_told_once_with_both_dates_in_their_own_zone(story, reviewer, second_reviewer, author):
    story.in_review()
    story.review(second_reviewer, "A remark.")
    User.objects.filter(pk=reviewer.pk).update(time_zone="Europe/Helsinki")
    other = make_person("Dora Deputy", organisation=make_organisation("Example Bureau"))
    grant(other, RoleGrant.Role.DEPUTY)
    extend(story, story.visit.rounds.get(), 7)
    rows = Notification.objects.filter(kind="deadline-moved")
    assert {row.person_id for row in rows} == {reviewer.pk, author.pk, other.pk}
    words = rows.get(person=reviewer).body
    assert "15 March 2027, 11:00 (Helsinki)" in words and "22 March 2027, 11:00 (Helsinki)" in words
    assert REASON in words
    assert rows.get(person=reviewer).path.startswith("/assignments/")
    assert "(Stockholm)" not in words


def test_an_extension_stands_in_the_history_with_both_dates_and_the_reason(story):
    story.in_review()
    extend(story, story.visit.rounds.get(), 7)
    entry = history(story.run, names_reviewers=True)[0]
    assert "moved from" in entry.text and REASON in entry.text
    assert entry.who == story.coordinator.name


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (datetime(2027, 2, 1, tzinfo=UTC), "in the future"),
        (datetime(2027, 3, 1, 9, tzinfo=UTC), "in the future"),
        (datetime(2027, 3, 10, tzinfo=UTC), "after the present one"),
        (datetime(2027, 3, 15, 9, tzinfo=UTC), "after the present one"),
        (datetime(2028, 3, 3, tzinfo=UTC), "within a year"),
    ],
)
def test_a_deadline_moves_neither_into_the_past_nor_back_nor_out_of_sight(story, until, words):
    story.in_review()
    round = story.visit.rounds.get()
    with pytest.raises(Invalid) as refusal:
        extend(story, round, 0, until=until)
    assert words in refusal.value.errors["closes_at"][0]
    assert not Event.objects.filter(kind="deadline-extended").exists()


def test_an_extension_needs_a_reason(story):
    story.in_review()
    with pytest.raises(Invalid) as refusal:
        extend(story, story.visit.rounds.get(), 7, reason="  ")
    assert list(refusal.value.errors) == ["reason"]


def test_a_round_does_not_outlast_its_stage(story):
    reading_stage = reading("closed", lapsing("closed"), timers=[over(60)])
    follow(story, drafting("reading"), reading_stage, ended()).start().write().submit()
    round = story.open_round(template="reading")
    with pytest.raises(Invalid) as refusal:
        extend(story, round, 0, until=story.now + timedelta(days=60))
    assert "runs out" in refusal.value.errors["closes_at"][0]
    extend(story, round, 0, until=story.now + timedelta(days=59))


def over(days):
    return {"key": "over", "after": f"P{days}D", "then": "take", "transition": "lapse"}


def test_a_round_that_has_closed_is_not_extended_also_before_the_clockwork_saw_it(story):
    story.in_review()
    round = story.visit.rounds.get()
    for act in (extend, close):
        with pytest.raises(NotNow) as refusal:
            act(story, round, *([7] if act is extend else []), now=round.closes_at)
        assert refusal.value.code == "round-closed"


@pytest.mark.parametrize("who", ["author", "reviewer", "outsider", "decider"])
def test_only_who_coordinates_moves_a_deadline_or_closes_a_round(story, who, request):
    person = request.getfixturevalue(who)
    story.in_review()
    round = story.visit.rounds.get()
    for act in (lambda: extend(story, round, 7, person=person), lambda: close(story, round, person=person)):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotFound):
        extend(story, round, 7, round_id=round.pk + 999, until=round.closes_at + timedelta(days=2))


def test_a_coordinator_with_a_conflict_moves_nothing(story, organisation):
    story.in_review()
    barred = make_person("Bara Barred", organisation=organisation)
    grant(barred, RoleGrant.Role.COORDINATOR)
    with pytest.raises(NotAllowed):
        extend(story, story.visit.rounds.get(), 7, person=barred)


def test_the_date_for_answers_stays_unless_the_round_was_too_short_for_it(story):
    story.in_review()
    round = story.visit.rounds.get()
    Round.objects.filter(pk=round.pk).update(answer_by=round.closes_at - timedelta(days=7))
    assert extend(story, round, 7).answer_by == round.closes_at - timedelta(days=7)


def test_many_rounds_are_extended_together_or_not_at_all(story, django_assert_max_num_queries):
    story.in_review()
    round = story.visit.rounds.get()
    test = story.open_city_test(days=20)
    common = {"person": story.coordinator, "reason": REASON, "now": story.now}
    both = [round.pk, test.pk]
    until = story.now + timedelta(days=18)
    shown = deadlines.look_at_extensions(round_ids=both, person=story.coordinator, until=until, now=story.now)
    done = deadlines.extend_rounds(round_ids=both, until=until, **common)
    assert [bool(each.refusal) for each in shown] == [bool(each.refusal) for each in done] == [False, True]
    round.refresh_from_db()
    assert round.closes_at == story.now + timedelta(days=14)
    done = deadlines.extend_rounds(round_ids=both, by=timedelta(days=5), **common)
    assert [each.after - each.before for each in done] == [timedelta(days=5)] * 2
    assert Event.objects.filter(kind="deadline-extended").count() == 2


def test_a_stage_gets_more_time_with_all_its_timers_and_a_passed_one_waits_again(story):
    late = {"key": "late", "after": "P30D", "then": "remind"}
    follow(story, drafting("reading"), reading("closed", lapsing("closed"), timers=[late, over(60)]), ended())
    story.start().write().submit()
    story.pass_time(days=31)
    assert Timer.objects.get(key="late").fired_at
    before = dict(Timer.objects.values_list("key", "due_at"))
    until = story.now + timedelta(days=9)
    deadlines.extend_visit(visit_id=story.visit.pk, person=story.coordinator, until=until, reason=REASON, now=story.now)
    after = dict(Timer.objects.values_list("key", "due_at"))
    assert after["late"] == until
    assert after["over"] - before["over"] == until - before["late"] == timedelta(days=10)
    assert Timer.objects.get(key="late").fired_at is None
    story.pass_time(days=12)  # over a weekend, on which nobody is reminded
    assert Notification.objects.filter(person=story.coordinator, kind="reminder").count() == 2


def test_a_stage_with_an_open_round_is_extended_by_its_round(story):
    story.in_review()
    with pytest.raises(NotNow) as refusal:
        deadlines.extend_visit(
            visit_id=story.visit.pk,
            person=story.coordinator,
            until=story.now + timedelta(days=100),
            reason=REASON,
            now=story.now,
        )
    assert refusal.value.code == "round-open"


def test_closing_early_does_what_the_deadline_does(story):
    story.in_review()
    for number, person in enumerate(story.reviewers, start=1):
        story.review(person, f"Remark {number}.")
    story.test_in_city()
    story.now += timedelta(days=2)
    for round in Round.objects.filter(closed_at=None):
        close(story, round)
    assert story.stage == "revision"
    assert Event.objects.filter(kind="round-closed", data__quorum_met=True).count() == 2
    [first, second] = Event.objects.filter(kind="round-closed-early").order_by("number")
    assert (first.actor, second.actor) == (story.coordinator, story.coordinator)


def test_closing_early_without_the_quorum_says_so_and_tells_those_who_had_not_handed_in(story, reviewer):
    story.in_review()
    story.now += timedelta(days=2)
    round = close(story, story.visit.rounds.get())
    assert round.closed_at == story.now
    assert Notification.objects.filter(person=story.author, kind="quorum-missed").count() == 1
    told = Notification.objects.get(person=reviewer, kind="round-closed-early")
    assert REASON in told.body and told.path == ""
    with pytest.raises(NotNow):
        close(story, round)


def test_nothing_is_extended_or_closed_while_it_is_paused(story):
    story.in_review()
    round = story.visit.rounds.get()
    pauses.pause_runs(run_ids=[story.run.pk], person=story.coordinator, reason=REASON, now=story.now)
    for act in (lambda: extend(story, round, 7), lambda: close(story, round)):
        with pytest.raises(NotNow) as refusal:
            act()
        assert refusal.value.code == "paused"
