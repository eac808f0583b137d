"""The whole run of a proposal in browsers, each step by the person it is for: real database, broker, worker, beat."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta

import pytest
from openapi_spec_validator import validate
from playwright.sync_api import Page, expect

from ekip.shared import clock
from engine.models import Decision, Event, Point, Round
from partners.models import User
from recommendations.models import Edition
from tests.browser import writing
from tests.browser.cast import Cast, at_the_desk, sign_in
from tests.browser.site import Site
from tests.browser.visitor import PHONE, Visitor
from tests.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.broker, pytest.mark.django_db(transaction=True)]

TITLE = "A workshop that three companies share"
SUMMARY = "What a town can do so that small companies share the tools that none of them can buy alone."
STATEMENTS = ("Towns keep one open workshop for small companies.", "Regions pay the person who looks after it.")
EVIDENCE = "Example survey of workshops"
BLOCKS = ("Infrastructures", "Skills")


def test_a_proposal_becomes_a_publication_that_a_city_reads_and_a_client_pulls(
    site: Site, cast: Cast, clockwork, visitor: Callable[..., Visitor]
) -> None:
    author = at_the_desk(visitor(), cast.author)
    an_author_writes_and_submits(author, cast)
    coordinator = at_the_desk(visitor(), cast.coordinator)
    the_coordinator_opens_the_round(coordinator, cast)
    the_coordinator_opens_the_city_test(coordinator, cast)
    first, second = visitor(), visitor()
    a_reviewer_reviews(open_mail(first, cast.reviewer, "review"), cast.reviewer, must_answer=True)
    a_reviewer_reviews(open_mail(second, cast.second_reviewer, "review"), cast.second_reviewer, must_answer=False)
    a_city_tests(open_mail(visitor(), cast.facilitator, "test"))
    the_deadline_passes()
    the_author_answers_and_revises(open_mail(visitor(), cast.author, "clos"), cast)
    the_coordinator_publishes(coordinator)
    for person in (cast.author, cast.co_author, cast.reviewer, cast.second_reviewer):
        open_mail(visitor(), person, "published")
    a_reader_finds_it(visitor(viewport=PHONE))
    a_client_pulls_it(site)


def an_author_writes_and_submits(tab: Page, cast: Cast) -> None:
    """Step 1: start, co-author, sections, recommendations; what is missing is said until nothing is."""
    writing.start_proposal(tab, area=cast.area.title, title=TITLE, summary=SUMMARY)
    tab.get_by_role("link", name="Co-authors").click()
    tab.get_by_role("link", name="Add or remove co-authors").click()
    tab.get_by_label("E-mail address").fill(cast.co_author.email)
    tab.get_by_role("button", name="Add the co-author").click()
    expect(tab.get_by_text(f"{cast.co_author.name} can now write in this proposal.")).to_be_visible()
    tab.get_by_role("link", name=TITLE).click()
    writing.write_section(tab, "context", "# What there is", writing.WORDS, writing.WORDS, "- A room", "A key")
    for key in list(writing.SECTIONS)[1:]:
        writing.write_section(tab, key, writing.WORDS, writing.WORDS)
    missing = tab.get_by_role("complementary", name="Beside the text")
    expect(missing).to_contain_text("recommendation")
    tab.get_by_role("link", name="Submit for review").click()
    expect(tab.get_by_role("heading", name="It cannot be submitted yet")).to_be_visible()
    tab.get_by_role("link", name="Back to the proposal").click()
    writing.add_evidence(tab, EVIDENCE)
    for statement, level in zip(STATEMENTS, ("Local", "Regional"), strict=True):
        writing.add_recommendation(tab, statement, level=level, blocks=BLOCKS, evidence=EVIDENCE)
    expect(missing).to_contain_text("Nothing is missing.")
    writing.submit(tab)
    expect(tab.get_by_role("link", name="Edit title and summary")).to_have_count(0)


def the_coordinator_opens_the_round(tab: Page, cast: Cast) -> None:
    """Step 2: from the desk; a colleague of the author cannot be picked, and the page says why."""
    tab.get_by_role("link", name=re.compile(f"Open the review round.*{TITLE}")).click()
    colleague = tab.get_by_role("checkbox", name=cast.colleague.name)
    expect(colleague).to_be_disabled()
    expect(colleague).to_have_accessible_description("Cannot be chosen: belongs to an organisation of the authors.")
    for person in (cast.reviewer, cast.second_reviewer):
        tab.get_by_role("checkbox", name=person.name).check()
    tab.get_by_role("button", name="Open the round and invite them").click()
    expect(tab.get_by_text("The round is open. Those who were asked are being told.")).to_be_visible()


def the_coordinator_opens_the_city_test(tab: Page, cast: Cast) -> None:
    """Beside the review, on the same frozen text."""
    tab.goto(f"{tab.url.split('/', 3)[0]}//{tab.url.split('/')[2]}/desk/")
    tab.get_by_role("link", name=re.compile(f"Open the city test.*{TITLE}")).click()
    tab.get_by_role("checkbox", name=cast.facilitator.name).check()
    tab.locator("main").get_by_role("button", name=re.compile("^Open the")).click()
    wait_for(lambda: Round.objects.filter(kind="city-test").exists())


def a_city_tests(tab: Page) -> None:
    """What the draft met in one place: accepted, recorded, handed in."""
    tab.get_by_role("button", name=re.compile("^Accept")).click()
    tab.get_by_label("City or district").select_option(label="Example Port City")
    tab.get_by_label("Set-up").fill("A day with nine people in the old harbour.")
    tab.get_by_label("Government").fill("9")
    tab.get_by_label(STATEMENTS[0]).fill("The room exists, the person with the key does not.")
    tab.get_by_label("Gaps").fill("Nobody keeps the tools in repair.")
    first = tab.get_by_role("group", name="Point 1")
    if first.count():
        remove = first.get_by_role("checkbox", name="Remove this point")
        if remove.count():
            remove.check()
    tab.get_by_role("button", name="Hand in the case").click()
    tab.get_by_role("button", name="Send this case").click()
    expect(tab.get_by_text("Handed in").first).to_be_visible()


def open_mail(visitor: Visitor, person: User, word: str) -> Page:
    """Wait for a mail to the person whose subject has the word, and follow its link as the person."""
    tab = visitor.open("/")
    subject = tab.get_by_role("main").get_by_role("link", name=re.compile(f"{word}.*{TITLE}|{TITLE}.*{word}", re.I))

    def has_come() -> bool:
        tab.goto(f"{visitor.address}/demo/mail/?to={person.email}")
        return subject.count() > 0

    wait_for(has_come)
    subject.first.click()
    tab.frame_locator(".mail-frame").get_by_role("link").first.click()
    tab.wait_for_url(lambda address: "/demo/mail/" not in address)
    if "/account/login/" in tab.url:
        sign_in(tab, person)
    tab.wait_for_url(lambda address: "/account/" not in address)
    return tab


def a_reviewer_reviews(tab: Page, person: User, *, must_answer: bool) -> None:
    """Step 3: title and summary first; after accepting the frozen text, scores, a point on a passage, advice."""
    expect(tab.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(tab.get_by_text(SUMMARY)).to_be_visible()
    expect(tab.get_by_text("no budget knows the task")).to_have_count(0)
    tab.goto(tab.url + "review/")
    expect(tab.get_by_role("button", name="Accept and read the text")).to_be_visible()
    tab.get_by_role("button", name="Accept and read the text").click()
    expect(tab.get_by_text("no budget knows the task").first).to_be_visible()
    for group in tab.get_by_role("group").all():
        if group.get_by_role("radio", name="4 – largely").count() == 1:
            group.get_by_role("radio", name="4 – largely").check()
    point = tab.get_by_role("group", name="Point 1")
    point.get_by_label("Passage").select_option(index=2)
    point.get_by_label("Quoted words").fill("work with tools that they cannot afford alone")
    point.get_by_label("Remark").fill(f"Which tools? Name three. ({person.name})")
    point.get_by_label("The authors must answer this point").set_checked(must_answer)
    tab.get_by_role("group", name="Your advice").get_by_role("radio").nth(1).check()
    tab.get_by_role("button", name="Hand in the review").click()
    expect(tab.get_by_role("heading", name="What will happen")).to_be_visible()
    tab.get_by_role("button", name="Send this review").click()
    expect(tab.get_by_text("Your review is handed in. Thank you.")).to_be_visible()


def the_deadline_passes() -> None:
    """Step 4: nobody clicks. Beat and worker close the round, and the history names no person."""
    past = clock.now() - timedelta(seconds=1)
    Round.objects.update(opened_at=past - timedelta(days=14), closes_at=past)
    wait_for(lambda: not Round.objects.filter(closed_at=None, cancelled_at=None).exists())
    assert not Event.objects.filter(kind="round-closed").exclude(actor=None).exists()


def the_author_answers_and_revises(tab: Page, cast: Cast) -> None:
    """Step 5, first half: each point gets an answer with its reason; the text changes; it is submitted again."""
    if not tab.url.endswith("/points/"):
        tab.get_by_role("link", name="Answer the points").click()
    for point in Point.objects.all():
        answer = tab.locator(f"#point-{point.pk}")
        answer.get_by_role("radio", name="Accepted", exact=True).check()
        answer.get_by_label("Reason").fill("We name three of them now.")
        answer.get_by_role("button", name="Keep this answer").click()
        expect(tab.get_by_text("Your answer is kept.").first).to_be_visible()
    tab.get_by_role("link", name="Revise the text").click()
    writing.write_section(tab, "context", writing.WORDS, "They share a loom, a laser cutter and a kiln.")
    writing.submit(tab, "Submit the revision")


def the_coordinator_publishes(tab: Page) -> None:
    """Step 5, second half: the decision with its reason, asked twice; edition 1 stands in the library."""
    tab.get_by_role("link", name="Desk").first.click()
    tab.get_by_role("link", name=re.compile(f"Decide on .*{TITLE}")).click()
    tab.get_by_role("radio", name="Publish", exact=True).check()
    tab.get_by_label("Reason").fill("It answers a real need, and a town can begin tomorrow.")
    tab.get_by_role("button", name="Go on").click()
    expect(tab.get_by_text("published as an edition")).to_be_visible()
    tab.get_by_role("button", name="Publish", exact=True).click()
    expect(tab.get_by_text("Your decision is taken.")).to_be_visible()
    assert Edition.objects.get().number == 1
    assert Decision.objects.get().outcome == "publish"


def a_reader_finds_it(visitor: Visitor) -> None:
    """Step 6: without an account, on a phone: by policy area, by building block, by a word; and reads it."""
    ways = {"Policy areas": ("Shared tools",), "Building blocks": ("Infrastructures and networks",), "Library": ()}
    for place, steps in ways.items():
        tab = visitor.open("/")
        tab.get_by_text("Menu", exact=True).click()
        tab.get_by_role("navigation").get_by_role("link", name=place, exact=True).first.click()
        for step in steps:
            tab.get_by_role("link", name=re.compile(step, re.I)).first.click()
        if place == "Library":
            tab.get_by_label("Search words").fill("kiln")
            tab.get_by_role("button", name="Search", exact=True).click()
        tab.get_by_role("link", name=TITLE).first.click()
        expect(tab.get_by_role("heading", level=1)).to_have_text(TITLE)
        for statement in STATEMENTS:
            expect(tab.get_by_text(statement).last).to_be_visible()
        expect(tab.get_by_text("a laser cutter and a kiln").first).to_be_visible()
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def a_client_pulls_it(site: Site) -> None:
    """Step 7: the REST API, with conditional requests, its description, and a problem document."""
    [listed] = get(site, "/api/v1/publications/")["results"]
    slug = re.search(r"/publications/([^/]+)/", json.dumps(listed))[1]
    edition = Edition.objects.get()
    for path in (
        "/api/v1/publications/",
        f"/api/v1/publications/{slug}/",
        f"/api/v1/editions/{slug}.{edition.number}/",
        "/api/v1/recommendations/",
    ):
        assert TITLE in json.dumps(get(site, path)) or STATEMENTS[0] in json.dumps(get(site, path))
        status, headers, _ = ask(site, path)
        assert (status, bool(headers["ETag"])) == (200, True)
        assert ask(site, path, {"If-None-Match": headers["ETag"]})[0] == 304
    validate(get(site, "/api/v1/schema/"))
    for path in ("/api/v1/publications/nothing/", "/api/v1/editions/nothing.1/"):
        status, headers, body = ask(site, path)
        assert (status, headers["Content-Type"]) == (404, "application/problem+json")
        assert json.loads(body)["status"] == 404


def get(site: Site, path: str) -> dict:
    """The JSON at an address."""
    return json.loads(ask(site, path, {"Accept": "application/json"})[2])


def ask(site: Site, path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer, whatever the status."""
    request = urllib.request.Request(site.address + path, headers=headers or {})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        answer = opener.open(request, timeout=60)
    except urllib.error.HTTPError as refusal:
        answer = refusal
    with answer:
        return answer.status, answer.headers, answer.read()
