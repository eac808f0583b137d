"""Extending, closing early, pausing and resuming on their pages: who may, what is said before, what is kept."""

from datetime import timedelta

import pytest

from engine.models import Pause, Round
from engine.services import submission
from partners.models import RoleGrant
from tests.people import grant, make_organisation, make_person

pytestmark = pytest.mark.django_db

REASON = "Two reviewers fell ill."


@pytest.fixture
def round(story) -> Round:
    """A review is open; Giulia has saved nothing yet."""
    return story.in_review().visit.rounds.get()


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_deadline_is_extended_in_two_steps(story, round, visit):
    sofia = visit(story.coordinator)
    assert f"/rounds/{round.pk}/extend/" in words(sofia.get("round", round.pk))
    form = sofia.get("extend_round", round.pk).context["form"]
    assert str(form["closes_on"].value()) == "2027-03-22"
    typed = {"closes_on": "2027-03-25", "closes_time": "17:00", "reason": REASON}
    look = sofia.post("extend_round", round.pk, **typed)
    assert look.status_code == 200
    assert "25 March 2027, 17:00 (Brussels)" in words(look)
    assert "2 reviewers who have not handed in, 1 author" in words(look)
    round.refresh_from_db()
    assert round.closes_at == story.now + timedelta(days=14)
    back = sofia.post("extend_round", round.pk, **typed, back="1")
    assert (back.status_code, back.context["form"]["reason"].value()) == (200, REASON)
    assert sofia.post("extend_round", round.pk, **typed, confirmed="1").status_code == 302
    round.refresh_from_db()
    assert round.closes_at == story.now + timedelta(days=24, hours=7)


