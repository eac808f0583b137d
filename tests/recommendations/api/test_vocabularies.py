"""The registers and controlled lists over the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.models import PolicyArea
from tests import people
from tests.recommendations import shelf

pytestmark = pytest.mark.django_db


def results(client, name: str) -> list[dict]:
    """The results of a list."""
    return client.get(f"/api/v1/{name}/").json()["results"]


def test_terms_say_how_many_publications_have_them(client, shelves):
    assert {each["key"]: each["publications"] for each in results(client, "clusters")} == {
        "cooperation": 1,
        "education-skills": 2,
    }
    assert {each["key"]: each["publications"] for each in results(client, "building-blocks")} == {
        "funding": 1,
        "skills": 2,
    }
    assert {each["key"]: each["publications"] for each in results(client, "target-actors")} == {
        "funder": 2,
        "public-authority": 1,
    }


def test_areas_say_how_they_stand(client, now):
    for slug, fields in (
        ("a", {}),
        ("b", {"selected_at": now}),
        ("c", {"declined_at": now, "decline_reason": "Too wide."}),
    ):
        PolicyArea.objects.filter(pk=shelf.area(slug).pk).update(**fields)
    assert {each["key"]: each["status"] for each in results(client, "policy-areas")} == {
        "a": "identified",
        "b": "selected",
        "c": "declined",
    }


def test_organisations_come_in_pages_by_name(client, shelves):
    people.make_organisation("Århus Example", slug="arhus")
    answer = client.get("/api/v1/organisations/?page_size=1").json()
    assert (answer["count"], answer["results"][0]["key"], answer["results"][0]["publications"]) == (2, "arhus", 0)
    assert results(client, "organisations")[1]["publications"] == 3


@pytest.mark.parametrize("name", ["policy-areas", "building-blocks", "clusters", "target-actors", "organisations"])
def test_parameters_that_a_list_does_not_have_are_refused(client, shelves, name):
    assert client.get(f"/api/v1/{name}/?q=x").json()["code"] == "unknown-parameter"


def test_same_queries_for_one_and_for_fifty_organisations(client, db):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/api/v1/organisations/?page_size=100").status_code == 200
        return len(queries)

    people.make_organisation()
    alone = cost()
    for _ in range(50):
        people.make_organisation()
    assert cost() == alone
