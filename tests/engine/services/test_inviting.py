"""Further people are asked into open rounds, into one or into many."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ekip.shared.errors import Invalid, NotAllowed, NotFound, NotNow
from engine.models import Assignment, Round
from engine.services import inviting, pauses, rounds
from tests import people
from tests.engine.processes import consulting, drafting, ended, follow, reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def third(db):
    """One more reviewer."""
    return people.make_person("Ines Third", organisation=people.make_organisation("Example Lab"))


def more(story, round, *chosen, person=None):
    return inviting.invite_more(
        round_id=round.pk,
        person_ids=[each.pk for each in chosen],
        person=person or story.coordinator,
        now=story.now,
    )


def test_a_further_reviewer_is_told_and_reviews_the_same_text(story, third):
    story.in_review()
    round = Round.objects.get(kind="review")
    more(story, round, third)
    assignment = Assignment.objects.get(reviewer=third)
    assert (assignment.invited_at, assignment.organisation.name) == (story.now, "Example Lab")
    assert third.notifications.get().kind == "invitation"
    story.accept_and_hand_in(assignment, "Say where.")
    kinds = list(story.run.events.order_by("-number").values_list("kind", flat=True)[:4])
    assert kinds == ["review-submitted", "invitation-accepted", "reviewer-invited", "reviewer-invited"]


def test_nobody_is_asked_twice_nor_with_a_conflict_and_nobody_else_is_asked_then(story, third, reviewer, author):
    story.in_review()
    round = Round.objects.get(kind="review")
    with pytest.raises(Invalid) as refusal:
        more(story, round, third, reviewer, author)
    assert refusal.value.errors == {
        "reviewers": [
            "Giulia Reviewer: has been asked already.",
            "Hanna Author: has a conflict of interest with this proposal.",
        ]
    }
    assert not Assignment.objects.filter(reviewer=third).exists()
    with pytest.raises(Invalid):
        more(story, round)
    third.is_active = False
    third.save()
    with pytest.raises(Invalid):
        more(story, round, third)


def test_who_declined_or_was_taken_out_is_not_asked_anew(story, reviewer, second_reviewer):
    story.in_review()
    round = Round.objects.get(kind="review")
    first, second = (round.assignments.get(reviewer=each) for each in (reviewer, second_reviewer))
    rounds.decline(assignment_id=first.pk, person=reviewer, reason="No time.", now=story.now)
    rounds.remove_reviewer(assignment_id=second.pk, person=story.coordinator, reason="Moved.", now=story.now)
    [asking] = inviting.look_at_invitations(
        round_ids=[round.pk], person_ids=[reviewer.pk, second_reviewer.pk], person=story.coordinator, now=story.now
    )
    assert [why for _who, why in asking.left_out] == [
        "has declined, and can still take the invitation up",
        "was taken out of this round",
    ]


def test_not_into_a_closed_or_paused_round_nor_a_consultation(story, third):
    story.in_review()
    round = Round.objects.get(kind="review")
    pauses.pause_runs(run_ids=[story.run.pk], person=story.coordinator, reason="Elections.", now=story.now)
    with pytest.raises(NotNow, match="paused"):
        more(story, round, third)
    pauses.resume_runs(run_ids=[story.run.pk], person=story.coordinator, now=story.now)
    story.now += timedelta(days=14)
    with pytest.raises(NotNow, match="closed"):
        more(story, round, third)


def test_a_consultation_invites_nobody(story, third):
    follow(story, drafting("consulting"), consulting("closed"), ended())
    story.start().write().submit()
    with pytest.raises(NotNow, match="Everybody"):
        more(story, story.open_consultation(), third)


def test_the_panel_of_the_process_is_not_passed(story, third):
    follow(story, drafting("reading"), reading("closed", round={"panel": 2}), ended())
    story.start().write().submit()
    with pytest.raises(NotNow, match="allows 2 people"):
        more(story, story.open_round(template="reading"), third)


def test_only_who_coordinates_without_a_conflict_asks(story, third, author, decider, outsider, organisation):
    story.in_review()
    round = Round.objects.get(kind="review")
    for person in (author, decider, outsider):
        with pytest.raises(NotFound):
            more(story, round, third, person=person)
    people.join(story.coordinator, organisation)
    with pytest.raises(NotAllowed):
        more(story, round, third)


def test_answers_are_wished_of_those_asked_late_as_late_as_the_process_gives(story, third):
    follow(story, drafting("reading"), reading("closed", round={"response": "P5D"}), ended())
    story.start().write().submit()
    round = story.open_round(template="reading")
    story.now += timedelta(days=4)
    more(story, round, third)
    round.refresh_from_db()
    assert round.answer_by == story.now + timedelta(days=5)


def test_many_rounds_ask_each_whom_they_can(story, third, author):
    elsewhere = people.make_organisation("Example Island")
    other = people.make_person("Ola Author", organisation=elsewhere, role="drafter")
    story.in_review()
    second = replace(story, title="Second", author=other, organisation=elsewhere, reviewers=[third, story.reviewers[0]])
    second.in_review()
    ids = list(Round.objects.order_by("pk").values_list("pk", flat=True))
    askings = inviting.invite_each(
        round_ids=ids, person_ids=[third.pk, author.pk], person=story.coordinator, now=story.now
    )
    assert [[who.name for who in each.invited] for each in askings] == [["Ines Third"], ["Hanna Author"]]
    assert Assignment.objects.filter(reviewer=author, round=ids[1]).count() == 1
