"""Lists: narrowed, sorted, in pages, at the same cost for one row and for fifty; and the process for everyone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engine.models import Point, Review, Round, RunGathering
from engine.views.lists import PER_PAGE
from engine.views.workspace import PANELS
from partners.models import Gathering
from recommendations.models import BuildingBlock, Evidence, Recommendation
from tests.engine.stories import Story

pytestmark = pytest.mark.django_db


def another(story, title):
    """One more proposal of the same people."""
    return Story(story.author, story.organisation, story.coordinator, story.reviewers, story.now, title)


def cost(visitor, name, *args, **query):
    """How many queries the page takes, without those of the session and the person."""
    visitor.get(name, *args, **query)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert visitor.get(name, *args, **query).status_code == 200
    return len(queries)


@pytest.mark.parametrize(("who", "state"), [("author", "active"), ("coordinator", "overseen")])
def test_lists_of_proposals_cost_the_same_for_one_and_for_fifty(story, visit, who, state):
    story.start()
    person = visit(getattr(story, who))
    one = cost(person, "my_proposals", state=state)
    for number in range(49):
        another(story, f"Proposal {number}").start()
    page = person.get("my_proposals", state=state)
    assert page.context["page"].paginator.count == 50
    assert len(page.context["standings"]) == PER_PAGE
    assert cost(person, "my_proposals", state=state) == one


def test_the_process_page_costs_the_same_for_one_and_for_many(story, visit):
    story.start().write().submit()
    public = visit(None)
    one = cost(public, "process")
    for number in range(8):
        another(story, f"Proposal {number}").start().write().submit()
    assert len(public.get("process").context["standings"]) == 9
    assert cost(public, "process") == one


def fill(story, numbers):
    """Put recommendations, pieces of evidence, points, closed rounds and gatherings beside what is there."""
    proposal, block = story.proposal, BuildingBlock.objects.get(key="investment-funding")
    evidence = Evidence.objects.bulk_create(
        Evidence(proposal=proposal, key=f"more-{n}", title=f"Example survey {n}", kind="survey") for n in numbers
    )
    rows = Recommendation.objects.bulk_create(
        Recommendation(proposal=proposal, key=f"more-{n}", position=n, statement=f"Statement {n}.", levels=["local"])
        for n in numbers
    )
    for row, cited in zip(rows, evidence, strict=True):
        row.building_blocks.add(block)
        row.evidence.add(cited)
    review = Review.objects.order_by("pk")[0]
    Point.objects.bulk_create(Point(review=review, number=100 + n, text=f"Remark {n}") for n in numbers)
    closed = Round.objects.filter(pk=review.assignment.round_id).values().get()
    Round.objects.bulk_create(Round(**closed | {"id": None}) for _n in numbers)
    where = {"ecosystem": story.ecosystem, "territory": story.ecosystem.territory, "host": story.organisation}
    who = {"recorded_by": story.coordinator, "recorded_at": story.now}
    gatherings = Gathering.objects.bulk_create(
        Gathering(kind="policy_lab", title=f"Lab {n}", held_on=story.now.date(), **where, **who) for n in numbers
    )
    RunGathering.objects.bulk_create(RunGathering(run=story.run, gathering=each) for each in gatherings)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("who", ["author", "coordinator"])
def test_the_proposal_page_costs_the_same_for_one_row_of_each_kind_and_for_fifty(story, visit, who, panel):
    story.in_revision()
    person = visit(getattr(story, who))
    fill(story, range(1))
    one = cost(person, "proposal", story.proposal.pk, panel=panel)
    fill(story, range(1, 50))
    page = person.get("proposal", story.proposal.pk, panel=panel)
    text = page.context["text"]
    assert (len(text.recommendations), len(text.evidence), len(page.context["gatherings"])) == (51, 51, 50)
    assert cost(person, "proposal", story.proposal.pk, panel=panel) == one


def test_the_points_page_costs_the_same_for_two_points_and_for_fifty(story, visit):
    story.in_revision()
    author = visit(story.author)
    two = cost(author, "points", story.proposal.pk)
    review = Point.objects.order_by("pk")[0].review
    Point.objects.bulk_create(Point(review=review, number=number, text=f"Remark {number}") for number in range(2, 50))
    assert len(author.get("points", story.proposal.pk).context["rows"]) == 50
    assert cost(author, "points", story.proposal.pk) == two


def test_the_list_is_narrowed_and_sorted(story, visit):
    story.start()
    another(story, "Älv and island").start()
    author = visit(story.author)

    def titles(**query):
        return [row.proposal.title for row in author.get("my_proposals", **query).context["standings"]]

    assert titles(q="ALV") == ["Älv and island"]
    assert titles(q="nothing like it") == []
    assert titles(area="elsewhere") == []
    assert titles(sort="title", area="shared-means") == [story.title, "Älv and island"]
    assert titles(sort="nonsense", state="nonsense", page="99") == ["Älv and island", story.title]


def test_an_empty_list_says_what_to_do(story, visit):
    assert "Start a proposal" in visit(story.author).get("my_proposals").content.decode()


def test_everyone_sees_where_public_proposals_stand_and_no_draft(story, visit):
    story.start().write()
    assert story.title not in visit(None).get("process").content.decode()
    story.submit()
    page = visit(None).get("process")
    assert story.title in page.content.decode()
    counts = {stage.key: stage.count for stage in page.context["stages"]}
    assert [key for key, count in counts.items() if count] == ["community-review", "city-prototyping"]


def test_the_process_is_drawn_from_the_definition(story, visit):
    page = visit(None).get("process")
    boxes = {each.box.stage.key: each.box for each in page.context["boxes"]}
    review, test = boxes["community-review"], boxes["city-prototyping"]
    assert (review.y, review.width) == (test.y, test.width)
    assert review.x + review.width < test.x
    assert boxes["correction"].is_aside
    text = page.content.decode()
    for stage in page.context["stages"]:
        assert f"<h3>{stage.label}</h3>" in text
    for box in page.context["boxes"]:
        names = [words.text for words in box.words if words.kind == "stage-name"]
        assert " ".join(names) == box.line.label
        assert all(f">{name}</text>" in text for name in names)
        metas = [words.text for words in box.words if words.kind == "stage-meta"]
        assert " · ".join(metas) == box.meta
        assert all(0 < words.y < page.context["picture"].box_height for words in box.words)
    kinds = [arc.kind for arc in page.context["picture"].arcs]
    assert (kinds.count("return"), kinds.count("withdraw"), kinds.count("end")) == (6, 4, 3)


def test_proposals_are_dots_in_the_drawing_at_every_stage_where_they_stand(story, visit):
    story.start().write().submit()
    page = visit(None).get("process")
    assert page.content.decode().count('class="proposal-dot"') == 2
    assert [place.key for place in page.context["standings"][0].places] == ["community-review", "city-prototyping"]


def test_history_tells_events_in_words(story, visit, decider):
    story.in_decision().decide()
    page = visit(story.author).get("history", story.proposal.pk).content.decode()
    for words in (
        "The proposal was started.",
        "The text was frozen as revision 1.",
        "A review was handed in.",
        "A reviewer",
        "The review round closed; enough reviews were in.",
        "By the system",
        "A point was answered: accepted.",
        "A decision was taken.",
        "It answers a real need.",
        "Edition 1 was published.",
        "Beside it “City prototyping” began.",
        "A city test was opened.",
        "A city handed in its case.",
        "The city test closed; a case was handed in.",
    ):
        assert words in page
    assert "Something was recorded" not in page
    assert story.facilitator.name not in page


def test_the_proposal_page_says_what_is_missing_and_where_to_mend_it(story, visit):
    story.start()
    page = visit(story.author).get("proposal", story.proposal.pk).content.decode()
    assert f'<a href="/proposals/{story.proposal.pk}/sections/context/">“Context” is empty.</a>' in page
    assert f'<a href="/proposals/{story.proposal.pk}/recommendation/new/">There is no recommendation yet.</a>' in page
    assert "Nothing is missing" not in page


def test_the_proposal_page_shows_the_decision_and_the_publication(story, visit):
    story.in_decision().decide()
    page = visit(story.author).get("proposal", story.proposal.pk).content.decode()
    assert "It answers a real need." in page
    assert f'<a href="/library/{story.run.publication.slug}/">' in page


def test_a_page_that_has_moved_on_leads_back_to_the_proposal(story, visit):
    story.in_review()
    page = visit(story.author).get("section", story.proposal.pk, "context")
    assert page.context["back_url"] == f"/proposals/{story.proposal.pk}/"
