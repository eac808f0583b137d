"""One click makes a visitor an example person; nobody else, nowhere else."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from ekip.demo.data_files import rows
from ekip.demo.people import load_people
from ekip.demo.register import load_register
from partners.models import User
from tests import people
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(addresses, sectors) -> Client:
    """A browser in a demonstration whose example people are there."""
    load_register()
    load_people(now=TODAY)
    return Client()


def become(client: Client, key: str, **fields: str):
    """Click on the button of a person."""
    return client.post(f"/demo/sign-in/{key}/", fields)


def test_the_sign_in_page_offers_everybody_with_what_to_try(visitor) -> None:
    page = visitor.get(reverse("account_login")).content.decode()
    assert page.count('formaction="/demo/sign-in/') == len(rows("people"))
    assert "Hanna Verstegel" in page
    assert "Open a round, pick reviewers" in page
    assert visitor.get("/demo/sign-in/").status_code == 200


def test_one_click_leads_to_the_desk(visitor) -> None:
    answer = become(visitor, "hanna")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert visitor.get("/desk/").context["user"].email == "hanna.verstegel@example.org"


def test_another_click_makes_somebody_else_of_you(visitor) -> None:
    become(visitor, "hanna")
    become(visitor, "sofia")
    assert visitor.get("/desk/").context["user"].name == "Sofia Almqvarn"


def test_it_leads_on_to_where_one_was_going_within_this_site(visitor) -> None:
    assert become(visitor, "hanna", next="/proposals/")["Location"] == "/proposals/"
    assert become(visitor, "hanna", next="https://elsewhere.example/")["Location"] == "/desk/"
    assert become(visitor, "hanna", next="//elsewhere.example/")["Location"] == "/desk/"


def test_only_a_click_does_it(visitor) -> None:
    assert visitor.get("/demo/sign-in/hanna/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/demo/sign-in/hanna/").status_code == 403


@pytest.mark.parametrize("key", ["nobody", "hanna-verstegel", "0"])
def test_who_is_no_example_person_is_not_found(visitor, key) -> None:
    assert become(visitor, key).status_code == 404


def test_a_real_account_under_the_same_address_stays_closed(visitor) -> None:
    User.objects.filter(email="hanna.verstegel@example.org").update(is_example=False)
    assert become(visitor, "hanna").status_code == 404
    User.objects.filter(email="petra.kolarsky@example.org").update(is_active=False)
    assert become(visitor, "petra").status_code == 404


def test_without_the_people_the_page_says_what_to_do(addresses) -> None:
    page = Client().get(reverse("account_login")).content.decode()
    assert "The example people are missing" in page


class TestOutsideOfTheDemonstration:
    def test_there_are_no_such_addresses(self) -> None:
        with pytest.raises(NoReverseMatch):
            reverse("demo:mail")
        assert Client().post("/demo/sign-in/hanna/").status_code == 404
        assert Client().get("/demo/mail/").status_code == 404

    def test_the_sign_in_page_does_not_offer_it(self) -> None:
        people.make_person("Real Person")
        assert "example people" not in Client().get(reverse("account_login")).content.decode()

    def test_a_view_that_is_reached_all_the_same_opens_nothing(self, visitor, settings) -> None:
        settings.DEMO = False
        assert become(visitor, "hanna").status_code == 404
