"""Branches, second rounds, city tests, and what becomes of a publication, by the services."""

import pytest

from ekip.shared.errors import Invalid, NotAllowed, NotFound, NotNow
from engine.models import Assignment, CityCase, Event, Round
from engine.services import cases, decisions, rounds, submission
from partners.models import Notification
from recommendations import access
from recommendations.models import Edition, Notice, Revision
from tests.recommendations import shelf

pytestmark = pytest.mark.django_db


def stages(story) -> set[str]:
    return set(story.run.visits.filter(left_at=None).values_list("stage", flat=True))


def told(person) -> list[str]:
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def decide(story, outcome: str, reason: str = "Because it helps.", **more) -> None:
    decisions.decide(
        proposal_id=story.proposal.pk,
        person=story.coordinator,
        visit_id=story.visit.pk,
        outcome=outcome,
        reason=reason,
        now=story.now,
        **more,
    )


def test_review_and_city_test_run_beside_each_other(story):
    story.start().write().submit()
    assert stages(story) == {"community-review", "city-prototyping"}
    assert access.openings_of(story.proposal.pk) == {"review", "test", "list"}


def test_the_revision_waits_for_both_branches(story):
    story.in_review()
    for person in story.reviewers:
        story.review(person, "One remark")
    story.pass_time(days=14)
    assert stages(story) == {"city-prototyping"}
    story.test_in_city("The room is missing")
    story.pass_time(days=14)
    assert stages(story) == {"revision"}


def test_sending_back_from_one_branch_closes_the_other(story, reviewer):
    story.in_review()
    story.open_city_test()
    everything = {"proposal_id": story.proposal.pk, "visit_id": story.visit.pk, "now": story.now}
    with pytest.raises(Invalid):
        submission.send_back(**everything, person=story.coordinator, reason=" ")
    with pytest.raises(NotFound):
        submission.send_back(**everything, person=reviewer, reason="No")
    submission.send_back(**everything, person=story.coordinator, reason="The facts have changed.")
    assert stages(story) == {"drafting"}
    assert Round.objects.filter(cancelled_at__isnull=False).count() == 2
    closed = Event.objects.get(run=story.run, kind="branch-closed")
    assert closed.data == {"stage": "city-prototyping", "because": "send-back"}
    assert "sent-back" in told(story.author)


def test_a_city_case_is_kept_as_typed_and_handed_in_whole(story):
    story.in_review()
    assignment = story.open_city_test().assignments.get()
    call = {"assignment_id": assignment.pk, "person": story.facilitator, "now": story.now}
    with pytest.raises(NotNow):
        cases.save(**call, draft=cases.CaseDraft())
    rounds.accept(assignment_id=assignment.pk, person=story.facilitator, now=story.now)
    cases.save(**call, draft=cases.CaseDraft(set_up="So far"))
    with pytest.raises(Invalid) as refusal:
        cases.submit(**call, draft=cases.CaseDraft(set_up="So far"))
    assert set(refusal.value.errors) == {"ecosystem", "participants", "findings"}
    assert CityCase.objects.get().set_up == "So far"
    with pytest.raises(Invalid) as refusal:
        cases.save(
            **call, draft=cases.CaseDraft(participants={"ghosts": 1}, findings={"no-such": "x"}, gaps="y" * 20_001)
        )
    assert set(refusal.value.errors) == {"participants-ghosts", "finding-no-such", "gaps"}
    cases.submit(**call, draft=story.case_draft())
    assert cases.submit(**call, draft=story.case_draft()) == CityCase.objects.get()


def test_nobody_else_records_the_case(story, outsider, reviewer):
    story.in_review()
    assignment = story.open_city_test().assignments.get()
    for person in (outsider, reviewer, story.author, story.coordinator):
        with pytest.raises(NotFound):
            cases.submit(assignment_id=assignment.pk, person=person, draft=story.case_draft(), now=story.now)


def test_a_second_round_asks_about_the_revised_text(story, reviewer):
    story.in_decision()
    decide(story, "second-round", "Look at the new context once more.")
    assert stages(story) == {"community-review"}
    second = story.open_round()
    assert second.revision == Revision.objects.filter(proposal=story.proposal).latest("number")
    assert Assignment.objects.filter(reviewer=reviewer).count() == 2
    assignment = second.assignments.get(reviewer=reviewer)
    assert assignment.accepted_at is None


def test_second_rounds_are_bounded(story):
    story.in_decision()
    for _time in range(2):
        decide(story, "second-round")
        story.open_round()
        for assignment in Assignment.objects.filter(round__visit=story.visit):
            rounds.accept(assignment_id=assignment.pk, person=assignment.reviewer, now=story.now)
            story.hand_in(assignment)
        story.pass_time(days=14)
        story.answer_points().submit()
    with pytest.raises(NotNow) as refusal:
        decide(story, "second-round")
    assert refusal.value.code == "too-often"


