"""What other parts ask of the library."""

import pytest

from recommendations.library import selectors
from tests.recommendations import shelf

pytestmark = pytest.mark.django_db


def titles(editions) -> list[str]:
    """The titles of public editions, in order."""
    return [edition.document["title"] for edition in editions]


@pytest.fixture(autouse=True)
def _shelf():
    shelf.place("a", title="First", author="example-port")
    shelf.place("b", title="Second", area_slug="textiles", building_blocks=["funding"])
    shelf.place("c", title="Third")
    shelf.say(shelf.place("d", title="Withdrawn", author="example-port"), "withdrawal")


def test_newest_publications():
    assert titles(selectors.newest(2)) == ["Third", "Second"]


def test_publications_of_an_organisation_an_area_and_a_building_block():
    assert titles(selectors.publications_of_organisation("example-port")) == ["First"]
    assert titles(selectors.publications_in_area("textiles")) == ["Second"]
    assert titles(selectors.publications_with_block("funding")) == ["Second"]


def test_counts_leave_out_what_is_not_listed():
    assert selectors.counts() == {"publications": 3, "recommendations": 3}
