"""What people do at the same time, too late or wrongly, and clocks that jump."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from ekip.shared.errors import Invalid, NotNow, Refusal
from engine.models import Assignment, Decision, Event, Round
from engine.services import decisions, rounds
from engine.services.definitions import Unsound, publish_definition
from partners.models import Notification, RoleGrant
from recommendations import access
from recommendations.models import Edition
from tests.people import grant, make_organisation, make_person


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_deciding_at_once_one_decides_and_one_is_told(story):
    story.in_decision()
    other = make_person("Second Coordinator", organisation=make_organisation("Example Second Office"))
    grant(other, RoleGrant.Role.COORDINATOR)
    visit, refusals = story.visit, []
    together = threading.Barrier(2)

    def decide(person, outcome):
        try:
            together.wait()
            decisions.decide(
                proposal_id=story.proposal.pk,
                person=person,
                visit_id=visit.pk,
                outcome=outcome,
                reason="Typed with care",
                now=story.now,
            )
        except Refusal as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=pair) for pair in ((story.coordinator, "publish"), (other, "decline"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Decision.objects.count() == 1
    assert Event.objects.filter(kind="decided").count() == 1
    (refusal,) = refusals
    assert isinstance(refusal, NotNow)
    assert refusal.context["kept"] == {"Reason": "Typed with care"}
    assert Edition.objects.count() == (Decision.objects.get().outcome == "publish")


@pytest.mark.django_db
def test_a_reviewer_removed_after_submitting_no_longer_counts(story, reviewer):
    story.in_review().test_in_city()
    for person in story.reviewers:
        story.review(person, "One remark")
    assignment = Assignment.objects.get(reviewer=reviewer)
    removal = {"assignment_id": assignment.pk, "person": story.coordinator, "now": story.now}
    with pytest.raises(Invalid):
        rounds.remove_reviewer(**removal, reason=" ")
    rounds.remove_reviewer(**removal, reason="Joined the authors' organisation.")
    assert access.readable_revisions(reviewer, story.proposal.pk) == frozenset()
    story.pass_time(days=14)
    assert story.stage == "community-review"
    closed = Event.objects.get(kind="round-closed", data__round=assignment.round_id)
    assert closed.data["quorum_met"] is False


@pytest.mark.django_db
def test_a_clock_that_jumps_a_week_past_the_deadline_closes_once(story, author):
    story.in_review().test_in_city()
    for person in story.reviewers:
        story.review(person, "One remark")
    deadline = Round.objects.get(kind="review").closes_at
    story.pass_time(days=21)
    story.pass_time(minutes=1)
    round = Round.objects.get(kind="review")
    assert round.closed_at == deadline + timedelta(days=7)
    assert Event.objects.filter(kind="round-closed").count() == 2
    assert Notification.objects.filter(person=author, kind="review-closed").count() == 1


@pytest.mark.django_db
def test_each_fault_of_a_process_is_named_with_its_line(now):
    text = """format: ekip-process/1
key: broken
title: Broken
stages:
  - key: draft
    kind: dream
    label: Draft
    open_ended: true
    transitions:
      - {key: go, kind: advance, label: Go, to: nowhere, by: author}
  - key: end
    kind: end
    label: End
    end: true
"""
    with pytest.raises(Unsound) as refusal:
        publish_definition(text, person=None, now=now)
    assert [(each.line, each.code) for each in refusal.value.found] == [(6, "unknown"), (10, "unknown-stage")]
    assert "line 6: “dream” is not known here" in str(refusal.value)
    with pytest.raises(Unsound, match="line 1: Anchors"):
        publish_definition("a: &x 1", person=None, now=now)
