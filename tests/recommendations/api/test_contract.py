"""What every address of the API keeps: the description is true, tags work, refusals are problem documents."""

import json
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.recommendations import shelf

pytestmark = pytest.mark.django_db

LISTS = (
    "publications",
    "recommendations",
    "policy-areas",
    "building-blocks",
    "clusters",
    "target-actors",
    "organisations",
)
PATHS = {
    "/api/v1/publications/{slug}/": "/api/v1/publications/looms/",
    "/api/v1/editions/{id}/": "/api/v1/editions/looms.1/",
    "/api/v1/recommendations/{id}/": "/api/v1/recommendations/looms.r1/",
    **{f"/api/v1/{name}/": f"/api/v1/{name}/" for name in LISTS},
}

ADDRESSES = (*PATHS.values(), "/api/v1/", "/api/v1/schema/")
METHODS = "GET, HEAD, OPTIONS"


@pytest.fixture
def description(client) -> dict:
    """The description that the API serves."""
    response = client.get("/api/v1/schema/")
    assert response["Content-Type"] == "application/vnd.oai.openapi+json"
    return json.loads(response.content)


def form_of(description: dict, path: str, status: str, media_type: str) -> Draft202012Validator:
    """The validator for an answer, with the description's components in reach."""
    schema = description["paths"][path]["get"]["responses"][status]["content"][media_type]["schema"]
    return Draft202012Validator({**schema, "components": description["components"]})


def test_description_is_valid_openapi(description):
    assert description["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(description).validate()


def test_description_is_made_without_warnings(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))


def test_description_names_every_address(description):
    assert set(description["paths"]) == {*PATHS, "/api/v1/editions/{id}/body/{content_hash}/"}


def test_answers_have_the_form_that_the_description_gives(client, shelves, description):
    first = shelf.place("looms", area_slug="textiles", provenance=shelf.RUN)
    second = shelf.place("looms", area_slug="textiles", is_import=True)
    shelf.say(first, "correction", successor=second)
    for path, address in PATHS.items():
        form_of(description, path, "200", "application/json").validate(client.get(address).json())


def test_every_edition_of_a_run_says_how_it_came_about(client, description):
    shelf.place("looms", provenance=shelf.RUN)
    answer = client.get("/api/v1/editions/looms.1/").json()
    form_of(description, "/api/v1/editions/{id}/", "200", "application/json").validate(answer)
    assert answer["provenance"] == shelf.RUN
    named = description["components"]["schemas"]["Provenance"]["properties"]
    assert {"took_part", "responses", "city_cases", "rounds", "decision"} <= set(named)


