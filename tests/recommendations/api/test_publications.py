"""Publications over the API: the list and one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.publishing import redact_edition
from tests import people
from tests.recommendations import shelf

pytestmark = pytest.mark.django_db

LIST = "/api/v1/publications/"


def ids(response) -> list[str]:
    """The ids of the results, in order."""
    return [entry["id"] for entry in response.json()["results"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["looms", "barns", "attics"]),
        ("ordering=updated", ["attics", "barns", "looms"]),
        ("ordering=title", ["attics", "barns", "looms"]),
        ("q=loom", ["looms"]),
        ("area=textiles", ["looms"]),
        ("cluster=education-skills", ["barns", "attics"]),
        ("building_block=funding", ["attics"]),
        ("level=eu", ["looms", "attics"]),
        ("level=eu&level=local&page_size=100", ["looms", "barns", "attics"]),
        ("target_actor=public-authority", ["barns"]),
        ("language=sv", ["barns"]),
        ("language=sv&level=eu", []),
        ("page_size=2&page=2", ["attics"]),
    ],
)
def test_address_decides_what_is_listed(client, shelves, query, expected):
    assert ids(client.get(f"{LIST}?{query}")) == expected


def test_entry_describes_the_newest_edition(client, shelves):
    entry = client.get(f"{LIST}?q=loom").json()["results"][0]
    assert entry["edition"] == "looms.2"
    assert entry["title"] == "Open looms again"
    assert entry["standing"] == "current"
    assert entry["area"]["cluster"] == {"key": "cooperation", "label": "Cooperation"}
    assert entry["recommendations"] == 1
    assert entry["links"]["page"].endswith("/library/looms/")


def test_notice_brings_a_publication_to_the_front(client, shelves):
    shelf.say(shelf.place("attics", title="Attics"), "correction")
    shelf.place("barns", title="Barns", language="sv")
    shelf.say(shelf.place("looms", title="Looms", area_slug="textiles"), "correction")
    answer = client.get(LIST).json()["results"]
    assert [entry["id"] for entry in answer] == ["looms", "barns", "attics"]
    assert [entry["serial"] for entry in answer] == sorted((e["serial"] for e in answer), reverse=True)


def test_neighbouring_pages_keep_the_filters(client, shelves):
    answer = client.get(f"{LIST}?level=eu&level=local&page_size=1&page=2").json()
    assert answer["count"] == 3
    assert answer["next"].endswith("/api/v1/publications/?level=eu&level=local&page_size=1&page=3")
    assert answer["previous"].endswith("/api/v1/publications/?level=eu&level=local&page_size=1&page=1")
    assert client.get(f"{LIST}?page_size=1&page=3").json()["next"] is None


def test_one_publication_has_all_its_editions(client, shelves):
    answer = client.get(f"{LIST}looms/").json()
    assert answer["standing"] == "current"
    assert answer["edition"]["id"] == "looms.2"
    assert [(each["id"], each["standing"]) for each in answer["editions"]] == [
        ("looms.2", "current"),
        ("looms.1", "superseded"),
    ]


def test_withdrawn_publication_explains_itself_and_is_not_listed(client, shelves):
    shelf.say(shelf.place("barns", title="Barns"), "withdrawal", "The survey was retracted.")
    answer = client.get(f"{LIST}barns/").json()
    assert answer["standing"] == "withdrawn"
    assert answer["edition"] is None
    assert [(each["edition"], each["text"]) for each in answer["notices"]] == [("barns.2", "The survey was retracted.")]
    assert "barns" not in ids(client.get(LIST))


@pytest.mark.parametrize("end", ["withdrawn", "redacted"])
def test_an_earlier_edition_stands_as_withdrawn_with_its_publication(client, db, end):
    first, second = shelf.place("mills"), shelf.place("mills")
    shelf.say(first, "correction", successor=second)
    edition = "/api/v1/editions/mills.1/"
    before = client.get(edition)
    assert before.json()["standing"] == "corrected"
    if end == "withdrawn":
        shelf.say(second, "withdrawal")
    else:
        redact_edition(second, person=people.make_administrator(), reason="It named a child.", now=shelf.NOW)
    after = client.get(edition, headers={"If-None-Match": before["ETag"]})
    assert (after.status_code, after.json()["standing"]) == (200, "withdrawn")
    answer = client.get(f"{LIST}mills/").json()
    assert [each["standing"] for each in answer["editions"]] == [end, "withdrawn"]
    assert client.get("/library/mills/editions/1/").context["document"]["standing"] == "withdrawn"


def test_removed_publication_keeps_its_notice_only(client, shelves):
    edition = shelf.place("named", title="A name")
    redact_edition(edition, person=people.make_administrator(), reason="It named a child.", now=shelf.NOW)
    response = client.get(f"{LIST}named/")
    assert response.json()["standing"] == "redacted"
    assert response.json()["edition"] is None
    assert "A name" not in response.text
    assert "named" not in ids(client.get(LIST))


@pytest.mark.parametrize("query", ["", "?q=set&level=local&building_block=skills"])
def test_same_queries_for_one_and_for_fifty(client, query):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{LIST}{query or '?'}&page_size=100").status_code == 200
        return len(queries)

    shelf.fill(1)
    alone = cost()
    shelf.fill(50, first=1)
    assert cost() == alone
