"""People who leave in the middle of a stage: as reviewer, as author, as coordinator."""

import pytest

from ekip.shared.errors import NotFound
from engine.models import Assignment, Event
from engine.permissions import may_schedule
from engine.selectors.history import history
from engine.selectors.panels import panels
from engine.services import clockwork, deadlines, rounds
from partners.models import Membership, Notification, RoleGrant, User
from partners.services import people
from recommendations.permissions import may_edit
from tests.people import grant, make_organisation, make_person

pytestmark = pytest.mark.django_db


def leave(story, person) -> None:
    Membership.objects.filter(person=person).update(ended_at=story.now)
    clockwork.tick(now=story.now)


def close_account(story, person) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    clockwork.tick(now=story.now)


def part(person) -> Assignment:
    return Assignment.objects.get(reviewer=person)


def test_a_reviewer_who_leaves_the_organisation_stays_and_no_longer_counts_for_it(story, reviewer):
    story.in_review()
    round = story.visit.rounds.get()
    elsewhere = make_organisation("Example Coast")
    people.join(person=reviewer, organisation=elsewhere, role=Membership.Role.MEMBER, now=story.now)
    Membership.objects.filter(person=reviewer).exclude(organisation=elsewhere).update(ended_at=story.now)
    clockwork.tick(now=story.now)
    clockwork.tick(now=story.now)
    assert (part(reviewer).organisation, part(reviewer).barred_at) == (elsewhere, None)
    told = Notification.objects.get(kind="reviewer-left")
    assert told.person == story.coordinator
    assert reviewer.name in told.body and "Still missing: 2 reviews" in told.body
    assert told.path == f"/rounds/{round.pk}/"
    assert "stays in the round" in history(story.run, names_reviewers=True)[0].text
    assert all("organisation for which" not in each.text for each in history(story.run, names_reviewers=False))
    story.review(reviewer, "A remark.")
    assert panels([round.pk])[round.pk].submitted == 1


def test_who_belongs_nowhere_any_more_reviews_for_nobody(story, reviewer):
    story.in_review()
    leave(story, reviewer)
    assert part(reviewer).organisation is None
    story.review(reviewer, "A remark.")
    round = story.visit.rounds.get()
    assert panels([round.pk])[round.pk].kinds == frozenset()


def test_a_review_that_is_in_keeps_the_organisation_it_was_written_for(story, reviewer):
    story.in_review()
    story.review(reviewer, "A remark.")
    before = part(reviewer).organisation
    leave(story, reviewer)
    assert part(reviewer).organisation == before
    assert not Notification.objects.filter(kind="reviewer-left").exists()


def test_a_reviewer_without_an_account_is_taken_out_and_the_quorum_asked_anew(story, reviewer):
    story.in_review()
    round = story.visit.rounds.get()
    rounds.accept(assignment_id=part(reviewer).pk, person=reviewer, now=story.now)
    assert panels([round.pk])[round.pk].invited == 2
    close_account(story, reviewer)
    assert part(reviewer).barred_at == story.now
    assert panels([round.pk])[round.pk].invited == 1
    assert Notification.objects.filter(kind="reviewer-left", person=story.coordinator).count() == 1
    assert Event.objects.filter(kind="reviewer-left").count() == 1
    story.pass_time(days=14)
    told = Notification.objects.filter(person=reviewer).values_list("kind", flat=True)
    assert set(told) <= {"invitation", "reminder"}
    assert not Notification.objects.filter(person=reviewer, kind="reminder").exists()


def test_an_author_who_leaves_the_organisation_stays_the_author(story, author):
    story.start()
    leave(story, author)
    assert may_edit(author, story.proposal)
    story.write().submit()
    assert story.stage == "community-review"


def test_what_a_coordinator_could_do_ends_with_the_role_at_once(story):
    story.in_review()
    RoleGrant.objects.filter(person=story.coordinator).update(ended_at=story.now)
    assert not may_schedule(story.coordinator, story.proposal)
    with pytest.raises(NotFound):
        deadlines.close_round_now(
            round_id=story.visit.rounds.get().pk, person=story.coordinator, reason="Why.", now=story.now
        )


def test_an_answer_to_an_invitation_goes_to_those_who_coordinate_now(story, reviewer):
    story.in_review()
    deputy = make_person("Dora Deputy", organisation=make_organisation("Example Bureau"))
    grant(deputy, RoleGrant.Role.DEPUTY)
    RoleGrant.objects.filter(person=story.coordinator).update(ended_at=story.now)
    rounds.decline(assignment_id=part(reviewer).pk, person=reviewer, reason="No time.", now=story.now)
    assert {row.person for row in Notification.objects.filter(kind="declined")} == {deputy}


def test_as_long_as_they_coordinate_only_who_opened_the_round_is_told_of_a_refusal(story, reviewer):
    story.in_review()
    deputy = make_person("Dora Deputy", organisation=make_organisation("Example Bureau"))
    grant(deputy, RoleGrant.Role.DEPUTY)
    rounds.decline(assignment_id=part(reviewer).pk, person=reviewer, reason="No time.", now=story.now)
    assert {row.person for row in Notification.objects.filter(kind="declined")} == {story.coordinator}


def test_a_coordinator_with_a_conflict_does_not_hear_who_left_or_declined(
    story, reviewer, second_reviewer, organisation
):
    story.in_review()
    deputy = make_person("Dora Deputy", organisation=make_organisation("Example Bureau"))
    grant(deputy, RoleGrant.Role.DEPUTY)
    people.join(person=story.coordinator, organisation=organisation, role=Membership.Role.MEMBER, now=story.now)
    rounds.decline(assignment_id=part(reviewer).pk, person=reviewer, reason="No time.", now=story.now)
    close_account(story, second_reviewer)
    told = Notification.objects.filter(kind__in=["declined", "reviewer-left"])
    assert sorted((row.kind, row.person.name) for row in told) == [
        ("declined", "Dora Deputy"),
        ("reviewer-left", "Dora Deputy"),
    ]
