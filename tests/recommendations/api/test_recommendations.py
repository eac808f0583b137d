"""Recommendations over the API, one by one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.recommendations import shelf

pytestmark = pytest.mark.django_db

LIST = "/api/v1/recommendations/"


def ids(response) -> list[str]:
    """The ids of the results, in order."""
    return [entry["id"] for entry in response.json()["results"]]


@pytest.fixture
def pair(db):
    """A publication with two recommendations at different levels."""
    statements = [
        shelf.recommendation("first", "Open the attics.", levels=["eu"], position=1),
        shelf.recommendation("second", "Pay the makers.", levels=["local"], building_blocks=["funding"], position=2),
    ]
    shelf.place("pair", title="A pair", recommendations=statements)


def test_only_what_is_current_is_listed(client, shelves):
    assert ids(client.get(LIST)) == ["looms.r1", "barns.r1", "attics.r1"]


def test_filters_are_about_the_single_recommendation(client, pair):
    assert ids(client.get(LIST)) == ["pair.first", "pair.second"]
    assert ids(client.get(f"{LIST}?level=local")) == ["pair.second"]
    assert ids(client.get(f"{LIST}?building_block=funding&level=eu")) == []
    assert ids(client.get(f"{LIST}?q=attics&level=local")) == ["pair.second"]


def test_recommendation_brings_its_evidence_and_its_place(client, pair):
    answer = client.get(f"{LIST}pair.second/").json()
    assert answer["statement"] == "Pay the makers."
    assert answer["edition"] == "pair.1"
    assert [entry["title"] for entry in answer["evidence"]] == ["Survey of makers"]
    assert answer["links"]["page"].endswith("/library/pair/editions/1/#r-second")
    assert answer == client.get(f"{LIST}?level=local").json()["results"][0]


def test_dropped_recommendation_is_found_in_the_last_edition_that_had_it(client, pair):
    shelf.place("pair", recommendations=[shelf.recommendation("first")])
    assert client.get(f"{LIST}pair.first/").json()["edition"] == "pair.2"
    dropped = client.get(f"{LIST}pair.second/").json()
    assert (dropped["edition"], dropped["standing"]) == ("pair.1", "superseded")


def test_a_recommendation_brings_the_notices_about_its_edition(client, pair):
    assert client.get(f"{LIST}pair.first/").json()["notices"] == []
    next_one = shelf.place("pair", recommendations=[shelf.recommendation("first")])
    first = next_one.publication.editions.get(number=1)
    shelf.say(first, "correction", "A figure was wrong.", successor=next_one)
    (notice,) = client.get(f"{LIST}pair.second/").json()["notices"]
    assert (notice["text"], notice["successor"]) == ("A figure was wrong.", "pair.2")
    assert notice["changes_page"].endswith("/library/pair/editions/2/changes/")


@pytest.mark.parametrize("id", ["pair", "pair.third", "pair.", ".first", "other.first", "pair.%00"])
def test_unknown_recommendations_are_a_problem(client, pair, id):
    response = client.get(f"{LIST}{id}/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_pages_follow_each_other_without_gap(client, shelves, pair):
    pages = [ids(client.get(f"{LIST}?page_size=2&page={page}")) for page in (1, 2, 3)]
    assert [id for page in pages for id in page] == ids(client.get(LIST))


def test_same_queries_for_one_and_for_fifty(client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{LIST}?page_size=100").status_code == 200
        return len(queries)

    shelf.fill(1)
    alone = cost()
    shelf.fill(50, first=1)
    assert cost() == alone
