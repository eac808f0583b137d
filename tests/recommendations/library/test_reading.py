"""The reading page: an edition with everything a reader must know about it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.models import Edition
from recommendations.publishing import redact_edition
from tests import people
from tests.recommendations import shelf

pytestmark = pytest.mark.django_db


def test_page_shows_the_document(client):
    shelf.place(title="Quiet harbours", provenance=shelf.RUN)
    response = client.get("/library/quiet-harbours/")
    assert response.status_code == 200
    for words in (
        '<h1 lang="en">Quiet harbours</h1>',
        'href="#r-r1"',
        'id="r-r1"',
        "Begin with one quay.",
        "Makers need room.",
        "Survey of makers",
        "Quays fall silent.",
        "invented example",
        "CC BY 4.0",
        "Current",
    ):
        assert words in response.text


def test_template_receives_what_the_api_serves(client):
    shelf.place(provenance=shelf.RUN)
    page, answer = client.get("/library/quiet-harbours/"), client.get("/api/v1/editions/quiet-harbours.1/")
    assert page.context["document"] == answer.json()


def test_how_a_run_came_about(client):
    shelf.place(provenance=shelf.RUN)
    facts = client.get("/library/quiet-harbours/").context["reading"].history
    assert {fact.label: fact.words for fact in facts} == {
        "Process": "ekip Engine, version 2",
        "Community review": "11 January 2027 to 1 February 2027: 2 reviews of 3 asked for",
        "Points": "4 points raised: 3 accepted, 1 declined",
        "Decision": "Publish, on 20 February 2027",
    }


def test_what_cities_handed_in_are_cases(client):
    tested = [{**shelf.RUN["rounds"][0], "kind": "city-test", "submitted": 1, "invited": 1}]
    shelf.place(provenance={**shelf.RUN, "rounds": tested})
    facts = client.get("/library/quiet-harbours/").context["reading"].history
    assert "11 January 2027 to 1 February 2027: 1 case of 1 asked for" in [fact.words for fact in facts]


def test_who_took_part_stands_in_cells_that_name_nobody(client):
    shelf.place(provenance=shelf.RUN)
    page = client.get("/library/quiet-harbours/")
    took_part = page.context["reading"].provenance.took_part
    assert [(str(cell.label), cell.people) for cell in took_part.kinds] == [("Government", 3), ("Others together", 4)]
    assert [(cell.label, cell.people) for cell in took_part.countries] == [("Sweden", 7)]


def test_every_remark_stands_there_with_what_changed_because_of_it(client):
    shelf.place(provenance=shelf.RUN)
    page = client.get("/library/quiet-harbours/")
    first, second = page.context["reading"].provenance.responses
    assert (first.place, first.anchor, str(first.outcome)) == ("Recommendation 1", "r-r1", "partly accepted")
    assert (second.place, second.outcome) == ("A passage that the edition does not have", "not answered")
    assert "2 remarks, and what changed because of them" in page.text
    assert "The port does." in page.text


def test_city_cases_say_whose_views_they_are_and_recommendations_lead_to_them(client):
    shelf.place(provenance=shelf.RUN)
    text = client.get("/library/quiet-harbours/").text
    assert "The participants’ views only" in text
    assert '<a href="#case-1-r1">Example Port City</a>' in text
    assert 'id="case-1-r1"' in text
    for words in ("A day on the quay.", "The quay has no door.", "Dropped since.", "Nobody keeps", "Half a post."):
        assert words in text


def test_gatherings_say_when_and_where_people_met_and_how_many(client):
    shelf.place(provenance=shelf.RUN)
    page = client.get("/library/quiet-harbours/")
    [gathering] = page.context["reading"].provenance.gatherings
    assert (str(gathering.kind), gathering.place) == ("Policy lab", "Example Port City, Example Port, online")
    assert [(str(cell.label), cell.people) for cell in gathering.attended.kinds] == [
        ("Industry", 7),
        ("Others together", 4),
    ]
    for words in ("A lab on the quay", "3 December 2026", "4 December 2026", "Example Network", "more than the crane"):
        assert words in page.text


def test_an_edition_from_before_gatherings_were_recorded_has_none(client):
    shelf.place(provenance={key: facts for key, facts in shelf.RUN.items() if key != "gatherings"})
    page = client.get("/library/quiet-harbours/")
    assert page.context["reading"].provenance.gatherings == ()
    assert 'id="gatherings"' not in page.text
    assert "gatherings" not in client.get("/api/v1/editions/quiet-harbours.1/").json()["provenance"]


def test_an_edition_without_a_run_has_no_such_parts(client):
    shelf.place(is_import=True)
    text = client.get("/library/quiet-harbours/").text
    assert "City cases" not in text
    assert "Who took part" not in text


def test_how_an_import_came_about(client):
    shelf.place(is_import=True)
    text = client.get("/library/quiet-harbours/").text
    assert "Entered from" in text
    assert 'href="https://example.org/report"' in text
    assert "1 November 2026" in text


def test_an_import_shows_the_year_of_its_publication_or_none(client):
    shelf.place("dated", title="Dated", is_import=True, first_published_on="2019-05")
    shelf.place("undated", title="Undated", is_import=True)
    shelf.place("ours", title="Ours")
    years = {entry.id: entry.year for entry in client.get("/library/").context["listing"].entries}
    assert years == {"dated.1": "2019", "undated.1": "", "ours.1": "2027"}
    dated, undated, ours = (client.get(f"/library/{slug}/") for slug in ("dated", "undated", "ours"))
    assert '<span class="numeric">2019-05</span>' in dated.text
    cited = [page.context["reading"].citation for page in (dated, undated, ours)]
    assert [words.split(")")[0].split("(")[1] for words in cited] == ["2019", "no date", "2027"]
    assert "2027" not in undated.text.partition('<section class="summary-box"')[0].partition("<article")[2]


def test_recommendations_stand_under_their_section(client):
    sections = [
        {"key": "context", "title": "Context", "blocks": shelf.paragraph("First.")},
        {"key": "recommendations", "title": "Recommendations", "blocks": shelf.paragraph("They belong together.")},
        {"key": "expected-effect", "title": "Expected effect", "blocks": shelf.paragraph("Last.")},
    ]
    shelf.place(sections=sections)
    parts = client.get("/library/quiet-harbours/").context["reading"].parts
    assert [(part.title, len(part.items)) for part in parts] == [
        ("Context", 0),
        ("Recommendations", 1),
        ("Expected effect", 0),
    ]


def test_older_edition_stays_readable_and_says_so(client):
    shelf.place(title="First words")
    shelf.place(title="Second words")
    response = client.get("/library/quiet-harbours/editions/1/")
    assert "First words" in response.text
    assert "This is edition 1. The newest is edition 2." in response.text
    assert response.context["document"]["standing"] == "superseded"
    assert client.get("/library/quiet-harbours/").context["document"]["number"] == 2


def test_corrected_edition_leads_to_its_successor(client):
    first = shelf.place()
    shelf.say(first, "correction", "The second figure was wrong.", successor=shelf.place())
    response = client.get("/library/quiet-harbours/editions/1/")
    assert response.context["document"]["standing"] == "corrected"
    assert "The second figure was wrong." in response.text
    assert "/library/quiet-harbours/editions/2/" in response.text


def test_what_stands_no_more_says_so_wherever_the_reader_is(client):
    first = shelf.place()
    shelf.say(first, "correction", "The second figure was wrong.", successor=shelf.place())
    old = client.get("/library/quiet-harbours/editions/1/").text
    assert 'class="standing-bar"' in old
    assert 'href="#notices"' in old
    assert old.count('id="notices"') == 1
    assert "<title>Corrected:" in old
    assert "/library/quiet-harbours/editions/2/changes/" in old
    new = client.get("/library/quiet-harbours/editions/2/").text
    assert "standing-bar" not in new
    assert "This edition corrects edition 1" in new
    assert "The second figure was wrong." in new


def test_an_earlier_edition_of_a_withdrawn_publication_says_so_too(client):
    first = shelf.place()
    second = shelf.place()
    shelf.say(first, "correction", successor=second)
    shelf.say(second, "withdrawal", "Built on a survey that was retracted.")
    page = client.get("/library/quiet-harbours/editions/1/")
    assert page.context["document"]["standing"] == "withdrawn"
    assert "The publication was withdrawn" in page.text
    assert "standing-bar is-withdrawn" in page.text
    assert page.text.count('id="notices"') == 1


def test_withdrawn_publication_leaves_a_tombstone_and_its_text(client):
    shelf.say(shelf.place(), "withdrawal", "Built on a survey that was retracted.")
    tombstone = client.get("/library/quiet-harbours/")
    assert tombstone.status_code == 200
    assert "Built on a survey that was retracted." in tombstone.text
    assert "Makers need room." not in tombstone.text
    record = client.get("/library/quiet-harbours/editions/1/")
    assert "Built on a survey that was retracted." in record.text
    assert "Makers need room." in record.text


def test_new_edition_after_a_withdrawal_is_current(client):
    shelf.say(shelf.place(), "withdrawal")
    shelf.place(title="Mended")
    assert client.get("/library/quiet-harbours/").context["document"]["standing"] == "current"


def test_removed_text_is_gone_and_the_reason_stays(client):
    edition = shelf.place(title="A person's name")
    redact_edition(edition, person=people.make_administrator(), reason="It named a child.", now=shelf.NOW)
    for address in ("/library/quiet-harbours/", "/library/quiet-harbours/editions/1/"):
        response = client.get(address)
        assert response.status_code == 410
        assert "It named a child." in response.text
        assert "A person&#x27;s name" not in response.text
    assert "A person&#x27;s name" not in client.get("/library/").text


@pytest.mark.parametrize(
    "path",
    [
        "/library/nothing/",
        "/library/quiet-harbours/editions/2/",
        "/library/quiet-harbours/editions/0/",
        f"/library/quiet-harbours/editions/{'9' * 40}/",
        f"/library/quiet-harbours/editions/{'9' * 5000}/",
        f"/library/{'x' * 10_000}/",
        "/library/%00/",
    ],
)
def test_unknown_addresses_are_not_found(client, path):
    shelf.place()
    assert client.get(path).status_code == 404


class TestConditional:
    """The page is asked for again with its tag."""

    def test_unchanged_page_is_not_rendered_again(self, client):
        shelf.place()
        first = client.get("/library/quiet-harbours/")
        assert first["Cache-Control"] == "no-cache"
        again = client.get("/library/quiet-harbours/", headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        assert again.content == b""
        assert again["ETag"] == first["ETag"]

    @pytest.mark.parametrize("happens", ["edition", "notice"])
    def test_what_changes_the_standing_changes_the_tag(self, client, happens):
        edition = shelf.place()
        before = client.get("/library/quiet-harbours/editions/1/")["ETag"]
        if happens == "edition":
            shelf.place()
        else:
            shelf.say(edition, "correction")
        after = client.get("/library/quiet-harbours/editions/1/", headers={"If-None-Match": before})
        assert after.status_code == 200
        assert after["ETag"] != before

    def test_page_with_a_persons_name_is_theirs_alone(self, official, sign_in):
        shelf.place()
        browser = sign_in(official)
        response = browser.get("/library/quiet-harbours/", headers={"If-None-Match": "*"})
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-cache"


def test_same_queries_with_many_editions_and_notices(client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/library/quiet-harbours/").status_code == 200
        return len(queries)

    shelf.place()
    alone = cost()
    for _ in range(5):
        shelf.say(shelf.place(), "correction")
    assert cost() == alone


def test_hostile_words_are_escaped(client):
    bad = "<script>alert(1)</script>"
    shelf.place(
        title=bad,
        summary=bad,
        sections=[{"key": "context", "title": bad, "blocks": shelf.paragraph(bad)}],
        statement=bad,
        rationale=shelf.paragraph(bad),
        guideline=shelf.paragraph(bad),
    )
    shelf.say(Edition.objects.get(), "correction", bad)
    text = client.get("/library/quiet-harbours/").text
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(1)") >= 7
