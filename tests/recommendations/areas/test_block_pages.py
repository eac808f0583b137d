"""Pages of the building blocks."""

import pytest
from django.test import Client

from tests.recommendations import shelf

pytestmark = pytest.mark.django_db


def page(address, status=200):
    """The words of a page."""
    response = Client().get(address)
    assert response.status_code == status
    return response.content.decode()


def test_the_list_counts_what_is_published_on_each(vocabularies):
    shelf.place("one", building_blocks=("skills-competences",))
    shelf.place("two", building_blocks=("skills-competences", "social-dimension"))
    shelf.place("two", building_blocks=("social-dimension",))  # the newest edition counts
    words = page("/building-blocks/")
    assert words.count("1 publication<") == 2
    assert words.count("0 publications<") == 1
    assert words.count("1 recommendation<") == 2
    assert words.index("Skills and competence development") < words.index("What goes with every one of them")
    assert words.index("What goes with every one of them") < words.index("Social dimension")


def test_a_page_shows_publications_and_the_recommendations_that_act_on_the_block(vocabularies):
    shelf.place("ports", title="Open ports", building_blocks=("skills-competences",))
    shelf.place("money", title="Fair money", building_blocks=("investment-funding",))
    shelf.say(shelf.place("gone", title="Old ports", building_blocks=("skills-competences",)), "withdrawal")
    words = page("/building-blocks/skills-competences/")
    assert "1 recommendation acts on it" in words
    assert "Give makers a key to the quay." in words
    assert "/library/ports/#r-r1" in words
    assert "Fair money" not in words
    assert "Old ports" not in words


def test_a_block_on_which_nothing_acts_yet_says_what_to_do(vocabularies):
    assert "Nothing has been published on it yet" in page("/building-blocks/social-dimension/")


def test_an_installation_without_vocabularies_says_so(db):
    assert "have not been loaded" in page("/building-blocks/")


@pytest.mark.parametrize("number", ["0", "-1", "999", "x", "1" * 400])
def test_an_odd_page_number_leads_to_the_nearest_page(vocabularies, number):
    shelf.place(building_blocks=("skills-competences",))
    assert "acts on it" in page(f"/building-blocks/skills-competences/?page={number}")


def test_what_is_not_there_is_not_found(vocabularies):
    page("/building-blocks/nothing/", 404)


def test_more_recommendations_than_fit_stand_on_the_next_page(vocabularies):
    for number in range(25):
        shelf.place(f"ports-{number}", title=f"Port {number}", building_blocks=("skills-competences",))
    assert "25 recommendations act on it" in page("/building-blocks/skills-competences/")
    assert "Port 24" not in page("/building-blocks/skills-competences/?page=2").split("act on it")[1]


@pytest.mark.parametrize("number", [1, 50])
def test_the_pages_cost_the_same_at_any_size(vocabularies, number, django_assert_num_queries):
    for n in range(number):
        shelf.place(f"ports-{n}", building_blocks=("skills-competences",))
    with django_assert_num_queries(3):
        Client().get("/building-blocks/")
    with django_assert_num_queries(7):
        Client().get("/building-blocks/skills-competences/")
