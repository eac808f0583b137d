"""Every page, for everybody: no accessibility violation, no sideways scrolling, no complaint, valid HTML.

`SCREENSHOTS=folder` keeps a picture of each page, narrow and wide, light and dark; `PAGES=word,word` visits only the
pages whose name has one of the words; `EVERY_LOOK=1` runs every rule in all four looks of each.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zlib import crc32

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import URLResolver, get_resolver, resolve
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from partners.models import User
from tests.browser.pages import ACCOUNT, NO_PAGES, PAGES, Page
from tests.browser.site import Site
from tests.browser.visitor import PHONE, WIDE, Visitor, arrive
from tests.browser.world import Names, make_world

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("SCREENSHOTS", "")
ONLY = os.environ.get("PAGES", "")
EVERY_LOOK = bool(PICTURES or os.environ.get("EVERY_LOOK", ""))
NU = Path(__file__).parents[2] / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
NO_CHECKER = (
    "no Nu HTML checker; install it with: npm ci && apt-get install --no-install-recommends default-jre-headless"
)
OWN = {"partners", "library", "areas", "blocks", "engine", "pages", "demo"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY_RULE = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
TOO_WIDE = """() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return [...document.querySelectorAll("body *")]
        .filter((each) => each.getBoundingClientRect().right > room + 1)
        .map((each) => each.outerHTML.slice(0, 120));
}"""


@pytest.fixture
def world(site: Site, transactional_db) -> Names:
    """What there is to see."""
    return make_world(site)


@pytest.fixture
def people(chromium: Browser, site: Site, world: Names) -> Iterator[dict[str, Visitor]]:
    """Browsers of everybody who visits pages, signed in."""
    visitors = {who: arrive(chromium, site.address, viewport=PHONE) for who in {page.who for page in PAGES}}
    for who, visitor in visitors.items():
        if who:
            visitor.become(User.objects.get(is_example=True, email__startswith=f"{who}."))
        visitor.context.add_init_script(Axe().axe_script)
    yield visitors
    for visitor in visitors.values():
        visitor.context.close()


@pytest.mark.django_db(transaction=True)
def test_every_page_serves_everybody(
    world: Names, people: dict[str, Visitor], tmp_path: Path, subtests: pytest.Subtests
) -> None:
    for page in PAGES:
        if any(word in page.name for word in ONLY.split(",")):
            with subtests.test(page.name):
                document = visit(people[page.who], page, world)
                (tmp_path / f"{page.name}.html").write_bytes(document)
    with subtests.test("HTML"):
        assert html_faults(tmp_path) == []


def visit(visitor: Visitor, page: Page, world: Names) -> bytes:
    """Look at the page in both sizes; the answer is its HTML.

    No page is wider than either screen. Every rule runs in one of four looks, narrow or wide, light or dark, which
    depends on its name: what pages share is seen in all of them, and the contrast of every pair of colours has a test
    of its own. `make look` runs every rule in every look.
    """
    visitor.complaints.clear()
    [tab] = visitor.context.pages or [visitor.context.new_page()]
    tab.set_viewport_size(PHONE)
    tab.emulate_media(color_scheme="light", reduced_motion="reduce")
    answer = tab.goto(visitor.address + page.at(world))
    document = answer.body()
    assert answer.status == page.status
    if page.does:
        document = page.does(tab) or document
    looks = [(*size, scheme) for size in (("narrow", PHONE), ("wide", WIDE)) for scheme in ("light", "dark")]
    closely = looks if EVERY_LOOK else [looks[crc32(page.name.encode()) % 4]]
    faults = []
    for size, viewport, scheme in looks:
        if scheme == "light" or (size, viewport, scheme) in closely:
            every_rule = (size, viewport, scheme) in closely
            faults += _look(tab, page, size, viewport, scheme, every_rule=every_rule)
    assert faults == []
    assert visitor.complaints == []
    return document


def html_faults(folder: Path) -> list[str]:
    """What the Nu HTML checker finds wrong in the documents of a folder, in one run."""
    if not (NU.is_file() and shutil.which("java")):
        pytest.skip(NO_CHECKER)
    command = ["java", "-jar", str(NU), "--format", "json", "--exit-zero-always", "--skip-non-html", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    messages = json.loads(done.stderr)["messages"]
    found = {
        (Path(unquote(urlsplit(each["url"]).path)).stem, each["message"], each.get("extract", "")) for each in messages
    }
    return [f"{page}: {message} {extract}" for page, message, extract in sorted(found)]


def _look(tab: Tab, page: Page, size: str, viewport: dict[str, int], scheme: str, *, every_rule: bool) -> list[str]:
    tab.set_viewport_size(viewport)
    tab.emulate_media(color_scheme=scheme)
    faults = [f"{size}: {wide}" for wide in tab.evaluate(TOO_WIDE)]
    found = tab.evaluate("options => axe.run(options)", EVERY_RULE)["violations"] if every_rule else []
    faults += [f"{size} {scheme}: {each['id']} {node['html']}" for each in found for node in each["nodes"]]
    if PICTURES:
        tab.screenshot(path=Path(PICTURES) / f"{page.name}.{size}.{scheme}.png", full_page=True)
    return faults


def test_no_page_is_forgotten():
    """The list has every address of our own that shows a page; the API has none."""
    paths = {re.sub(r"{[^}]+}", "1", urlsplit(page.address).path) for page in PAGES if page not in ACCOUNT}
    listed = {resolve(path, urlconf="tests.demo.urls").view_name for path in paths - {"/no/such/page/"}}
    ours = {name for name in addresses(get_resolver("tests.demo.urls")) if name.split(":")[0] in OWN}
    assert ours - listed == NO_PAGES.keys()


def addresses(resolver: URLResolver) -> Iterator[str]:
    """The names of all addresses, with their namespaces."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from (f"{each.namespace}:{name}" if each.namespace else name for name in addresses(each))
        elif each.name:
            yield each.name
