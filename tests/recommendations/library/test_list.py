"""The list of publications: what it shows, how it is narrowed, what it does with nonsense."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.models import Cluster, PolicyArea
from tests.recommendations import shelf

pytestmark = pytest.mark.django_db


def titles(response) -> list[str]:
    """The titles of the results, in order."""
    return [entry.document["title"] for entry in response.context["listing"].entries]


def counts(response, name: str) -> dict[str, int]:
    """The counts beside the values of a facet."""
    facets = {facet.name: facet for facet in response.context["listing"].facets}
    return {option.value: option.count for option in facets[name].options}


@pytest.fixture
def shelves():
    shelf.place("looms", title="Open looms", cluster="cooperation", area_slug="textiles", levels=["eu"])
    shelf.place("attics", title="Attics", levels=["local", "eu"], building_blocks=["funding"])
    shelf.place("barns", title="Ärger in barns", language="sv", target_actors=["public-authority"])


def test_newest_first_with_the_newest_edition_only(client, shelves):
    shelf.place("looms", title="Open looms, second edition", area_slug="textiles")
    response = client.get("/library/")
    assert titles(response) == ["Open looms, second edition", "Ärger in barns", "Attics"]
    assert "3 publications" in response.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=oldest", ["Open looms", "Attics", "Ärger in barns"]),
        ("sort=title", ["Ärger in barns", "Attics", "Open looms"]),
        ("q=ARGER", ["Ärger in barns"]),
        ("q=open+lo", ["Open looms"]),
        ("cluster=cooperation", ["Open looms"]),
        ("area=crafts", ["Ärger in barns", "Attics"]),
        ("area=crafts&area=textiles", ["Ärger in barns", "Attics", "Open looms"]),
        ("level=eu", ["Attics", "Open looms"]),
        ("level=eu&level=local", ["Ärger in barns", "Attics", "Open looms"]),
        ("level=eu&building_block=funding", ["Attics"]),
        ("target_actor=public-authority", ["Ärger in barns"]),
        ("language=sv", ["Ärger in barns"]),
        ("language=sv&level=eu", []),
    ],
)
def test_address_decides_what_is_listed(client, shelves, query, expected):
    assert titles(client.get(f"/library/?{query}")) == expected


def test_counts_say_what_each_value_would_give(client, shelves):
    response = client.get("/library/?level=eu")
    assert counts(response, "level") == {"eu": 2, "local": 2}
    assert counts(response, "building_block") == {"funding": 1, "skills": 1}
    assert counts(response, "cluster") == {"cooperation": 1, "education-skills": 1}


def test_chosen_value_without_results_stays_in_its_facet(client, shelves):
    assert counts(client.get("/library/?language=sv&q=looms"), "language") == {"en": 1, "sv": 0}


def test_chip_takes_one_choice_away(client, shelves):
    response = client.get("/library/?q=open&level=eu&level=local&sort=title")
    chips = {chip.label: chip.url for chip in response.context["listing"].chips}
    assert chips == {
        "“open”": "?level=eu&level=local&sort=title",
        "European Union": "?q=open&level=local&sort=title",
        "Local": "?q=open&level=eu&sort=title",
    }


def test_pages_keep_the_choice(client):
    shelf.fill(21)
    response = client.get("/library/?level=local&sort=title")
    assert len(titles(response)) == 20
    assert 'href="?level=local&amp;sort=title&amp;page=2"' in response.text
    assert titles(client.get("/library/?level=local&sort=title&page=2")) == ["Set 20"]


def test_withdrawn_and_removed_publications_are_not_listed(client, shelves):
    shelf.say(shelf.place("gone", title="Gone"), "withdrawal")
    assert "Gone" not in titles(client.get("/library/"))


def test_newest_edition_that_another_publication_supersedes_says_so(client, shelves):
    shelf.say(shelf.place("old", title="Old"), "supersession", successor=shelf.place("new", title="New"))
    response = client.get("/library/?q=old")
    assert titles(response) == ["Old"]
    assert "Superseded" in response.text


def test_empty_library_says_what_comes(client, db):
    assert "Nothing has been published yet" in client.get("/library/").text


def test_empty_result_says_what_to_do(client, shelves):
    text = client.get("/library/?q=zeppelin").text
    assert "Nothing in the library fits" in text
    assert "See all publications" in text


def test_unknown_values_are_named_and_left_out(client, shelves):
    response = client.get("/library/?level=galactic&cluster=<b>x</b>&level=eu")
    assert titles(response) == ["Attics", "Open looms"]
    assert "“galactic”" in response.text
    assert "&lt;b&gt;x&lt;/b&gt;" in response.text


NONSENSE = (
    {"page": "1000000000"},
    {"page": "9" * 5000},
    {"page": "-1"},
    {"page": "two"},
    {"q": "x" * 10_000},
    {"q": "\x00\x07'\"\\%_:*&|!()"},
    {"q": '-"' * 100},
    {"level": "\x00"},
    {"area": "x" * 10_000},
    {"area": ["a"] * 900},
    {"sort": "\x00; drop table"},
    {"language": "😀"},
)


def test_nonsense_gets_a_page(client, shelves):
    for query in NONSENSE:
        response = client.get("/library/?" + urlencode(query, doseq=True))
        assert response.status_code == 200, query
        assert "\x00" not in response.text, query


def test_long_words_are_cut_and_the_page_says_so(client, shelves):
    assert "first 200 characters" in client.get("/library/?q=" + "a" * 300).text


def test_same_queries_for_one_and_for_fifty(client, db):
    shelf.place()

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/library/?level=local&q=quiet+or+se").status_code == 200
        return len(queries)

    alone = cost()
    shelf.fill(50)
    assert cost() == alone


def test_methods_that_write_are_refused(client, db):
    assert client.post("/library/").status_code == 405


def test_page_has_no_inline_script_or_style(client, shelves):
    text = client.get("/library/?level=eu").text
    assert not re.search(r"<script(?![^>]*src=)|<style| style=| on[a-z]+=", text)


def test_labels_with_markup_are_escaped(client, shelves):
    Cluster.objects.update(label="<script>x</script>")
    PolicyArea.objects.update(title="<script>y</script>")
    shelf.place("marked", title="<script>z</script>", summary="<img src=x onerror=y>")
    text = client.get("/library/?cluster=cooperation").text + client.get("/library/").text
    assert "<script>x" not in text
    assert "<script>y" not in text
    assert "<script>z" not in text
    assert "<img" not in text
