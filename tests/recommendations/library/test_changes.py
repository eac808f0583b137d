"""What changed from one edition to the next."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.comparison import compare
from recommendations.publishing import redact_edition
from tests import people
from tests.recommendations import shelf

pytestmark = pytest.mark.django_db

PAGE = "/library/quiet-harbours/editions/2/changes/"


def two_editions(**second):
    """The second has another context, another recommendation, and what is given."""
    first = shelf.place(recommendations=[shelf.recommendation(), shelf.recommendation("r2", "Open the gate.")])
    after = shelf.place(
        sections=[{"key": "context", "title": "Context", "blocks": shelf.paragraph("Quays fall silent at night.")}],
        recommendations=[
            shelf.recommendation(levels=["local", "national"]),
            shelf.recommendation("r3", "Count the cranes."),
        ],
        **second,
    )
    return first, after


def test_it_says_in_words_what_changed(client):
    first, second = two_editions()
    shelf.say(first, "correction", "The hour was missing.", successor=second)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "The hour was missing." in page.text
    words = page.context["found"].comparison.words
    assert words.startswith("1 part of the text changed; 1 recommendation changed; 1 recommendation added; 1 recomm")
    assert "Unchanged: Title, Summary" in page.text


def test_it_shows_the_words_in_one_text_or_side_by_side(client):
    two_editions()
    inline = client.get(PAGE).text
    assert "<ins> at night</ins>" in inline
    assert "<ins>National</ins>" in inline
    assert 'class="sides"' not in inline
    side = client.get(f"{PAGE}?changes=side").text
    assert side.count("Edition 1</p>") == side.count('class="sides"') > 0
    assert client.get(f"{PAGE}?changes=other").context["mode"] == "inline"


def test_recommendations_are_matched_by_key_and_keep_their_number(client):
    two_editions()
    found = client.get(PAGE).context["found"].comparison.recommendations
    assert [(each.key, each.number, each.fate) for each in found] == [
        ("r1", 1, "changed"),
        ("r3", 2, "added"),
        ("r2", 2, "removed"),
    ]


def test_marks_are_kept(client):
    strong = [{"id": "p1", "kind": "paragraph", "lang": "en", "runs": [{"text": "Quays", "marks": {"strong": True}}]}]
    shelf.place(sections=[{"key": "context", "title": "Context", "blocks": strong}])
    shelf.place(sections=[{"key": "context", "title": "Context", "blocks": strong + shelf.paragraph("New.", id="p2")}])
    assert "<strong>Quays</strong>" in client.get(PAGE).text


def test_the_same_text_has_no_changes():
    edition = shelf.place()
    document = edition.documents.get()
    import orjson

    content = orjson.loads(document.body)
    same = compare(content, content, page_language="en")
    assert same.is_same
    assert same.words == "Nothing changed."


def test_a_first_edition_and_an_unknown_one_have_no_such_page(client):
    shelf.place()
    for number in (0, 1, 2, 99):
        assert client.get(f"/library/quiet-harbours/editions/{number}/changes/").status_code == 404
    assert client.get("/library/nothing/editions/2/changes/").status_code == 404


def test_a_removed_text_is_not_compared(client):
    first, _second = two_editions()
    redact_edition(first, person=people.make_administrator(), reason="It named a child.", now=shelf.NOW)
    response = client.get(PAGE)
    assert response.status_code == 410
    assert "Give makers" not in response.text


def test_it_is_answered_as_unchanged_until_something_changes(client):
    first, _second = two_editions()
    tag = client.get(PAGE)["ETag"]
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(f"{PAGE}?changes=side", headers={"If-None-Match": tag}).status_code == 200
    shelf.say(first, "correction")
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 200


def test_it_costs_the_same_with_more_editions_and_recommendations(client):
    def cost(number):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/library/quiet-harbours/editions/{number}/changes/").status_code == 200
        return len(queries)

    two_editions()
    few = cost(2)
    many = [shelf.recommendation(f"m{n}", f"Statement {n}.") for n in range(20)]
    shelf.place(recommendations=many)
    assert cost(3) == few


def test_hostile_words_are_escaped(client):
    shelf.place()
    bad = "<script>alert(1)</script>"
    shelf.place(
        title=bad,
        sections=[{"key": "context", "title": bad, "blocks": shelf.paragraph(bad)}],
        statement=bad,
    )
    for address in (PAGE, f"{PAGE}?changes=side"):
        assert "<script>alert" not in client.get(address).text
