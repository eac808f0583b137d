"""The board: who has one, what stands on it, narrowed and sorted, at the same cost for one run and for many."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engine.models import Pause
from partners.models import RoleGrant
from tests import people

pytestmark = pytest.mark.django_db


def titles(page):
    return [line["row"].proposal.title for line in page.context["lines"]]


def cost(visitor, **query):
    visitor.get("board", **query)
    with CaptureQueriesContext(connection) as queries:
        assert visitor.get("board", **query).status_code == 200
    return len(queries)


def test_only_those_who_hold_a_role_have_a_board(story, visit, author, reviewer, coordinator, decider, council):
    story.in_review()
    for person in (author, reviewer):
        assert visit(person).get("board").status_code == 403
        assert "/board/" not in visit(person).client.get("/desk/").content.decode()
    for person in (coordinator, decider, council):
        assert visit(person).get("board").status_code == 200
        assert "/board/" in visit(person).client.get("/desk/").content.decode()
    assert visit(None).get("board").status_code == 302


def test_a_role_for_an_area_shows_that_area_alone(story, visit):
    story.in_review()
    elsewhere = people.make_person("Lena Elsewhere")
    people.grant(elsewhere, RoleGrant.Role.COORDINATOR, scope="area:another")
    assert "Nothing is under way" in visit(elsewhere).get("board").content.decode()
    here = people.make_person("Dora Deputy")
    people.grant(here, RoleGrant.Role.DEPUTY, scope="area:shared-means")
    assert titles(visit(here).get("board")) == [story.title]


def test_a_row_says_where_for_how_long_what_is_next_and_how_many_are_in(story, visit, reviewer, coordinator):
    story.in_review()
    story.review(reviewer, "Say more.")
    story.now += timedelta(days=3)
    page = visit(coordinator).get("board")
    [line] = page.context["lines"]
    review, test = line["row"].places
    assert (review.stage.key, review.days, review.round.handed_in) == (
        "community-review",
        "3 days",
        "1 of 2 reviews in",
    )
    assert (test.stage.key, test.waits_for_reader) == ("city-prototyping", True)
    text = page.content.decode()
    assert "<strong>You:</strong> open the round" in text
    known = "stays at “%s”, and 0 are known"
    assert known % "City prototyping" in text or known % "Community review" in text


def test_a_conflict_of_interest_leaves_where_it_stands_and_hides_the_reviews(story, visit, coordinator, organisation):
    story.in_review()
    people.join(coordinator, organisation)
    page = visit(coordinator).get("board")
    [line] = page.context["lines"]
    assert line["row"].is_barred
    assert {place.round for place in line["row"].places} == {None}
    assert not line["row"].waits_for_reader
    assert "A conflict of interest bars you" in page.content.decode()
    assert "reviews in" not in page.content.decode()


def test_what_is_overdue_comes_first_and_says_so(story, visit, coordinator):
    late = replace(story, title="Late").start().write().submit()
    story.now = late.now + timedelta(days=70)
    replace(story, title="A fresh one").start().write().submit()
    page = visit(coordinator).get("board")
    assert titles(page) == ["Late", "A fresh one"]
    assert page.content.decode().count("past due") == 2
    assert titles(visit(coordinator).get("board", show="overdue")) == ["Late"]
    assert titles(visit(coordinator).get("board", sort="title")) == ["A fresh one", "Late"]


def test_it_is_narrowed_by_the_address(story, visit, coordinator, decider):
    replace(story, title="Älv and island").start()
    story.in_review()
    visitor = visit(coordinator)
    assert titles(visitor.get("board", q="ALV")) == ["Älv and island"]
    assert titles(visitor.get("board", stage="drafting")) == ["Älv and island"]
    assert titles(visitor.get("board", stage="city-prototyping", area="shared-means")) == [story.title]
    assert titles(visitor.get("board", show="mine")) == [story.title]
    assert titles(visit(decider).get("board", sort="title", view="nonsense", page="99")) == [
        "Älv and island",
        story.title,
    ]
    assert "No proposal fits" in visitor.get("board", area="nowhere", process="nothing").content.decode()


def test_by_stage_a_run_stands_in_each_column_where_it_is(story, visit, coordinator):
    story.in_review()
    columns = visit(coordinator).get("board", view="columns").context["columns"]
    assert [each["column"].label for each in columns] == ["Community review", "City prototyping"]


@pytest.mark.tampers
def test_a_paused_run_is_not_overdue_and_its_age_stands_still(story, visit, coordinator):
    story.in_review()
    Pause.objects.create(
        run=story.run, began_at=story.now + timedelta(days=2), began_by=coordinator, reason="Elections."
    )
    story.now += timedelta(days=90)
    page = visit(coordinator).get("board", show="paused")
    [line] = page.context["lines"]
    assert (line["row"].is_overdue, line["row"].places[0].days) == (False, "2 days")
    assert line["told"].words == "No forecast while it is paused."


def test_what_is_published_is_seen_when_its_stage_is_asked_for(story, visit, coordinator):
    story.in_decision().decide()
    assert "No proposal fits" in visit(coordinator).get("board").content.decode()
    [line] = visit(coordinator).get("board", stage="follow-up").context["lines"]
    assert line["told"].words == ""


@pytest.mark.parametrize("view", ["table", "columns"])
def test_one_run_and_fifty_cost_the_same(story, visit, coordinator, view):
    story.in_revision()
    replace(story, title="In review").in_review()
    person = visit(coordinator)
    one = cost(person, view=view)
    for number in range(49):
        replace(story, title=f"Proposal {number}").start()
    replace(story, title="Another in review").in_review()
    assert cost(person, view=view) == one