def test_answers_have_no_field_that_the_description_does_not_name(client, shelves, description):
    for schema in description["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    shelf.place("looms", area_slug="textiles", provenance=shelf.RUN)
    for path, address in PATHS.items():
        form_of(description, path, "200", "application/json").validate(client.get(address).json())


class TestEveryAddress:
    """Tags, methods and types."""

    def test_unchanged_answer_is_not_sent_again(self, client, shelves):
        for address in ADDRESSES:
            first = client.get(address)
            assert (first.status_code, first["Cache-Control"]) == (200, "no-cache"), address
            again = client.get(address, headers={"If-None-Match": first["ETag"]})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"]), address

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_only_reading_is_possible(self, client, shelves, method):
        for address in ADDRESSES:
            response = getattr(client, method)(address)
            assert response.status_code == 405, address
            assert response["Content-Type"] == "application/problem+json"
            assert response["Allow"] == METHODS
            assert response.json()["code"] == "method-not-allowed"

    def test_head_has_the_headers_and_options_the_methods(self, client, shelves):
        for address in ADDRESSES:
            head, options = client.head(address), client.options(address)
            assert (head.status_code, head.content) == (200, b""), address
            assert head["ETag"] == client.get(address)["ETag"], address
            assert (options.status_code, options["Allow"], options.content) == (204, METHODS, b""), address

    def test_types_that_we_do_not_have_are_refused(self, client, shelves):
        for address in ADDRESSES:
            response = client.get(address, headers={"Accept": "text/csv"})
            assert (response.status_code, response["Content-Type"]) == (406, "application/problem+json"), address

    def test_pages_of_other_sites_may_read_it(self, client, shelves):
        assert {client.get(address)["Access-Control-Allow-Origin"] for address in ADDRESSES} == {"*"}


@pytest.mark.parametrize("name", ["publications", "recommendations"])
class TestTagOfAList:
    """The tag of a list costs three queries and changes with the library."""

    def test_not_modified_is_said_before_anything_is_read(self, client, shelves, name):
        tag = client.get(f"/api/v1/{name}/")["ETag"]
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/api/v1/{name}/", headers={"If-None-Match": tag})
        assert len(queries) == 3

    @pytest.mark.parametrize("happens", ["edition", "notice"])
    def test_every_published_row_changes_it(self, client, shelves, name, happens):
        edition = shelf.place("more")
        before = client.get(f"/api/v1/{name}/")["ETag"]
        shelf.place("more") if happens == "edition" else shelf.say(edition, "correction")
        assert client.get(f"/api/v1/{name}/")["ETag"] != before

    def test_every_address_has_its_own(self, client, shelves, name):
        assert client.get(f"/api/v1/{name}/")["ETag"] != client.get(f"/api/v1/{name}/?page_size=2")["ETag"]


NONSENSE = (
    ({"level": "galactic"}, "unknown-value"),
    ({"area": "\x00"}, "unknown-value"),
    ({"area": "x" * 10_000}, "unknown-value"),
    ({"blok": "skills"}, "unknown-parameter"),
    ({"x" * 10_000: "1"}, "unknown-parameter"),
    ({"page": "0"}, "out-of-range"),
    ({"page": "9" * 5000}, "out-of-range"),
    ({"page": "two"}, "out-of-range"),
    ({"page": "1000000000"}, "out-of-range"),
    ({"page_size": "101"}, "out-of-range"),
    ({"page_size": ""}, "out-of-range"),
    ({"q": "x" * 10_000}, "too-long"),
)


@pytest.mark.parametrize("name", ["publications", "recommendations"])
def test_nonsense_is_a_problem_that_says_what_is_allowed(client, shelves, description, name):
    for query, code in NONSENSE:
        response = client.get(f"/api/v1/{name}/?" + urlencode(query))
        assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
        problem = response.json()
        assert problem["code"] == code
        assert all(each["allowed"] for each in problem["errors"].values())
        assert len(response.content) < 5_000
        form_of(description, f"/api/v1/{name}/", "400", "application/problem+json").validate(problem)


def test_unknown_value_is_answered_with_the_known_ones(client, shelves):
    problem = client.get("/api/v1/publications/?level=galactic&level=eu&cluster=x").json()
    assert problem["errors"] == {
        "level": {"unknown": ["galactic"], "allowed": ["eu", "national", "regional", "local"]},
        "cluster": {"unknown": ["x"], "allowed": ["cooperation", "education-skills"]},
    }


def test_unknown_ordering_is_a_problem(client, shelves):
    problem = client.get("/api/v1/publications/?ordering=colour").json()
    assert problem["errors"]["ordering"]["allowed"] == ["-updated", "updated", "title"]


@pytest.mark.parametrize("query", ["q=%00%07'\"%5C%25_:*%26|!()", "q=%F0%9F%98%80", "q=" + "-" * 200, "level="])
def test_strange_words_get_an_answer(client, shelves, query):
    assert client.get(f"/api/v1/publications/?{query}").status_code == 200


@pytest.mark.parametrize("path", ["nothing/", "publications/nothing/", "publications/a b/", "publications/%00/"])
def test_unknown_addresses_are_problems(client, shelves, description, path):
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 404


def test_page_behind_the_last_one_is_not_found(client, shelves):
    assert client.get("/api/v1/publications/?page=2").status_code == 404
