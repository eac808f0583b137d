"""A further round: who is offered, what reviewers see of the changes, and where points stand now."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engine.models import Assignment, Point
from engine.selectors.changes import second_look
from engine.services import rounds, submission
from tests.engine.stories import WORDS
from tests.people import make_organisation, make_person

pytestmark = pytest.mark.django_db

QUOTE = "need shared means and time"
KEPT = "Workshops in the old harbour need shared means and time before they dare to try new tools."


@pytest.fixture
def returned(story):
    """Reviewed once; one point each on quoted words; the authors kept one passage and replaced another."""
    story.start().write()
    story.write_section("context", f"{KEPT}\n\nA passage that goes.\n\n{WORDS}")
    story.submit().open_round()
    blocks = story.proposal.revisions.get().content["sections"][0]["blocks"]
    for person in story.reviewers:
        story.review(person, "It is not said who needs it.", "This does not follow.")
    first, second = blocks[0]["id"], blocks[1]["id"]
    Point.objects.filter(number=1).update(block_id=first, quote=QUOTE)
    Point.objects.filter(number=2).update(block_id=second, quote="passage that goes")
    story.test_in_city()
    story.pass_time(days=14)
    story.answer_points()
    story.write_section("context", f"We begin with the reasons, and then say what follows.\n\n{KEPT}\n\n{WORDS}")
    story.submit()
    story.decide(outcome="second-round", reason="Look once more.")
    return story


@pytest.fixture
def again(returned):
    """The second assignment of the first reviewer, accepted."""
    returned.open_round()
    person = returned.reviewers[0]
    assignment = Assignment.objects.get(reviewer=person, round__revision__number=2)
    rounds.accept(assignment_id=assignment.pk, person=person, now=returned.now)
    return assignment


def test_who_reviewed_before_is_offered_first_and_marked(returned, visit):
    make_person("Aaron Alphabet", organisation=make_organisation("Example Alpha"))
    page = visit(returned.coordinator).get("open_round", returned.proposal.pk)
    offered = [row["candidate"] for row in page.context["people"]]
    before = [each.person for each in offered if each.reviewed_before]
    assert {*returned.reviewers} <= {*before}
    assert [each.person for each in offered[: len(before)]] == before
    assert page.content.decode().count("reviewed before") == len(before)
    assert all(each.verdict for each in offered[: len(before)])


def test_a_first_review_has_nothing_to_compare(story, visit):
    story.in_review()
    person = story.reviewers[0]
    assignment = Assignment.objects.get(reviewer=person)
    rounds.accept(assignment_id=assignment.pk, person=person, now=story.now)
    assert "Since your review" not in visit(person).get("review", assignment.pk).content.decode()


def test_the_second_review_shows_changes_inline_and_side_by_side(returned, again, visit):
    reviewer = visit(returned.reviewers[0])
    inline = reviewer.get("review", again.pk, changes="inline").content.decode()
    assert "Since your review of revision 1" in inline
    assert "<ins>We begin with the reasons" in inline
    assert "<del>" in inline
    assert '<div class="sides">' not in inline
    side = reviewer.get("review", again.pk, changes="side").content.decode()
    assert '<div class="sides">' in side
    assert "Revision 1</p>" in side
    assert reviewer.get("review", again.pk, changes="<script>").context["mode"] == "inline"


def test_the_second_review_says_what_became_of_the_reviewers_own_points(returned, again, visit):
    page = visit(returned.reviewers[0]).get("review", again.pk)
    html = page.content.decode()
    assert html.count("We changed it.") == 2
    look = page.context["look"]
    (kept,), (gone,) = look.placed, look.tray
    assert (kept.now.quote, kept.now.is_edited) == (QUOTE, False)
    assert kept.now.passage.label.endswith("passage 2")
    assert gone.point.quote == "passage that goes"
    assert kept.disposition.revision.number == 2
    assert "Without a place" in html


def test_the_second_look_costs_the_same_with_more_points(returned, again):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            second_look(Assignment.objects.select_related("round__revision").get(pk=again.pk), page_language="en")
        return len(queries)

    few = cost()
    review = returned.reviewers[0].assignments.order_by("pk").first().review
    Point.objects.bulk_create(
        Point(review=review, number=number, text="x", place="context") for number in range(10, 40)
    )
    assert cost() == few


def test_a_review_from_a_cancelled_round_counts_too(story, visit):
    story.in_review()
    person = story.reviewers[0]
    story.review(person, "Never answered.")
    submission.send_back(
        proposal_id=story.proposal.pk,
        person=story.coordinator,
        visit_id=story.visit.pk,
        reason="The facts have changed.",
        now=story.now,
    )
    story.write_section("context", f"Other facts. {WORDS}")
    story.submit()
    page = visit(story.coordinator).get("open_round", story.proposal.pk)
    assert page.context["people"][0]["candidate"].person == person
    story.open_round()
    assignment = Assignment.objects.get(reviewer=person, round__revision__number=2)
    rounds.accept(assignment_id=assignment.pk, person=person, now=story.now)
    html = visit(person).get("review", assignment.pk).content.decode()
    assert "Since your review of revision 1" in html
    assert "The round was cancelled before the authors saw it." in html


def test_points_say_where_they_stand_in_the_newest_revision(returned, visit):
    for person, name in ((returned.author, "points"), (returned.coordinator, "points")):
        page = visit(person).get(name, returned.proposal.pk)
        ledger = page.context["ledger"]
        assert [view.now.is_lost for view in ledger.points] == [False, True, False, True]
        html = page.content.decode()
        assert "In revision 2: Context, passage 2" in html
        assert "Revision 2 does not have this passage any more." in html
        assert "Without a place" in html


def test_the_decision_page_has_the_tray(story, visit, returned, again):
    story.hand_in(again)
    other = Assignment.objects.get(reviewer=story.reviewers[1], round__revision__number=2)
    rounds.accept(assignment_id=other.pk, person=other.reviewer, now=story.now)
    story.hand_in(other)
    story.pass_time(days=14)
    story.answer_points().submit()
    html = visit(story.coordinator).get("decide", story.proposal.pk).content.decode()
    assert "Without a place" in html
    assert "In revision 2: Context, passage 2" in html
