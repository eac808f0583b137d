"""One shelf for the tests of the API."""

import pytest

from tests.recommendations import shelf


@pytest.fixture
def shelves(db):
    """Three publications; the first has two editions, and each has what another has not."""
    shelf.place("looms", title="Open looms", cluster="cooperation", area_slug="textiles", levels=["eu"])
    shelf.place("attics", title="Attics", levels=["local", "eu"], building_blocks=["funding"])
    shelf.place("barns", title="Barns", language="sv", target_actors=["public-authority"])
    shelf.place("looms", title="Open looms again", area_slug="textiles", levels=["eu"])
