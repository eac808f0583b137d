"""The register of organisations and places: found by folded words and by facets, told with what is public of them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.models import (
    Ecosystem,
    EcosystemMember,
    Membership,
    NetworkMembership,
    Organisation,
    Territory,
)
from tests import people
from tests.recommendations import shelf

pytestmark = pytest.mark.django_db


def names(**parameters) -> list[str]:
    """The names in the list that these parameters give."""
    answer = Client().get(reverse("pages:organisations"), parameters)
    assert answer.status_code == 200
    return [row.name for row in answer.context["directory"].page]


def page_of(name: str, slug: str, client: Client | None = None) -> str:
    """The page of one organisation or place."""
    answer = (client or Client()).get(reverse(f"pages:{name}", args=[slug]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def network(db) -> Organisation:
    """Example Network with one member, Example Łódź."""
    network = people.make_organisation("Example Network", slug="network", kind="intermediary", is_network=True)
    member = people.make_organisation("Example Łódź", slug="lodz", kind="government", country="PL")
    NetworkMembership.objects.create(network=network, member=member)
    people.make_organisation("Example Ørsted", slug="orsted", kind="industry", country="DK")
    return network


class TestList:
    def test_it_is_sorted_without_regard_to_accents(self, network) -> None:
        people.make_organisation("Éxample Abc")
        assert names() == ["Éxample Abc", "Example Łódź", "Example Network", "Example Ørsted"]

    def test_words_find_without_accents(self, network) -> None:
        assert names(q="lodz") == ["Example Łódź"]
        assert names(q=" ORSTED ") == ["Example Ørsted"]

    def test_facets_narrow_together_and_add_within_one(self, network) -> None:
        assert names(kind="government") == ["Example Łódź"]
        assert names(country=["PL", "DK"]) == ["Example Łódź", "Example Ørsted"]
        assert names(country=["PL", "DK"], kind="industry") == ["Example Ørsted"]
        assert names(network="network") == ["Example Łódź"]

    def test_each_option_says_what_it_would_give(self, network) -> None:
        directory = Client().get(reverse("pages:organisations"), {"kind": "government"}).context["directory"]
        [kind, country, nets] = directory.facets
        assert [(option.label, option.count) for option in kind.options] == [
            ("Industry", 1),
            ("Government", 1),
            ("Intermediary", 1),
        ]
        assert [(option.label, option.count) for option in country.options] == [("Poland", 1)]
        assert [(option.label, option.count) for option in nets.options] == [("Example Network", 1)]

    def test_a_chip_takes_one_choice_away(self, network) -> None:
        parameters = {"q": "example", "kind": "government"}
        [words, kind] = Client().get(reverse("pages:organisations"), parameters).context["directory"].chips
        assert (words.label, words.url) == ("“example”", "?kind=government&")
        assert (kind.label, kind.url) == ("Government", "?q=example&")

    @pytest.mark.parametrize(
        "parameters",
        [
            {"kind": "emperor"},
            {"country": "<script>alert(1)</script>"},
            {"network": "\x00"},
            {"q": "\x00"},
            {"q": "x" * 100_000},
            {"page": "-1"},
            {"page": "many"},
        ],
    )
    def test_strange_addresses_are_answered(self, network, parameters) -> None:
        answer = Client().get(reverse("pages:organisations"), parameters)
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content

    def test_finding_nothing_says_what_to_do(self, network) -> None:
        answer = Client().get(reverse("pages:organisations"), {"q": "zebra"})
        assert "No organisation fits" in answer.content.decode()

    def test_it_costs_the_same_for_one_and_for_fifty(self, network) -> None:
        with CaptureQueriesContext(connection) as before:
            names()
        for number in range(47):
            member = people.make_organisation(f"Example {number}", country="SE")
            NetworkMembership.objects.create(network=network, member=member)
        with CaptureQueriesContext(connection) as after:
            assert len(names()) == 40
        assert len(after) == len(before)


class TestOrganisation:
    def test_it_says_where_it_belongs_and_who_belongs_to_it(self, network) -> None:
        assert 'href="/organisations/network/"' in page_of("organisation", "lodz")
        assert 'href="/organisations/lodz/"' in page_of("organisation", "network")

    def test_it_lists_its_publications(self) -> None:
        shelf.place(title="Quiet harbours", author="example-city")
        shelf.place("loud-markets", title="Loud markets", author="example-port-city")
        page = page_of("organisation", "example-city")
        assert "Quiet harbours" in page
        assert "Loud markets" not in page

    def test_proposals_stand_there_once_they_are_public(self, story) -> None:
        story.start().write()
        assert "Shared means" not in page_of("organisation", "example-city")
        story.submit()
        page = page_of("organisation", "example-city")
        assert "Shared means" in page
        assert "Community review" in page

    def test_only_its_managers_are_led_to_its_members(self, organisation, outsider, sign_in) -> None:
        manager = people.make_person("Mia Manager", organisation=organisation, role=Membership.Role.MANAGER)
        members = reverse("partners:members", args=[organisation.slug])
        assert members in page_of("organisation", organisation.slug, sign_in(manager))
        assert members not in page_of("organisation", organisation.slug, sign_in(outsider))
        assert members not in page_of("organisation", organisation.slug)

    def test_markup_in_its_facts_stays_words(self) -> None:
        people.make_organisation("<b>Bold</b>", slug="bold", description="<script>alert(1)</script>")
        page = page_of("organisation", "bold")
        assert "<script>alert" not in page
        assert "&lt;b&gt;Bold" in page

    @pytest.mark.parametrize("name", ["organisation", "ecosystem", "territory"])
    def test_an_unknown_one_is_not_found(self, name) -> None:
        assert Client().get(reverse(f"pages:{name}", args=["nowhere"])).status_code == 404


class TestPlaces:
    def test_a_territory_leads_to_its_ecosystems_and_those_to_who_takes_part(self) -> None:
        country = Territory.objects.create(slug="netherlands", name="Netherlands", level="country", country="NL")
        place = Territory.objects.create(
            slug="example-city", name="Example City", level="municipality", country="NL", nuts="NL33C", parent=country
        )
        quarter = Ecosystem.objects.create(slug="quarter", name="Example Quarter", kind="district", territory=place)
        studio = people.make_organisation("Example Studio", slug="studio", territory=place)
        EcosystemMember.objects.create(ecosystem=quarter, organisation=studio, part="Runs the rooms")
        page = page_of("territory", "example-city")
        assert "NL33C" in page
        assert 'href="/territories/netherlands/"' in page
        assert 'href="/ecosystems/quarter/"' in page
        assert 'href="/organisations/studio/"' in page
        assert 'href="/territories/example-city/"' in page_of("territory", "netherlands")
        assert "Runs the rooms" in page_of("ecosystem", "quarter")
        assert 'href="/ecosystems/quarter/"' in page_of("organisation", "studio")