def test_the_edition_carries_the_city_case_and_names_nobody(story, reviewer):
    story.in_decision().decide()
    provenance = Edition.objects.get().provenance
    (case,) = provenance["city_cases"]
    assert case["ecosystem"]["name"] == "Example Port City"
    assert [each["people"] for each in case["participants"]] == [8, 6]
    assert provenance["took_part"]["kinds"] == {"other": 5}
    assert [each["outcome"] for each in provenance["responses"]] == ["accepted", "accepted"]
    for person in (story.author, reviewer, story.coordinator, story.facilitator):
        assert person.name not in str(provenance)


def test_a_correction_is_a_new_edition_and_says_so_on_the_old_one(story, reviewer):
    story.in_decision().decide()
    decide(story, "correct", "A figure was wrong.")
    assert stages(story) == {"correction"}
    assert "correction-wanted" in told(story.author)
    with pytest.raises(NotNow) as refusal:
        decide(story, "reissue", "Nothing done")
    assert refusal.value.code == "unchanged"
    story.write_section("context", "The figure is mended. " * 20)
    decide(story, "reissue", "The figure in the context was mended.")
    first, second = Edition.objects.order_by("number")
    assert (second.number, second.publication) == (2, first.publication)
    notice = Notice.objects.get(edition=first)
    assert (notice.kind, notice.text, notice.successor) == (
        "correction",
        "The figure in the context was mended.",
        second,
    )
    assert "corrected-news" in told(reviewer)
    assert stages(story) == {"follow-up"}
    assert not access.is_open(story.proposal.pk, "edit")


def test_a_withdrawal_leaves_a_notice_and_ends_the_run(story, reviewer):
    story.in_decision().decide()
    edition = Edition.objects.get()
    decide(story, "withdraw-publication", "Overtaken by new law.")
    notice = Notice.objects.get()
    assert (notice.edition, notice.kind, notice.text) == (edition, "withdrawal", "Overtaken by new law.")
    assert stages(story) == {"withdrawn"}
    assert "edition-withdrawn-news" in told(reviewer)


def test_another_publication_takes_the_place_and_a_withdrawal_stays_possible(story, reviewer):
    story.in_decision().decide()
    edition, successor = Edition.objects.get(), shelf.place("another-way")
    decide(story, "supersede", "The newer text covers both.", successor_id=successor.pk)
    notice = Notice.objects.get()
    assert (notice.edition, notice.kind, notice.text, notice.successor) == (
        edition,
        "supersession",
        "The newer text covers both.",
        successor,
    )
    event = Event.objects.get(run=story.run, kind="edition-superseded")
    assert event.data == {"publication": edition.publication_id, "edition": 1, "serial": edition.serial}
    assert told(reviewer)[-1] == "superseded-news"
    assert stages(story) == {"superseded"}
    assert access.openings_of(story.proposal.pk) == {"decide", "list"}
    decide(story, "withdraw-publication", "Overtaken by new law.")
    assert stages(story) == {"withdrawn"}


def nothing() -> None:
    """No successor is chosen."""


def unknown() -> int:
    """An edition that is not there."""
    return 999_999


def withdrawn() -> int:
    """An edition that was withdrawn."""
    edition = shelf.place("gone")
    shelf.say(edition, "withdrawal")
    return edition.pk


def superseded() -> int:
    """An edition whose place another one took."""
    edition = shelf.place("old")
    shelf.say(edition, "supersession", successor=shelf.place("new"))
    return edition.pk


def corrected() -> int:
    """An edition that a newer one corrects."""
    edition = shelf.place("wrong")
    shelf.say(edition, "correction", successor=shelf.place("wrong"))
    return edition.pk


def own() -> int:
    """The edition itself."""
    return Edition.objects.get().pk


@pytest.mark.parametrize("choice", [nothing, unknown, withdrawn, superseded, corrected, own])
def test_only_what_is_current_takes_the_place(story, choice):
    story.in_decision().decide()
    successor_id, notices = choice(), Notice.objects.count()
    with pytest.raises(Invalid) as refusal:
        decide(story, "supersede", "Newer.", successor_id=successor_id)
    assert set(refusal.value.errors) == {"successor"}
    if successor_id is not None:
        with pytest.raises(Invalid) as refusal:
            decide(story, "withdraw-publication", "Overtaken", successor_id=successor_id)
        assert set(refusal.value.errors) == {"successor"}
    assert Notice.objects.count() == notices
    assert stages(story) == {"follow-up"}


@pytest.mark.parametrize("who", ["author", "reviewer", "outsider"])
def test_only_deciders_correct_supersede_or_withdraw(story, who, request):
    story.in_decision().decide()
    story.coordinator = request.getfixturevalue(who)
    for outcome in ("correct", "supersede", "withdraw-publication"):
        with pytest.raises((NotFound, NotAllowed)):
            decide(story, outcome)
