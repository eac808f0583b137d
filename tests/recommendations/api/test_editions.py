"""Editions over the API: the address with the standing, and the body that never changes."""

from hashlib import sha256

import pytest

from recommendations.publishing import redact_edition
from tests import people
from tests.recommendations import shelf

pytestmark = pytest.mark.django_db

FIRST = "/api/v1/editions/looms.1/"


def body_path(answer: dict) -> str:
    """The path of the immutable body that an edition's answer names."""
    return "/api" + answer["links"]["body"].partition("/api")[2]


def test_edition_carries_its_standing(client, shelves):
    answer = client.get(FIRST).json()
    assert (answer["id"], answer["title"], answer["standing"]) == ("looms.1", "Open looms", "superseded")
    assert client.get("/api/v1/editions/looms.2/").json()["standing"] == "current"


def test_notice_names_the_successor(client, shelves):
    shelf.say(shelf.place("old"), "supersession", "Read the other one.", successor=shelf.place("new"))
    (notice,) = client.get("/api/v1/editions/old.1/").json()["notices"]
    assert notice["successor"] == "new.1"
    assert notice["successor_page"].endswith("/library/new/editions/1/")


def test_body_is_what_its_address_says_and_may_be_kept_for_ever(client, shelves):
    response = client.get(body_path(client.get(FIRST).json()))
    content_hash = response.request["PATH_INFO"].split("/")[-2]
    assert sha256(response.content).hexdigest() == content_hash
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["ETag"] == f'"{content_hash}"'
    assert response["Content-Type"] == "application/json"


def test_edition_is_its_body_with_standing_notices_and_links(client, shelves):
    answer = client.get(FIRST).json()
    body = client.get(body_path(answer)).json()
    assert answer == {**body, **{name: answer[name] for name in ("standing", "notices", "links")}}


def test_removed_body_is_gone(client, shelves):
    edition = shelf.place("named", title="A name")
    address = body_path(client.get("/api/v1/editions/named.1/").json())
    kept = client.get(address)["ETag"]
    redact_edition(edition, person=people.make_administrator(), reason="It named a child.", now=shelf.NOW)
    for path in (address, "/api/v1/editions/named.1/"):
        response = client.get(path, headers={"If-None-Match": kept})
        assert response.status_code == 410
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "gone"
        assert "immutable" not in response.get("Cache-Control", "")


@pytest.mark.parametrize(
    "id", ["looms.3", "looms.0", "looms", "looms.", ".1", "looms.x", "looms.٣", "looms.1.1", "looms." + "9" * 5000]
)
def test_unknown_editions_are_a_problem(client, shelves, id):
    response = client.get(f"/api/v1/editions/{id}/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not-found"


@pytest.mark.parametrize("content_hash", ["0" * 64, "x", "x" * 5000])
def test_unknown_bodies_are_a_problem(client, shelves, content_hash):
    assert client.get(f"{FIRST}body/{content_hash}/").status_code == 404
