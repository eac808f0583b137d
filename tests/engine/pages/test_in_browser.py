"""The editor and the review page in a real browser, under the site's own security policy."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from ekip.shared import clock
from engine.models import Assignment, CityCase, Point, Review
from engine.services import cases, rounds
from tests.engine.stories import Story, load_reference
from tests.people import sign_in
from tests.processes import wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def now():
    """A minute ago: the live server reads the wall clock."""
    return clock.now() - timedelta(minutes=1)


@pytest.fixture
def story(author, organisation, coordinator, reviewer, second_reviewer, now):
    """The story, told in the present."""
    load_reference()
    return Story(author, organisation, coordinator, [reviewer, second_reviewer], now)


class Window:
    """A page in the browser; `complaints` gathers what its console says."""

    def __init__(self, context, address):
        self.address, self.complaints = address, []
        self.page = context.new_page()
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, name, *args):
        self.page.goto(self.address + reverse(f"engine:{name}", args=args))
        return self.page


@pytest.fixture
def window(live_server, chromium):
    """`window(person)` opens the browser as that person; options go to the browser's context."""
    contexts = []

    def opened(person, **options):
        context = chromium.new_context(**options)
        cookie = sign_in(person).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        contexts.append(context)
        return Window(context, live_server.url)

    yield opened
    for context in contexts:
        context.close()


def stored(story):
    return [block["kind"] for block in story.proposal.sections.get(kind__key="context").blocks]


def violations(page):
    return [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]]


def test_the_editor_writes_marks_headings_and_tables_without_a_complaint(story, window):
    story.start()
    opened = window(story.author)
    page = opened.open("section", story.proposal.pk, "context")
    area = page.get_by_role("textbox", name="Text of “Context”")
    area.click()
    page.keyboard.type("A title")
    page.get_by_role("button", name="Heading", exact=True).click()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Bold").click()
    page.keyboard.type("strong words")
    page.keyboard.press("Enter")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/html", '<p style="color: red">Pasted <b style="x: y">words</b></p>');
            const area = document.querySelector(".text-editor-text");
            area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    assert violations(page) == []
    page.get_by_role("button", name="Table").click()
    page.keyboard.type("cell")
    page.get_by_role("button", name="Save the section").click()
    page.wait_for_url("**/proposals/*/")
    assert stored(story) == ["heading", "paragraph", "paragraph", "table"]
    assert opened.complaints == []


def test_a_key_pressed_before_the_next_frame_does_not_take_the_heading_back(story, window):
    story.start()
    opened = window(story.author)
    opened.page.add_init_script("window.requestAnimationFrame = () => 0;")
    page = opened.open("section", story.proposal.pk, "context")
    area = page.get_by_role("textbox", name="Text of “Context”")
    area.click()
    page.keyboard.type("A title")
    page.get_by_role("button", name="Heading", exact=True).click()
    expect(area).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("Words")
    page.keyboard.press("Shift+Tab")
    for _step in ("Italic", "Heading", "Small heading"):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Small heading")).to_be_focused()
    page.keyboard.press("Enter")
    expect(area).to_be_focused()
    page.keyboard.press("Enter")
    expect(area.get_by_role("heading", level=2)).to_have_text("A title")
    expect(area.get_by_role("heading", level=3)).to_have_text("Words")
    assert opened.complaints == []


def test_leaving_with_unsaved_words_asks(story, window):
    story.start()
    opened = window(story.author)
    page = opened.open("section", story.proposal.pk, "context")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("textbox", name="Text of “Context”").click()
    page.keyboard.type("Not saved")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Cancel").click()
    assert asked == ["beforeunload"]
    assert page.url.endswith("/sections/context/")


def test_without_scripts_a_section_is_a_plain_field(story, window):
    story.start()
    opened = window(story.author, java_script_enabled=False)
    page = opened.open("section", story.proposal.pk, "context")
    page.get_by_label("Text of “Context”").fill("## A title\n\nWords")
    page.get_by_role("button", name="Save the section").click()
    page.wait_for_url("**/proposals/*/")
    assert stored(story) == ["heading", "paragraph"]


