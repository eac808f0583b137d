"""While a run is paused nothing falls due and nobody takes it onward; what people write is kept all the while."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from ekip.shared.errors import Invalid, NotAllowed, NotFound, NotNow
from engine.models import Assignment, Event, Pause, Review, Round, Timer
from engine.selectors.consultations import open_consultations
from engine.selectors.desk import desk_of
from engine.selectors.history import history
from engine.services import clockwork, decisions, pauses, reviews, rounds, submission
from engine.services.reviews import ReviewDraft
from partners.models import Notification, RoleGrant
from tests.engine.processes import consulting, drafting, ended, follow, lapsing, reading
from tests.people import grant, make_organisation, make_person

pytestmark = pytest.mark.django_db

REASON = "The ministry moved its date."


def pause(story, **more):
    given = {"run_ids": [story.run.pk], "person": story.coordinator, "reason": REASON, "now": story.now} | more
    return pauses.pause_runs(**given)[0]


def resume(story, **more):
    return pauses.resume_runs(**{"run_ids": [story.run.pk], "person": story.coordinator, "now": story.now} | more)[0]


def test_a_paused_round_neither_closes_nor_refuses_reviews(story, reviewer):
    story.in_review()
    pause(story)
    story.pass_time(days=40)
    round = story.visit.rounds.get()
    assert round.closed_at is None
    assert story.run.pk not in clockwork.due_runs(now=story.now)
    story.review(reviewer, "Written in the pause.")
    assert Review.objects.get().submitted_at == story.now


def test_a_saved_draft_outlives_the_pause(story, reviewer):
    story.in_review()
    assignment = Assignment.objects.get(reviewer=reviewer)
    rounds.accept(assignment_id=assignment.pk, person=reviewer, now=story.now)
    common = {"assignment_id": assignment.pk, "person": reviewer}
    pause(story)
    story.pass_time(days=40)
    reviews.save(**common, draft=ReviewDraft(comment="Half of it."), now=story.now)
    assert [task.text for task in desk_of(reviewer, now=story.now).for_you] == [f"Review “{story.title}”"]
    resume(story)
    story.pass_time(days=1)
    assert Review.objects.get().comment == "Half of it."


def test_every_open_date_moves_on_by_the_length_of_the_pause(story):
    follow(
        story,
        drafting("reading"),
        reading(
            "closed",
            lapsing("closed"),
            timers=[
                {"key": "late", "after": "P30D", "then": "remind"},
                {"key": "over", "after": "P90D", "then": "take", "transition": "lapse"},
            ],
        ),
        ended(),
    )
    story.start().write().submit()
    round = story.open_round(days=50, template="reading")
    story.pass_time(days=31)
    before = dict(Timer.objects.values_list("key", "due_at"))
    pause(story)
    story.pass_time(days=12, hours=5)
    length = timedelta(days=12, hours=5)
    assert resume(story).ended_by == story.coordinator
    round.refresh_from_db()
    assert round.closes_at == round.opened_at + timedelta(days=50) + length
    after = dict(Timer.objects.values_list("key", "due_at"))
    assert after == {"late": before["late"], "over": before["over"] + length}


def test_a_date_for_answers_that_had_passed_stays(story):
    story.in_review()
    round = story.visit.rounds.get()
    for wished, moves in ((story.now + timedelta(days=1), True), (story.now - timedelta(hours=1), False)):
        Round.objects.filter(pk=round.pk).update(answer_by=wished)
        pause(story)
        story.now += timedelta(days=3)
        resume(story)
        round.refresh_from_db()
        assert (round.answer_by == wished + timedelta(days=3)) is moves


def test_a_pause_ends_by_itself_at_its_instant_however_late_the_clockwork_is(story):
    story.in_review()
    closes_at = story.visit.rounds.get().closes_at
    until = story.now + timedelta(days=5)
    pause(story, until=until)
    story.pass_time(days=4, hours=23)
    assert Pause.objects.get().ended_at is None
    story.pass_time(days=3)
    ended = Pause.objects.get()
    assert (ended.ended_at, ended.ended_by) == (until, None)
    assert story.visit.rounds.get().closes_at == closes_at + timedelta(days=5)
    assert Event.objects.get(kind="resumed").actor is None


def test_a_pause_that_should_have_ended_is_no_longer_than_it_was_to_be(story):
    story.in_review()
    pause(story, until=story.now + timedelta(days=5))
    story.now += timedelta(days=9)
    assert resume(story).ended_at == story.now - timedelta(days=4)


def test_what_is_due_at_the_instant_of_the_pause_happens_first(story):
    story.in_review()
    round = story.visit.rounds.get()
    story.now = round.closes_at
    pause(story)
    round.refresh_from_db()
    assert round.closed_at == story.now


def test_nobody_takes_a_paused_run_onward(story, author):
    story.in_decision()
    pause(story)
    acts = {
        "decide": lambda: decisions.decide(
            proposal_id=story.proposal.pk,
            person=story.coordinator,
            visit_id=story.visit.pk,
            outcome="publish",
            reason="Good.",
            now=story.now,
        ),
        "withdraw": lambda: submission.withdraw(
            proposal_id=story.proposal.pk, person=author, visit_id=story.visit.pk, reason="No.", now=story.now
        ),
        "archive": lambda: submission.archive(proposal_id=story.proposal.pk, person=author, now=story.now),
    }
    stage = story.stage
    for name, act in acts.items():
        with pytest.raises(NotNow) as refusal:
            act()
        assert (name, refusal.value.code) in ((name, "paused"), ("withdraw", "no-such-transition"))
    assert story.stage == stage
    resume(story)
    story.decide()
    assert story.run.publication


def test_a_paused_submission_is_neither_sent_back_nor_withdrawn_and_no_round_opens(story, author):
    story.start().write().submit()
    pause(story)
    common = {"proposal_id": story.proposal.pk, "visit_id": story.visit.pk, "reason": "Why.", "now": story.now}
    for act in (
        lambda: submission.withdraw(person=author, **common),
        lambda: submission.send_back(person=story.coordinator, **common),
        story.open_round,
    ):
        with pytest.raises(NotNow) as refusal:
            act()
        assert refusal.value.code == "paused"


def test_a_run_that_waits_for_nobody_is_not_paused(story):
    story.start()
    with pytest.raises(NotNow) as refusal:
        pause(story)
    assert refusal.value.code == "at-rest"


@pytest.mark.parametrize("days", [0, -1, 400])
def test_a_pause_ends_ahead_and_within_a_year(story, days):
    story.in_review()
    with pytest.raises(Invalid) as refusal:
        pause(story, until=story.now + timedelta(days=days), reason="")
    assert sorted(refusal.value.errors) == ["reason", "until"]
    assert not Pause.objects.exists()


@pytest.mark.parametrize("who", ["author", "reviewer", "outsider", "decider"])
def test_only_who_coordinates_pauses_and_resumes(story, who, request):
    person = request.getfixturevalue(who)
    story.in_review()
    with pytest.raises(NotFound):
        pause(story, person=person)
    pause(story)
    with pytest.raises(NotFound):
        resume(story, person=person)
    with pytest.raises(NotFound):
        resume(story, run_ids=[story.run.pk + 999])


def test_a_coordinator_with_a_conflict_pauses_nothing(story, organisation):
    story.in_review()
    barred = make_person("Bara Barred", organisation=organisation)
    grant(barred, RoleGrant.Role.COORDINATOR)
    with pytest.raises(NotAllowed):
        pause(story, person=barred)


def test_all_concerned_are_told_of_the_pause_and_of_its_end(story, reviewer, author):
    story.in_review()
    pause(story, until=story.now + timedelta(days=5))
    told = Notification.objects.filter(kind="paused")
    assert {row.person for row in told} == {*story.reviewers, author}
    assert all(REASON in row.body and "goes on by itself" in row.body for row in told)
    story.pass_time(days=5)
    told = Notification.objects.filter(kind="resumed")
    assert {row.person for row in told} == {*story.reviewers, author, story.coordinator}
    assert "20 March 2027" in told.get(person=reviewer).body
    assert "20 March 2027" in told.get(person=author).body
    texts = [entry.text for entry in history(story.run, names_reviewers=True)[:2]]
    assert texts[0] == "The proposal goes on; its deadlines have moved on by 5 days."
    assert REASON in texts[1]


def test_a_stale_page_pauses_nothing(story):
    story.start().write()
    stale = story.visit.pk
    story.submit()
    with pytest.raises(NotNow) as refusal:
        pause(story, visit_id=stale)
    assert refusal.value.code == "stage-moved"


def test_a_paused_consultation_stays_open(story):
    follow(story, drafting("consulting"), consulting("closed"), ended()).start().write().submit()
    story.open_consultation(days=5)
    pause(story)
    story.pass_time(days=30)
    assert open_consultations(now=story.now).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_pause_at_once_one_is_told_that_the_other_has(story):
    story.in_review()
    other = make_person("Dora Deputy", organisation=make_organisation("Example Bureau"))
    grant(other, RoleGrant.Role.DEPUTY)
    gate, outcomes = Barrier(2), []

    def act(person):
        gate.wait()
        try:
            outcomes.append(pause(story, person=person).began_by.name)
        except NotNow as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=act, args=[person]) for person in (story.coordinator, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [first] = [each for each in outcomes if each in (story.coordinator.name, other.name)]
    [second] = [each for each in outcomes if each != first]
    assert second.startswith(f"{first} has paused")
    assert Event.objects.filter(kind="paused").count() == 1
