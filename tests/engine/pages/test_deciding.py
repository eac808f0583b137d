"""Answering points and deciding."""

import pytest

from engine.models import Decision, Disposition, Point
from recommendations.models import Edition

pytestmark = pytest.mark.django_db


def test_authors_answer_each_point_with_a_reason(story, visit):
    story.in_revision()
    author = visit(story.author)
    first, second = Point.objects.order_by("pk")
    refused = author.post("points", story.proposal.pk, point=first.pk, **{f"point-{first.pk}-reason": "Kept words"})
    assert refused.status_code == 422
    assert "Kept words" in refused.content.decode()
    for _time in range(2):
        answer = author.post(
            "points",
            story.proposal.pk,
            point=first.pk,
            **{f"point-{first.pk}-outcome": "accepted", f"point-{first.pk}-reason": "We say so now."},
        )
        assert answer.url.endswith(f"#point-{first.pk}")
    assert Disposition.objects.get().reason == "We say so now."
    shown = author.get("points", story.proposal.pk, show="open").context["rows"]
    assert [view.point for view, _form in shown] == [second]


def test_the_points_page_shows_the_quote_in_its_passage(story, visit):
    story.in_revision()
    point = Point.objects.order_by("pk")[0]
    passage = story.proposal.revisions.get().content["sections"][0]["blocks"][0]
    Point.objects.filter(pk=point.pk).update(block_id=passage["id"], quote="need shared means")
    page = visit(story.author).get("points", story.proposal.pk).content.decode()
    assert "creative sector <mark>need shared means</mark> and time" in page


def test_deciders_read_the_points_but_do_not_answer(story, visit, decider):
    story.in_revision()
    point = Point.objects.order_by("pk")[0]
    page = visit(decider).get("points", story.proposal.pk)
    assert page.context["can_answer"] is False
    answer = visit(decider).post(
        "points",
        story.proposal.pk,
        point=point.pk,
        **{f"point-{point.pk}-outcome": "accepted", f"point-{point.pk}-reason": "x"},
    )
    assert answer.status_code in (403, 404)
    assert not Disposition.objects.exists()


def test_deciding_asks_once_more_and_publishes(story, visit, decider):
    story.in_decision()
    person = visit(decider)
    page = person.get("decide", story.proposal.pk)
    assert [count for _label, count in page.context["view"].advice] == [0, 2, 0]
    data = {"outcome": "publish", "reason": "It answers a real need."}
    question = person.command("decide", story.proposal.pk, **data)
    assert question.templates[0].name == "engine/decision_confirm.html"
    assert not Decision.objects.exists()
    visit_id = story.visit.pk
    for _time in range(2):
        answer = person.post("decide", story.proposal.pk, visit_id=visit_id, confirmed="1", **data)
        assert answer.url == f"/proposals/{story.proposal.pk}/"
    assert Edition.objects.count() == 1
    assert Decision.objects.get().decided_by == decider


def test_a_decision_needs_an_outcome_and_a_reason(story, visit, decider):
    story.in_decision()
    answer = visit(decider).command("decide", story.proposal.pk, outcome="burn", reason="  ")
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["outcome", "reason"]


def test_going_back_from_the_question_keeps_the_reason(story, visit, decider):
    story.in_decision()
    answer = visit(decider).command("decide", story.proposal.pk, outcome="return", reason="Long words", back="1")
    assert answer.status_code == 200
    assert "Long words" in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_decision_on_a_page_that_has_moved_keeps_the_reason(story, visit, decider):
    story.in_decision()
    old = story.visit.pk
    story.decide(outcome="return")
    answer = visit(decider).post(
        "decide", story.proposal.pk, visit_id=old, outcome="publish", reason="Typed at length", confirmed="1"
    )
    assert answer.status_code == 409
    assert "Typed at length" in answer.content.decode()
    assert Decision.objects.count() == 1
