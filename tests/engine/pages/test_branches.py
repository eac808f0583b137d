"""Pages of a run that stands at two stages, is sent back, corrected or withdrawn."""

import pytest

from engine.models import Round
from recommendations.models import Edition, Notice

pytestmark = pytest.mark.django_db


def states(visitor, story):
    """The stage bar: key → state."""
    run = visitor.get("proposal", story.proposal.pk).context["run"]
    return {mark.key: mark.state for step in run.steps for mark in step}


def test_both_branches_are_current_and_each_says_who_acts(story, visit):
    story.start().write().submit()
    story.open_round()
    author = visit(story.author)
    shown = states(author, story)
    assert (shown["community-review"], shown["city-prototyping"], shown["revision"]) == ("current", "current", "next")
    page = author.get("proposal", story.proposal.pk).content.decode()
    assert page.count('aria-current="step"') == 2
    assert "Community review: <strong>reviewers</strong>" in page
    assert "City prototyping: <strong>coordinators</strong> (open the round)" in page


def test_a_branch_that_is_done_waits_for_the_other(story, visit):
    story.in_review()
    for person in story.reviewers:
        story.review(person)
    story.pass_time(days=14)
    author = visit(story.author)
    shown = states(author, story)
    assert (shown["community-review"], shown["city-prototyping"], shown["revision"]) == ("done", "current", "next")
    assert "what runs beside it goes on" in author.get("history", story.proposal.pk).content.decode()


def test_a_second_round_leaves_the_test_done(story, visit):
    story.in_decision().decide("second-round", "Once more.")
    shown = states(visit(story.author), story)
    assert (shown["community-review"], shown["city-prototyping"], shown["decision"]) == ("current", "done", "next")


def test_withdrawing_works_while_two_stages_are_open(story, visit):
    story.in_review()
    story.open_city_test()
    author = visit(story.author)
    answer = author.command("withdraw", story.proposal.pk, reason="New facts.")
    assert answer.url == f"/proposals/{story.proposal.pk}/"
    assert story.stage == "drafting"
    assert not Round.objects.filter(cancelled_at=None).exists()
    assert "which ran beside it, was closed with it" in author.get("history", story.proposal.pk).content.decode()


def test_the_coordinator_sends_back_and_is_told_what_closes_with_it(story, visit):
    story.in_review()
    coordinator = visit(story.coordinator)
    assert "Send back to the authors" in coordinator.get("proposal", story.proposal.pk).content.decode()
    page = coordinator.get("send_back", story.proposal.pk)
    assert "“City prototyping”, which runs beside it, is closed too." in page.content.decode()
    visit_id = page.context["form"]["visit_id"].value()
    refused = coordinator.post("send_back", story.proposal.pk, visit_id=visit_id, reason="")
    assert refused.status_code == 422
    for _time in range(2):
        answer = coordinator.post("send_back", story.proposal.pk, visit_id=visit_id, reason="The facts have changed.")
        assert answer.url == f"/proposals/{story.proposal.pk}/"
    assert story.stage == "drafting"
    assert "The facts have changed." in visit(story.author).get("history", story.proposal.pk).content.decode()
    assert coordinator.get("send_back", story.proposal.pk).status_code == 409


def test_nobody_else_sends_back(story, visit, outsider, reviewer, decider):
    story.in_review()
    for person in (outsider, reviewer, decider):
        visitor = visit(person)
        assert visitor.get("send_back", story.proposal.pk).status_code == 404
        answer = visitor.post("send_back", story.proposal.pk, visit_id=story.visit.pk, reason="No")
        assert answer.status_code == 404
    author = visit(story.author)
    assert author.get("send_back", story.proposal.pk).status_code in (403, 404)
    assert "Send back" not in author.get("proposal", story.proposal.pk).content.decode()


def decide(visitor, story, outcome, **more):
    """Choose, look once more, confirm."""
    data = {"outcome": outcome, "reason": "A figure was wrong."} | more
    asked = visitor.command("decide", story.proposal.pk, **data)
    assert asked.status_code == 200
    assert visitor.command("decide", story.proposal.pk, confirmed="1", **data).status_code == 302
    return asked.content.decode()


def test_a_publication_is_corrected_on_its_pages(story, visit):
    story.in_decision().decide()
    coordinator, author = visit(story.coordinator), visit(story.author)
    assert "Decide what becomes of the publication" in coordinator.get("proposal", story.proposal.pk).content.decode()
    assert "The edition stays in the library" in decide(coordinator, story, "correct")
    assert states(author, story)["correction"] == "current"
    assert "Edit title and summary" in author.get("proposal", story.proposal.pk).content.decode()
    story.write_section("context", "The figure is mended. " * 20)
    assert "Publish the correction" in coordinator.get("proposal", story.proposal.pk).content.decode()
    assert "published as the next edition" in decide(coordinator, story, "reissue")
    assert Edition.objects.count() == 2
    assert "Edition 2 was published as a correction." in author.get("history", story.proposal.pk).content.decode()


def test_a_publication_is_withdrawn_on_its_pages(story, visit):
    story.in_decision().decide()
    assert "withdrawn for good" in decide(visit(story.coordinator), story, "withdraw-publication")
    assert Notice.objects.get().kind == "withdrawal"
    author = visit(story.author)
    shown = states(author, story)
    assert (shown["withdrawn"], shown["follow-up"]) == ("current", "done")
    assert "Edition 1 was withdrawn from the library." in author.get("history", story.proposal.pk).content.decode()
    assert "Decide" not in visit(story.coordinator).get("proposal", story.proposal.pk).content.decode()


def test_a_declined_proposal_never_was_at_publication(story, visit):
    story.in_decision().decide("decline", "Not now.")
    shown = states(visit(story.author), story)
    assert shown["closed"] == "current"
    assert "publication" not in shown
