"""Pages of the policy areas."""

import pytest
from django.test import Client

from recommendations.areas import services
from recommendations.models import Cluster, PolicyArea
from tests.recommendations import rows, shelf

pytestmark = pytest.mark.django_db


def page(client, address, status=200):
    """The words of a page."""
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def area(vocabularies):
    return rows.make_area("Quiet harbours", slug="harbours", sources=9)


def test_the_list_groups_areas_by_cluster_with_state_and_counts(area, now):
    shelf.place(area_slug="crafts")
    words = page(Client(), "/policy-areas/")
    assert words.index("Cooperation") < words.index("Quiet harbours")
    assert "9 sources" in words
    assert "1 publication<" in words
    assert "Identified" in words


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("?state=selected", ["Selected one"]),
        ("?state=declined", ["Declined one"]),
        ("?state=identified", ["Identified one"]),
        ("?state=nonsense", ["Selected one", "Declined one", "Identified one"]),
    ],
)
def test_the_list_is_narrowed_by_state(vocabularies, now, address, shown):
    rows.make_area("Identified one")
    rows.make_area("Selected one", selected_at=now)
    rows.make_area("Declined one", declined_at=now, decline_reason="No.")
    words = page(Client(), f"/policy-areas/{address}")
    assert [title for title in ("Selected one", "Declined one", "Identified one") if title in words] == shown


def test_an_empty_register_and_an_empty_state_say_what_to_do(vocabularies):
    assert "No policy area has been identified yet" in page(Client(), "/policy-areas/")
    rows.make_area()
    assert "See all policy areas" in page(Client(), "/policy-areas/?state=declined")


def test_a_page_shows_sources_publications_and_their_building_blocks(area):
    shelf.place("ports", title="Open ports", area_slug="harbours", building_blocks=("skills-competences",))
    shelf.say(shelf.place("old-ports", title="Old ports", area_slug="harbours"), "withdrawal")
    words = page(Client(), "/policy-areas/harbours/")
    assert "Source 3" in words
    assert "Open ports" in words
    assert "/building-blocks/skills-competences/" in words
    assert "Old ports" not in words
    assert "9 of the 10 that an area needs" in words


def test_a_declined_area_says_why(area, coordinator, now):
    services.decline_area(area_id=area.pk, person=coordinator, reason="Too near to <ports>.", now=now)
    words = page(Client(), "/policy-areas/harbours/")
    assert "Too near to &lt;ports&gt;." in words
    assert "1 March 2027" in words


def test_reading_makes_no_session(area):
    client = Client()
    for address in ("/policy-areas/", "/policy-areas/harbours/", "/building-blocks/"):
        client.get(address)
    assert not client.cookies


def test_what_is_not_there_is_not_found(vocabularies):
    page(Client(), "/policy-areas/nothing/", 404)


def test_only_who_keeps_the_register_sees_its_steps(area, sign_in, author, coordinator):
    assert "/policy-areas/harbours/decline/" not in page(Client(), "/policy-areas/harbours/")
    assert "/policy-areas/harbours/decline/" not in page(sign_in(author), "/policy-areas/harbours/")
    words = page(sign_in(coordinator), "/policy-areas/harbours/")
    assert "/policy-areas/harbours/decline/" in words
    assert "/policy-areas/harbours/select/" not in words


@pytest.mark.parametrize("step", ["sources/add", "select", "decline", "reopen", "sources/1/remove"])
def test_steps_are_for_coordinators(area, sign_in, author, step):
    address = f"/policy-areas/harbours/{step}/"
    assert Client().get(address).status_code == 302
    assert sign_in(author).get(address).status_code == 403
    assert sign_in(author).post(address, {"reason": "No."}).status_code == 403


