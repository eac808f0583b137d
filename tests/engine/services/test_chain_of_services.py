"""The whole chain by its services: each step by the person it is for, refused to the others."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ekip.shared.errors import Invalid, NotAllowed, NotFound, NotNow
from engine.models import Assignment, Decision, Event, ProcessVersion, Round, Run
from engine.services import clockwork, decisions, points, reviews, rounds, runs, submission
from engine.services.reviews import PointDraft, ReviewDraft
from engine.services.transition import transition
from engine.services.verification import access_differences, replay_differences
from partners.models import Delivery, Membership, Notification
from recommendations import access
from recommendations.models import Edition, Revision
from tests.engine.stories import SCORES, Story, make_area
from tests.people import grant, join, make_organisation, make_person

pytestmark = pytest.mark.django_db


def kinds(story) -> list[str]:
    return list(Event.objects.filter(run=story.run).order_by("number").values_list("kind", flat=True))


def told(person) -> list[str]:
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_a_proposal_starts_in_drafting_and_the_system_opened_it(story):
    story.start()
    assert story.stage == "drafting"
    moved = Event.objects.get(run=story.run, kind="moved")
    assert moved.actor is None
    assert access.openings_of(story.proposal.pk) == {"edit", "submit"}


def test_nobody_starts_in_an_area_with_nine_sources(story, organisation, author):
    area = make_area("thin", sources=9, now=story.now)
    with pytest.raises((NotNow, Invalid)):
        runs.start(
            person=author,
            title="T",
            area_id=area.pk,
            lead_organisation_id=organisation.pk,
            language="en",
            now=story.now,
        )


def test_nobody_starts_for_an_organisation_they_do_not_draft_for(story, outsider):
    story.author = outsider
    with pytest.raises(NotAllowed):
        story.start()


def test_an_incomplete_proposal_is_not_submitted(story):
    with pytest.raises(NotNow) as refusal:
        story.start().submit()
    assert refusal.value.code == "incomplete"
    assert story.stage == "drafting"


def test_submitting_freezes_the_text_and_closes_it(story):
    story.start().write().submit()
    assert story.stage == "community-review"
    assert Revision.objects.get(proposal=story.proposal).number == 1
    assert not access.is_open(story.proposal.pk, "edit")
    with pytest.raises(NotNow):
        story.write_section("context", "Later words.")
    assert "round-wanted" in told(story.coordinator)


def test_submitting_twice_from_the_same_page_submits_once(story):
    story.start().write()
    visit = story.visit
    story.submit()
    with pytest.raises(NotNow) as refusal:
        submission.submit(proposal_id=story.proposal.pk, person=story.author, visit_id=visit.pk, now=story.now)
    assert refusal.value.code == "stage-moved"
    assert Revision.objects.filter(proposal=story.proposal).count() == 1


def test_a_reviewer_of_an_authors_organisation_cannot_be_picked(story, organisation):
    colleague = make_person("Henrik Colleague", organisation=organisation)
    story.reviewers.append(colleague)
    with pytest.raises(Invalid) as refusal:
        story.start().write().submit().open_round()
    assert "Henrik Colleague belongs to an organisation of the authors." in refusal.value.errors["reviewers"]
    assert not Round.objects.exists()


def test_a_coordinator_of_an_authors_organisation_opens_no_round(story, organisation):
    join(story.coordinator, organisation)
    story.start().write().submit()
    with pytest.raises(NotAllowed) as refusal:
        story.open_round()
    assert refusal.value.code == "conflict-of-interest"


def test_a_round_needs_its_quorum_and_a_deadline_ahead(story, second_reviewer):
    story.start().write().submit()
    story.reviewers = [second_reviewer]
    with pytest.raises(Invalid) as refusal:
        story.open_round(days=-1)
    assert set(refusal.value.errors) == {"reviewers", "closes_at"}


@pytest.mark.parametrize("who", ["author", "reviewer", "outsider", "official"])
def test_only_a_coordinator_opens_a_round(story, who, request):
    story.start().write().submit()
    story.coordinator = request.getfixturevalue(who)
    with pytest.raises((NotFound, NotAllowed)):
        story.open_round()


def test_a_coordinator_of_another_area_knows_nothing_of_the_proposal(story):
    elsewhere = make_person("Elsewhere", organisation=make_organisation("Example Elsewhere"))
    grant(elsewhere, "coordinator", scope="area:another")
    story.start().write().submit()
    story.coordinator = elsewhere
    with pytest.raises(NotFound):
        story.open_round()


def test_reviewers_read_the_text_from_acceptance_on(story, reviewer):
    story.in_review()
    assignment = Assignment.objects.get(reviewer=reviewer)
    assert access.readable_revisions(reviewer, story.proposal.pk) == frozenset()
    with pytest.raises(NotNow):
        reviews.save(assignment_id=assignment.pk, person=reviewer, draft=ReviewDraft(), now=story.now)
    rounds.accept(assignment_id=assignment.pk, person=reviewer, now=story.now)
    assert access.readable_revisions(reviewer, story.proposal.pk) == {assignment.round.revision_id}
    rounds.decline(assignment_id=assignment.pk, person=reviewer, reason="No time", now=story.now)
    assert access.readable_revisions(reviewer, story.proposal.pk) == frozenset()
    assert "declined" in told(story.coordinator)


def test_somebody_who_joined_an_authors_organisation_since_is_barred_on_accepting(story, reviewer, organisation):
    story.in_review()
    join(reviewer, organisation)
    assignment = Assignment.objects.get(reviewer=reviewer)
    rounds.accept(assignment_id=assignment.pk, person=reviewer, now=story.now)
    assignment.refresh_from_db()
    assert assignment.barred_at
    assert access.readable_revisions(reviewer, story.proposal.pk) == frozenset()


def test_nobody_answers_or_writes_for_another_reviewer(story, reviewer, second_reviewer, outsider):
    story.in_review()
    theirs = Assignment.objects.get(reviewer=reviewer)
    for person in (second_reviewer, outsider, story.author, story.coordinator):
        for call in (
            lambda who: rounds.accept(assignment_id=theirs.pk, person=who, now=story.now),
            lambda who: rounds.decline(assignment_id=theirs.pk, person=who, reason="", now=story.now),
            lambda who: reviews.save(assignment_id=theirs.pk, person=who, draft=ReviewDraft(), now=story.now),
            lambda who: reviews.submit(assignment_id=theirs.pk, person=who, draft=ReviewDraft(), now=story.now),
        ):
            with pytest.raises(NotFound):
                call(person)


def test_a_draft_review_keeps_everything_and_an_incomplete_one_is_not_taken(story, reviewer):
    story.in_review()
    assignment = Assignment.objects.get(reviewer=reviewer)
    rounds.accept(assignment_id=assignment.pk, person=reviewer, now=story.now)
    draft = ReviewDraft(scores={"relevance": 4}, comment="So far", points=(PointDraft(text="A"), PointDraft(text="")))
    reviews.save(assignment_id=assignment.pk, person=reviewer, draft=draft, now=story.now)
    with pytest.raises(Invalid) as refusal:
        reviews.submit(assignment_id=assignment.pk, person=reviewer, draft=draft, now=story.now)
    assert set(refusal.value.errors) == {
        "score-evidence",
        "score-feasibility",
        "score-clarity",
        "advice",
        "points-1-text",
    }
    stored = assignment.review
    assert (stored.comment, stored.submitted_at, stored.points.count()) == ("So far", None, 2)


def test_a_review_after_the_deadline_gives_back_what_was_typed(story, reviewer):
    story.in_review()
    assignment = Assignment.objects.get(reviewer=reviewer)
    rounds.accept(assignment_id=assignment.pk, person=reviewer, now=story.now)
    late = assignment.round.closes_at
    with pytest.raises(NotNow) as refusal:
        reviews.submit(
            assignment_id=assignment.pk,
            person=reviewer,
            draft=ReviewDraft(scores=SCORES, comment="Hours of work", advice="revise"),
            now=late,
        )
    assert refusal.value.context["kept"] == {"Comment": "Hours of work"}


def test_the_clock_closes_the_round_and_the_author_is_told(story):
    story.in_revision()
    assert story.stage == "revision"
    closed = Event.objects.filter(run=story.run, kind="round-closed")
    assert closed.count() == 2
    assert not closed.exclude(actor=None).exists()
    assert not closed.exclude(data__quorum_met=True).exists()
    assert told(story.author) == ["review-closed"]
    assert Delivery.objects.filter(notification__person=story.author, channel="mail").count() == 1


def test_ticking_again_closes_nothing_twice(story):
    story.in_revision()
    before = kinds(story)
    story.pass_time(minutes=1)
    assert kinds(story) == before


def test_without_the_quorum_a_further_round_can_be_opened(story, reviewer, second_reviewer):
    story.in_review().test_in_city()
    story.review(reviewer, "One remark")
    story.pass_time(days=14)
    assert story.stage == "community-review"
    assert "quorum-missed" in told(story.coordinator)
    story.reviewers = [second_reviewer]
    story.open_round()
    second = Assignment.objects.get(reviewer=second_reviewer, round__closed_at=None)
    rounds.accept(assignment_id=second.pk, person=second_reviewer, now=story.now)
    reviews.submit(
        assignment_id=second.pk,
        person=second_reviewer,
        draft=ReviewDraft(scores=SCORES, advice="publish"),
        now=story.now,
    )
    story.pass_time(days=14)
    assert story.stage == "revision"


def test_points_are_answered_by_authors_only_and_all_of_them(story, reviewer, outsider):
    story.in_revision()
    with pytest.raises(NotNow) as refusal:
        story.submit()
    assert refusal.value.code == "points-unanswered"
    point = reviewer.assignments.get().review.points.get()
    for person in (outsider, reviewer):
        with pytest.raises(NotFound):
            points.dispose(point_id=point.pk, person=person, outcome="accepted", reason="x", now=story.now)
    with pytest.raises(NotAllowed):
        points.dispose(point_id=point.pk, person=story.coordinator, outcome="accepted", reason="x", now=story.now)
    with pytest.raises(Invalid) as refusal:
        points.dispose(point_id=point.pk, person=story.author, outcome="maybe", reason=" ", now=story.now)
    assert set(refusal.value.errors) == {"outcome", "reason"}


def test_answers_name_the_revision_that_carries_them(story, reviewer):
    story.in_revision()
    story.write_section("context", "Changed after the review. " * 20)
    story.answer_points().submit()
    disposition = reviewer.assignments.get().review.points.get().disposition
    assert disposition.revision.number == 2
    assert story.stage == "decision"
    assert "decision-wanted" in told(story.coordinator)


@pytest.mark.parametrize("who", ["author", "reviewer", "outsider"])
def test_only_deciders_decide(story, who, request):
    story.in_decision()
    story.coordinator = request.getfixturevalue(who)
    with pytest.raises(NotFound):
        story.decide()
    assert not Decision.objects.exists()


def test_a_decider_with_a_conflict_is_barred(story, decider, organisation):
    story.in_decision()
    Membership.objects.create(person=decider, organisation=organisation)
    story.coordinator = decider
    with pytest.raises(NotAllowed) as refusal:
        story.decide()
    assert refusal.value.code == "conflict-of-interest"


def test_publishing_makes_edition_one_and_tells_all_who_took_part(story, reviewer, second_reviewer):
    story.in_decision().decide()
    edition = Edition.objects.get()
    assert (edition.number, edition.origin) == (1, "run")
    assert story.run.publication == edition.publication
    assert edition.revision_hash == Revision.objects.filter(proposal=story.proposal).latest("number").content_hash
    assert "published" in told(story.author)
    for person in (story.coordinator, reviewer, second_reviewer):
        assert "published-news" in told(person)
    decision = Decision.objects.get()
    assert decision.inputs["quorum"] == {"needed": 2, "submitted": 2}
    assert decision.inputs["points"] == {"raised": 2, "answered": 2}
    assert kinds(story)[-4:] == ["decided", "moved", "edition-published", "moved"]
    assert story.stage == "follow-up"


def test_a_decision_needs_a_reason_and_a_known_outcome(story):
    story.in_decision()
    with pytest.raises(Invalid) as refusal:
        story.decide(outcome="submit", reason="  ")
    assert set(refusal.value.errors) == {"outcome", "reason"}


def test_deciding_on_a_page_that_has_moved_gives_back_the_reason(story):
    story.in_decision()
    visit = story.visit
    story.decide(outcome="return")
    with pytest.raises(NotNow) as refusal:
        decisions.decide(
            proposal_id=story.proposal.pk,
            person=story.coordinator,
            visit_id=visit.pk,
            outcome="publish",
            reason="Typed with care",
            now=story.now,
        )
    assert refusal.value.context["kept"] == {"Reason": "Typed with care"}


def test_withdrawing_gives_the_draft_back_and_cancels_the_round(story, reviewer):
    story.in_review()
    assignment = Assignment.objects.get(reviewer=reviewer)
    rounds.accept(assignment_id=assignment.pk, person=reviewer, now=story.now)
    submission.withdraw(
        proposal_id=story.proposal.pk, person=story.author, visit_id=story.visit.pk, reason="New facts", now=story.now
    )
    assert story.stage == "drafting"
    assert access.is_open(story.proposal.pk, "edit")
    assert access.readable_revisions(reviewer, story.proposal.pk) == frozenset()
    assert Round.objects.get().cancelled_at
    assert not story.run.visits.filter(stage="city-prototyping", left_at=None).exists()
    assert "withdrawn" in told(story.coordinator)
    story.submit()
    assert story.stage == "community-review"


def test_a_timer_reminds_once(story):
    story.in_revision()
    story.pass_time(days=28)
    story.pass_time(days=1)
    assert told(story.author).count("reminder") == 1


@pytest.mark.parametrize("stage", ["in_review", "in_revision"])
def test_what_nobody_acts_on_for_a_year_is_closed_and_those_concerned_are_told_once(story, stage):
    getattr(story, stage)()
    story.pass_time(days=400)
    story.pass_time(days=1)
    assert story.stage == "closed"
    assert not story.run.visits.filter(left_at=None).exclude(stage="closed").exists()
    assert access.openings_of(story.proposal.pk) == frozenset()
    assert (told(story.author).count("lapsed"), told(story.coordinator).count("lapsed-news")) == (1, 1)
    fired = Event.objects.get(run=story.run, kind="timer-fired", data__takes="lapse")
    assert fired.actor is None
    assert replay_differences() == []
    assert access_differences() == []


def test_drafts_are_deleted_and_restored_and_proposals_archived(story):
    story.start()
    everyone = {"proposal_id": story.proposal.pk, "person": story.author, "now": story.now}
    submission.delete(**everyone)
    assert access.openings_of(story.proposal.pk) == frozenset()
    submission.restore(**everyone)
    assert access.is_open(story.proposal.pk, "edit")
    submission.archive(**everyone)
    assert access.openings_of(story.proposal.pk) == frozenset()
    submission.unarchive(**everyone)
    story.write().submit()
    with pytest.raises(NotNow):
        submission.archive(**everyone)


def test_a_run_that_raises_is_set_aside_and_the_rest_pass(story, author, organisation, monkeypatch):
    story.in_review()
    broken = story.run
    other = Story(author, organisation, story.coordinator, story.reviewers, story.now, title="Another").in_review()
    definition = broken.version.content | {
        "stages": [stage for stage in broken.version.content["stages"] if stage["kind"] != "review"]
    }
    version = ProcessVersion.objects.create(
        definition=broken.version.definition, number=99, content=definition, content_hash="x", published_at=story.now
    )
    Run.objects.filter(pk=broken.pk).update(version=version)
    story.now += timedelta(days=14)
    outcome = clockwork.tick(now=story.now)
    assert outcome.set_aside == 1
    broken.refresh_from_db()
    assert "community-review" in broken.set_aside_error
    assert Round.objects.get(visit__run=other.run).closed_at
    assert clockwork.tick(now=story.now).runs == 0
    Run.objects.filter(pk=broken.pk).update(version=other.run.version)
    clockwork.tick(now=story.now + timedelta(minutes=1))
    broken.refresh_from_db()
    assert (broken.set_aside_at, broken.attempts) == (None, 0)
    assert Round.objects.get(visit__run=broken).closed_at


def test_batches_cost_the_same_number_of_queries(story, author, organisation):
    def several(number: int) -> list[int]:
        ids = []
        for index in range(number):
            each = Story(author, organisation, story.coordinator, story.reviewers, story.now, title=f"Number {index}")
            each.in_review()
            ids.append(each.run.pk)
        Round.objects.filter(visit__run__in=ids).update(quorum=1)
        for assignment in Assignment.objects.filter(round__visit__run__in=ids):
            rounds.accept(assignment_id=assignment.pk, person=assignment.reviewer, now=story.now)
            reviews.submit(
                assignment_id=assignment.pk,
                person=assignment.reviewer,
                draft=ReviewDraft(scores=SCORES, advice="publish"),
                now=story.now,
            )
        return ids

    counts = []
    for number in (1, 4):
        ids = several(number)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            outcome = transition(ids, now=story.now + timedelta(days=14))
        assert outcome.steps == 2 * number
        counts.append(len(queries))
    assert counts[0] == counts[1]