@pytest.fixture
def accepted(story):
    """Giulia has accepted."""
    story.in_review()
    assignment = Assignment.objects.get(reviewer=story.reviewers[0])
    rounds.accept(assignment_id=assignment.pk, person=story.reviewers[0], now=story.now)
    return assignment


def test_selected_words_become_a_point_and_the_draft_keeps_itself(story, window, accepted):
    opened = window(story.reviewers[0])
    page = opened.open("review", accepted.pk)
    page.locator("[data-passage]").first.select_text()
    page.get_by_role("button", name="Remark on the selected words").click()
    page.keyboard.type("Say how much.")
    wait_for(lambda: Point.objects.filter(text="Say how much.").exists())
    page.locator("[data-saved]").filter(has_text="Saved at").wait_for()
    point = Point.objects.get()
    assert (point.place, point.text) == ("context", "Say how much.")
    assert point.quote.startswith("Small companies of the creative sector")
    assert point.block_id
    assert opened.complaints == []


def test_a_review_is_written_and_handed_in_without_scripts(story, window, accepted):
    page = window(story.reviewers[0], java_script_enabled=False, viewport={"width": 390, "height": 800}).open(
        "review", accepted.pk
    )
    for group in page.get_by_role("group").filter(has=page.get_by_role("radio", name="4 – largely")).all():
        group.get_by_role("radio", name="4 – largely").check()
    page.get_by_label("Remark").fill("One.")
    page.get_by_role("button", name="Add another point").click()
    page.get_by_label("Remark").nth(1).fill("Two.")
    page.get_by_role("radio", name="Publish after revision").check()
    page.get_by_role("button", name="Hand in the review").click()
    page.get_by_role("button", name="Send this review").click()
    page.get_by_text("Handed in").first.wait_for()
    review = Review.objects.get()
    assert review.submitted_at is not None
    assert [point.text for point in review.points.all()] == ["One.", "Two."]


def test_a_case_is_recorded_and_handed_in_without_scripts(story, window):
    story.in_review()
    place = story.ecosystem.name
    assignment = story.open_city_test().assignments.get()
    page = window(story.facilitator, java_script_enabled=False, viewport={"width": 390, "height": 800}).open(
        "invitation", assignment.pk
    )
    page.get_by_role("button", name="Accept and read the text").click()
    page.get_by_label("City or district").select_option(label=place)
    page.get_by_label("Set-up").fill("A day in the old harbour.")
    page.get_by_label("Government").fill("6")
    page.get_by_label(story.proposal.recommendations.all()[0].statement).fill("The fund exists.")
    page.get_by_label("Remark").fill("The room is missing.")
    page.get_by_role("button", name="Hand in the case").click()
    page.get_by_role("button", name="Send this case").click()
    page.get_by_text("Handed in").first.wait_for()
    assert Review.objects.get().submitted_at is not None
    assert Point.objects.get().text == "The room is missing."


def test_a_case_keeps_itself_as_it_is_typed(story, window):
    story.in_review()
    assignment = story.open_city_test().assignments.get()
    rounds.accept(assignment_id=assignment.pk, person=story.facilitator, now=story.now)
    opened = window(story.facilitator)
    page = opened.open("case", assignment.pk)
    page.get_by_label("Set-up").fill("A day in the old harbour.")
    page.locator("[data-saved]").filter(has_text="Saved at").wait_for()
    assert CityCase.objects.get().set_up == "A day in the old harbour."
    assert opened.complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_case_before_and_after_it_is_sent_is_accessible_and_fits(story, window, accepted, width, scheme):
    asked, person = story.open_city_test().assignments.get(), story.facilitator
    rounds.accept(assignment_id=asked.pk, person=person, now=story.now)
    cases.save(assignment_id=asked.pk, person=person, draft=story.case_draft(), now=story.now)
    opened = window(person, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = opened.page
    page.goto(opened.address + reverse("engine:case", args=[asked.pk]) + "?confirm")
    fits_and_is_accessible(page)
    cases.submit(assignment_id=asked.pk, person=person, draft=story.case_draft(), now=story.now)
    fits_and_is_accessible(opened.open("case", asked.pk))
    assert opened.complaints == []


def fits_and_is_accessible(page):
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