def test_a_coordinator_adds_the_tenth_source_and_selects_the_area(area, sign_in, coordinator):
    client = sign_in(coordinator)
    fields = {"title": "A survey", "kind": "survey", "year": "2026", "address": "https://example.org/survey"}
    added = client.post("/policy-areas/harbours/sources/add/", fields)
    assert (added.status_code, added["Location"]) == (302, "/policy-areas/harbours/")
    assert "What will happen" in page(client, "/policy-areas/harbours/select/")
    client.post("/policy-areas/harbours/select/")
    area.refresh_from_db()
    assert area.selected_by == coordinator
    assert "Partners can start a proposal in this area" in page(client, "/policy-areas/harbours/")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "required"),
        ({"title": "Source 3", "kind": "survey"}, "It counts once."),
        ({"title": "x" * 1_000_000, "kind": "survey"}, "at most 250 characters"),
        ({"title": "A survey", "kind": "rumour"}, "rumour"),
        ({"title": "A survey", "kind": "survey", "year": "soon"}, "whole number"),
        ({"title": "A survey", "kind": "survey", "address": "javascript:alert(1)"}, "begins with https://"),
    ],
)
def test_a_faulty_source_comes_back_with_what_was_typed(area, sign_in, coordinator, fields, words):
    response = sign_in(coordinator).post("/policy-areas/harbours/sources/add/", fields)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert area.sources.count() == 9


def test_a_source_is_removed_after_asking(area, sign_in, coordinator):
    client, source = sign_in(coordinator), area.sources.first()
    address = f"/policy-areas/harbours/sources/{source.pk}/remove/"
    assert source.title in page(client, address)
    assert client.post(address).status_code == 302
    assert client.get(address).status_code == 404
    assert area.sources.count() == 8


def test_declining_asks_for_a_reason_and_reopening_takes_it_back(area, sign_in, coordinator):
    client = sign_in(coordinator)
    refused = client.post("/policy-areas/harbours/decline/", {"reason": " "})
    assert refused.status_code == 422
    assert client.post("/policy-areas/harbours/decline/", {"reason": "Too near."}).status_code == 302
    moved = client.post("/policy-areas/harbours/decline/", {"reason": "Typed again."})
    assert moved.status_code == 409
    assert client.post("/policy-areas/harbours/reopen/").status_code == 302
    area.refresh_from_db()
    assert area.declined_at is None


@pytest.mark.parametrize("number", [1, 50])
def test_the_pages_cost_the_same_at_any_size(vocabularies, now, django_assert_num_queries, number):
    cluster = Cluster.objects.create(key="crafts-cluster", label="Crafts")
    PolicyArea.objects.bulk_create(
        [PolicyArea(slug=f"area-x{n}", title=f"Area {n}", cluster=cluster) for n in range(number)]
    )
    rows.make_area(slug="harbours", sources=number)
    for n in range(min(number, 12)):
        shelf.place(f"ports-{n}", area_slug="harbours", cluster="cooperation")
    with django_assert_num_queries(2):
        Client().get("/policy-areas/")
    with django_assert_num_queries(5):
        Client().get("/policy-areas/harbours/")


def test_a_coordinator_enters_an_area_and_is_led_to_its_page(area, sign_in, author, coordinator):
    address = "/policy-areas/new/"
    assert sign_in(author).get(address).status_code == 403
    client = sign_in(coordinator)
    assert address in page(client, "/policy-areas/")
    fields = {"title": "Open stages", "cluster": "cooperation", "summary": "A question."}
    assert client.post(address, fields)["Location"] == "/policy-areas/open-stages/"
    again = client.post(address, fields)
    assert (again.status_code, "in the register already" in again.content.decode()) == (422, True)
    assert client.post(address, {"title": "", "cluster": "nothing"}).status_code == 422


def test_forms_that_are_sent_twice_act_once(area, sign_in, coordinator):
    client, source = sign_in(coordinator), area.sources.first()
    for step, fields in (
        ("sources/add", {"title": "A survey", "kind": "survey"}),
        (f"sources/{source.pk}/remove", {}),
        ("decline", {"reason": "Too near."}),
        ("reopen", {}),
    ):
        answers = [client.post(f"/policy-areas/harbours/{step}/", fields) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302], step
    assert area.sources.count() == 9
