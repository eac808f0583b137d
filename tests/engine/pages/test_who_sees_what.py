"""What is not yours and what is not there are the same page."""

import pytest

from engine.models import Assignment, Round
from tests.people import join, make_administrator, sign_in

pytestmark = pytest.mark.django_db

OF_PROPOSAL = (
    "proposal",
    "history",
    "details",
    "recommendation_add",
    "evidence_add",
    "gathering_add",
    "co_authors",
    "submit",
    "withdraw",
    "delete",
    "archive",
    "points",
    "open_round",
    "decide",
)


@pytest.fixture
def standing(story):
    """In review, one invitation accepted."""
    story.in_review()
    story.review(story.reviewers[0], "A remark.")
    return story


def test_an_outsider_cannot_tell_a_private_proposal_from_none(standing, visit, outsider):
    visitor = visit(outsider)
    for name in OF_PROPOSAL:
        there, nowhere = visitor.get(name, standing.proposal.pk), visitor.get(name, 999_999)
        assert (name, there.status_code, nowhere.status_code) == (name, 404, 404)
        assert standing.title not in there.content.decode()


def test_a_person_without_an_account_is_asked_to_sign_in_for_every_number(standing, visit):
    for name in OF_PROPOSAL:
        for pk in (standing.proposal.pk, 999_999):
            answer = visit(None).get(name, pk)
            assert (name, answer.status_code) == (name, 302)
            assert answer.url.startswith("/account/login/")


def test_a_reviewer_reads_the_frozen_text_and_nothing_else(standing, visit):
    reviewer = visit(standing.reviewers[0])
    for name in OF_PROPOSAL:
        assert reviewer.get(name, standing.proposal.pk).status_code == 404
    assert reviewer.get("round", Round.objects.get().pk).status_code == 404


def test_nobody_opens_another_persons_assignment(standing, visit, outsider):
    theirs = Assignment.objects.get(reviewer=standing.reviewers[0])
    for name in ("invitation", "review"):
        for person in (standing.reviewers[1], standing.author, standing.coordinator, outsider):
            assert visit(person).get(name, theirs.pk).status_code == 404
            assert visit(person).post(name, theirs.pk, action="save").status_code == 404
        assert visit(outsider).get(name, 999_999).status_code == 404


def test_an_author_opening_the_decision_form_finds_nothing(standing, visit):
    assert visit(standing.author).get("decide", standing.proposal.pk).status_code == 404


def test_an_author_opening_the_form_of_a_round_finds_nothing(standing, visit):
    assert visit(standing.author).get("open_round", standing.proposal.pk).status_code == 404


def test_a_coordinator_reads_but_does_not_write(standing, visit):
    coordinator = visit(standing.coordinator)
    assert coordinator.get("proposal", standing.proposal.pk).status_code == 200
    assert coordinator.get("details", standing.proposal.pk).status_code == 403
    assert coordinator.post("submit", standing.proposal.pk, visit_id=standing.visit.pk).status_code == 403


def test_a_coordinator_with_a_conflict_sees_no_reviewer(standing, visit, organisation):
    join(standing.coordinator, organisation)
    coordinator = visit(standing.coordinator)
    assert coordinator.get("round", Round.objects.get().pk).status_code == 403
    assert coordinator.get("open_round", standing.proposal.pk).status_code == 403
    page = coordinator.get("history", standing.proposal.pk).content.decode()
    assert standing.reviewers[0].name not in page


def test_a_number_beyond_every_row_is_not_found(story, author):
    for noun in ("proposals", "rounds", "assignments"):
        assert sign_in(author).get(f"/{noun}/99999999999999999999/").status_code == 404


def test_the_admin_site_moves_nothing(standing):
    client = sign_in(make_administrator())
    for model in ("run", "visit", "round", "assignment", "review", "decision", "event", "processversion"):
        assert client.get(f"/admin/engine/{model}/").status_code == 200
        assert client.get(f"/admin/engine/{model}/add/").status_code == 403
    assert client.get(f"/admin/engine/run/{standing.run.pk}/change/").status_code == 200
    assert client.post(f"/admin/engine/run/{standing.run.pk}/delete/", {"post": "yes"}).status_code == 403
