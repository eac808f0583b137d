"""The home page: what is new, where the public proposals stand, who takes part; nothing of a draft."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import people
from tests.recommendations import shelf

pytestmark = pytest.mark.django_db


def home() -> str:
    """The page as a visitor gets it."""
    answer = Client().get(reverse("pages:home"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_installation_says_what_comes_next() -> None:
    page = home()
    assert "Nothing has been published yet" in page
    assert "No organisation is listed yet" in page


def test_the_search_field_leads_to_the_library() -> None:
    assert f'action="{reverse("library:list")}"' in home()


def test_the_three_newest_publications_stand_first() -> None:
    shelf.fill(4)
    page = home()
    assert [f"Set {number:02}" in page for number in range(4)] == [False, True, True, True]
    assert page.index("Set 03") < page.index("Set 01")


def test_stages_count_public_proposals_only(story) -> None:
    story.start().write()
    front = Client().get(reverse("pages:home")).context["front"]
    assert [[(stage.label, stage.count) for stage in step] for step in front.steps] == [
        [("Investigation", None)],
        [("Policy lab", None)],
        [("Community review", 0), ("City prototyping", 0)],
        [("Revision", 0)],
        [("Decision", 0)],
        [("Publication", 0)],
        [("Follow-up", 0)],
    ]
    assert "Shared means" not in home()
    story.submit()
    front = Client().get(reverse("pages:home")).context["front"]
    counts = {stage.label: stage.count for step in front.steps for stage in step}
    assert (counts["Community review"], counts["City prototyping"], counts["Revision"]) == (1, 1, 0)


def test_who_takes_part_is_counted_by_kind_and_country() -> None:
    people.make_organisation(kind="government", country="SE")
    people.make_organisation(kind="government", country="NL")
    people.make_organisation(kind="academia", country="")
    front = Client().get(reverse("pages:home")).context["front"]
    assert [(group.label, group.count) for group in front.kinds] == [("Academia", 1), ("Government", 2)]
    assert [(group.label, group.count) for group in front.countries] == [("Netherlands", 1), ("Sweden", 1)]


def test_it_costs_the_same_for_one_and_for_many(story) -> None:
    shelf.fill(1)
    home()
    with CaptureQueriesContext(connection) as before:
        home()
    shelf.fill(3, first=1)
    story.start().write().submit()
    for number in range(20):
        people.make_organisation(country="SE" if number % 2 else "SK")
    with CaptureQueriesContext(connection) as after:
        home()
    assert len(after) == len(before)
