"""A real site for browsers to visit, and browsers that report what goes wrong in them."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.cast import Cast, make_cast
from tests.browser.site import Site, open_clockwork, open_site
from tests.browser.visitor import WIDE, Visitor, arrive
from tests.engine.stories import load_reference


@pytest.fixture(scope="package")
def site(django_db_setup, tmp_path_factory) -> Iterator[Site]:
    """The web server on the test's database, for all tests of this package."""
    with open_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def cast(transactional_db) -> Cast:
    """Everybody who takes part in a walk."""
    load_reference()
    return make_cast()


@pytest.fixture
def clockwork(site: Site, transactional_db) -> Iterator[None]:
    """Worker and beat, until the walk ends."""
    with open_clockwork(site):
        yield


@pytest.fixture
def visitor(chromium: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """`visitor(viewport=PHONE)` is somebody at a browser of their own; complaints of any browser fail the test."""
    visitors: list[Visitor] = []

    def come(viewport: dict[str, int] = WIDE) -> Visitor:
        visitors.append(arrive(chromium, site.address, viewport=viewport))
        return visitors[-1]

    yield come
    complaints = [complaint for each in visitors for complaint in each.complaints]
    for each in visitors:
        print(each.last_words())  # shown with a failure
        each.context.close()
    assert complaints == []
