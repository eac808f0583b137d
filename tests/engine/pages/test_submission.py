"""Submitting, withdrawing, putting away, deleting and undoing."""

import pytest

from recommendations.models import Revision
from tests.engine.processes import consulting, deciding, drafting, ended, follow

pytestmark = pytest.mark.django_db


def test_the_submit_page_shows_what_is_missing(story, visit):
    story.start()
    page = visit(story.author).get("submit", story.proposal.pk)
    assert page.context["can_submit"] is False
    assert "There is no recommendation yet" in page.content.decode()
    answer = visit(story.author).post("submit", story.proposal.pk, visit_id=story.visit.pk)
    assert answer.status_code == 422
    assert story.stage == "drafting"


def test_submitting_freezes_the_text_and_moves_on(story, visit):
    story.start().write()
    answer = visit(story.author).command("submit", story.proposal.pk)
    assert answer.url == f"/proposals/{story.proposal.pk}/"
    assert story.stage == "community-review"
    assert Revision.objects.get().proposal == story.proposal


def test_handing_on_is_called_what_the_process_calls_it(story, visit):
    follow(story, drafting("consulting"), consulting("deciding"), deciding("closed"), ended()).start().write()
    author = visit(story.author)
    for name in ("proposal", "submit"):
        page = author.get(name, story.proposal.pk).content.decode()
        assert ">Submit</" in page
        assert "Submit for review" not in page
        assert "choose reviewers" not in page
    assert "They open the text to everybody" in page


def test_submitting_twice_is_harmless(story, visit):
    story.start().write()
    opened = story.visit.pk
    answers = [visit(story.author).post("submit", story.proposal.pk, visit_id=opened) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Revision.objects.count() == 1


def test_a_broken_visit_is_a_visit_that_has_moved(story, visit):
    story.start().write()
    for broken in ("", "0", "x", "99999999999999999999999"):
        answer = visit(story.author).post("submit", story.proposal.pk, visit_id=broken)
        assert answer.status_code in (409, 422)
    assert story.stage == "drafting"


def test_withdrawing_needs_a_reason_and_takes_back(story, visit):
    story.in_review()
    author = visit(story.author)
    refused = author.command("withdraw", story.proposal.pk, reason=" ")
    assert refused.status_code == 422
    assert author.command("withdraw", story.proposal.pk, reason="The budget has changed.").status_code == 302
    assert story.stage == "drafting"


def test_withdrawing_after_the_stage_has_moved_keeps_the_reason(story, visit):
    story.in_review()
    old = story.visit.pk
    for person in story.reviewers:
        story.review(person)
    story.pass_time(days=14)
    answer = visit(story.author).post("withdraw", story.proposal.pk, visit_id=old, reason="A long reason")
    assert answer.status_code == 409
    assert answer.context["kept"] == {"Reason": "A long reason"}
    assert "A long reason" in answer.content.decode()


def test_withdrawing_twice_is_harmless(story, visit):
    story.in_review()
    old = story.visit.pk
    for _time in range(2):
        answer = visit(story.author).post("withdraw", story.proposal.pk, visit_id=old, reason="Changed.")
        assert answer.status_code == 302
    assert story.run.visits.filter(stage="drafting").count() == 2


def test_a_deleted_draft_can_be_brought_back(story, visit):
    author = visit(story.start().author)
    pk = story.proposal.pk
    for _time in range(2):
        assert author.post("delete", pk).status_code == 302
    assert author.get("proposal", pk).status_code == 404
    assert [row.proposal.pk for row in author.get("my_proposals", state="deleted").context["standings"]] == [pk]
    for _time in range(2):
        assert author.post("restore", pk).status_code == 302
    assert author.get("proposal", pk).status_code == 200


def test_an_archived_proposal_is_closed_until_it_is_taken_out(story, visit):
    author = visit(story.start().author)
    pk = story.proposal.pk
    author.post("archive", pk)
    assert author.get("section", pk, "context").status_code == 409
    assert not author.get("my_proposals").context["standings"]
    assert len(author.get("my_proposals", state="archived").context["standings"]) == 1
    author.post("unarchive", pk)
    assert author.get("section", pk, "context").status_code == 200


def test_a_submitted_proposal_is_neither_deleted_nor_archived(story, visit):
    story.in_review()
    assert visit(story.author).post("delete", story.proposal.pk).status_code == 409
    assert visit(story.author).post("archive", story.proposal.pk).status_code == 409


def test_a_revision_waits_for_the_answers_to_points(story, visit):
    story.in_revision()
    page = visit(story.author).get("submit", story.proposal.pk)
    assert page.context["unanswered"] == 2
    assert visit(story.author).command("submit", story.proposal.pk).status_code == 422
    story.answer_points()
    assert visit(story.author).command("submit", story.proposal.pk).status_code == 302
    assert story.stage == "decision"