@pytest.mark.parametrize("day", ["2027-02-01", "2027-03-10", "2029-01-01", "9999-12-31", "", "nonsense"])
def test_an_impossible_date_is_refused_on_its_field_and_the_reason_is_kept(story, round, visit, day):
    answer = visit(story.coordinator).post(
        "extend_round", round.pk, closes_on=day, closes_time="17:00", reason=REASON, confirmed="1"
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["closes_on"]
    assert REASON in words(answer)


def test_what_was_typed_for_a_round_that_has_closed_meanwhile_is_given_back(story, round, visit):
    typed = {"closes_on": "2027-03-25", "closes_time": "17:00", "reason": REASON}
    story.now = round.closes_at
    for name in ("extend_round", "close_round"):
        answer = visit(story.coordinator).post(name, round.pk, **typed, confirmed="1")
        assert answer.status_code == 409
        assert REASON in words(answer)
        assert f"/rounds/{round.pk}/" in words(answer)


PAGES = {
    "extend_round": lambda round: round.pk,
    "close_round": lambda round: round.pk,
    "extend_visit": lambda round: round.visit_id,
    "pause": lambda round: round.revision.proposal_id,
    "resume": lambda round: round.revision.proposal_id,
}


@pytest.mark.parametrize("who", ["author", "reviewer", "outsider", "decider"])
@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_finds_the_pages(story, round, visit, page, who, request):
    visitor = visit(request.getfixturevalue(who))
    number = PAGES[page](round)
    for answer in (visitor.get(page, number), visitor.post(page, number, reason=REASON, confirmed="1")):
        assert answer.status_code == 404
    assert visitor.get(page, 999_999).status_code == 404
    round.refresh_from_db()
    assert (round.closed_at, Pause.objects.count()) == (None, 0)


@pytest.mark.parametrize("page", PAGES)
def test_a_coordinator_with_a_conflict_is_refused(story, round, visit, page, organisation):
    barred = make_person("Bara Barred", organisation=organisation)
    grant(barred, RoleGrant.Role.COORDINATOR)
    assert visit(barred).get(page, PAGES[page](round)).status_code == 403


def test_who_is_not_signed_in_is_asked_to(story, round, visit):
    for page, number in PAGES.items():
        assert visit(None).get(page, number(round)).status_code == 302


def test_before_a_round_is_closed_its_page_says_what_follows(story, round, visit, reviewer, second_reviewer):
    sofia = visit(story.coordinator)
    assert "The quorum is not met. Still missing: 2 reviews." in words(sofia.get("close_round", round.pk))
    story.review(reviewer, "A remark.")
    story.review(second_reviewer, "A remark.")
    assert "when what runs beside it is done too" in words(sofia.get("close_round", round.pk))
    story.test_in_city()
    test = Round.objects.get(kind="city-test")
    assert sofia.post("close_round", test.pk, reason=REASON).status_code == 409  # opened at this very instant
    story.now += timedelta(hours=1)
    sofia.post("close_round", test.pk, reason=REASON)
    assert "goes on at once to “Revision”" in words(sofia.get("close_round", round.pk))
    assert sofia.post("close_round", round.pk, reason=" ").status_code == 422
    assert sofia.post("close_round", round.pk, reason=REASON).status_code == 302
    assert story.stage == "revision"


def test_a_stage_without_a_round_gets_more_time(story, visit):
    story.in_decision()
    sofia = visit(story.coordinator)
    assert f"/visits/{story.visit.pk}/extend/" in words(sofia.get("proposal", story.proposal.pk))
    due = story.visit.timers.order_by("due_at")[0].due_at
    typed = {"closes_on": f"{due + timedelta(days=9):%Y-%m-%d}", "closes_time": "17:00", "reason": REASON}
    assert "once more" in words(sofia.get("extend_visit", story.visit.pk))
    assert sofia.post("extend_visit", story.visit.pk, **typed).status_code == 200
    assert sofia.post("extend_visit", story.visit.pk, **typed, confirmed="1").status_code == 302
    assert story.visit.timers.order_by("due_at")[0].due_at > due
    assert sofia.post("extend_visit", story.visit.pk, **(typed | {"closes_on": "2027-01-01"})).status_code == 422


def test_a_stale_page_of_a_stage_that_was_left_extends_nothing(story, visit):
    story.in_decision()
    stale = story.visit.pk
    story.decide()
    answer = visit(story.coordinator).post(
        "extend_visit", stale, closes_on="2027-12-01", closes_time="17:00", reason=REASON, confirmed="1"
    )
    assert answer.status_code == 409
    assert REASON in words(answer)


def test_a_proposal_is_paused_and_goes_on(story, round, visit, reviewer, author):
    sofia = visit(story.coordinator)
    number = story.proposal.pk
    assert f"/proposals/{number}/pause/" in words(sofia.get("proposal", number))
    assert "stands still, with 14 days left" in words(sofia.get("pause", number))
    assert sofia.command("pause", number, reason="").status_code == 422
    assert sofia.command("pause", number, reason=REASON, until_on="2026-01-01").status_code == 422
    assert sofia.command("pause", number, reason=REASON).status_code == 302
    for person, buttons in ((story.coordinator, True), (author, False)):
        page = words(visit(person).get("proposal", number))
        assert "Paused" in page and REASON in page and "Paused, 14 days left" in page
        assert ("/resume/" in page) is buttons
        assert "/withdraw/" not in page and "/send-back/" not in page
    story.pass_time(days=30)
    assert "Paused, 14 days left" in words(visit(author).get("my_proposals"))
    assert "14 April 2027, 11:00 (Brussels): it has 14 days" in words(sofia.get("resume", number))
    assert sofia.post("resume", number).status_code == 302
    assert sofia.post("resume", number).status_code == 302  # sent twice
    round.refresh_from_db()
    assert round.closes_at == story.now + timedelta(days=14)


def test_of_two_coordinators_the_second_is_told_who_paused(story, round, visit):
    other = make_person("Dora Deputy", organisation=make_organisation("Example Bureau"))
    grant(other, RoleGrant.Role.DEPUTY)
    dora = visit(other)
    hidden = {"visit_id": round.visit_id}
    visit(story.coordinator).post("pause", story.proposal.pk, reason="The first reason.", **hidden)
    answer = dora.post("pause", story.proposal.pk, reason=REASON, **hidden)
    assert answer.status_code == 409
    assert "Sofia Coordinator has paused" in words(answer) and REASON in words(answer)
    dora.post("resume", story.proposal.pk)
    assert visit(story.coordinator).post("resume", story.proposal.pk).status_code == 409


def test_the_same_person_with_another_reason_loses_no_words(story, round, visit):
    sofia, number = visit(story.coordinator), story.proposal.pk
    sofia.command("pause", number, reason=REASON)
    hidden = {"visit_id": round.visit_id}
    assert sofia.post("pause", number, reason=REASON, **hidden).status_code == 302  # sent twice
    answer = sofia.post("pause", number, reason="The summer break.", **hidden)
    assert (answer.status_code, "The summer break." in words(answer)) == (409, True)
    assert Pause.objects.get().reason == REASON


def test_authors_read_why_nothing_can_be_submitted_now(story, visit, author):
    story.in_revision()
    visit(story.coordinator).command("pause", story.proposal.pk, reason=REASON)
    page = visit(author).get("submit", story.proposal.pk)
    assert "The proposal is paused." in words(page)
    assert not page.context["can_submit"]


def test_a_stale_page_pauses_nothing(story, visit):
    story.start().write().submit()
    stale = story.visit.pk
    common = {"proposal_id": story.proposal.pk, "reason": "Not yet.", "now": story.now}
    submission.send_back(person=story.coordinator, visit_id=stale, **common)
    story.submit()
    answer = visit(story.coordinator).post("pause", story.proposal.pk, reason=REASON, visit_id=stale)
    assert answer.status_code == 409
    assert REASON in words(answer)
    assert not Pause.objects.exists()
