"""A coordinator who never saw YAML adds a second consultation to the process; an older proposal stays where it was."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from ekip.shared import clock
from engine.models import ProcessDraft, ProcessVersion
from engine.services.drafts import copy_version
from tests.browser.cast import Cast
from tests.browser.site import Site
from tests.browser.test_keyboard import follow, reach
from tests.browser.visitor import WIDE, Visitor
from tests.engine.stories import Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BACK = "Shift+Tab"
TEXT = "The process as text"


def started(cast: Cast, title: str) -> Story:
    """A proposal of the first author."""
    organisation = cast.author.memberships.get().organisation
    return Story(cast.author, organisation, cast.coordinator, [], clock.now(), title).start()


def step(tab: Page, role: str, name: str, key: str = "Tab") -> None:
    """Go to a link or button by keyboard, and on to where it leads."""
    reach(tab, tab.get_by_role(role, name=name, exact=True), key)
    follow(tab)


def test_a_second_consultation_by_keyboard(cast: Cast, visitor: Callable[..., Visitor]):
    older = started(cast, "Begun before")
    coordinator = visitor()
    coordinator.become(cast.coordinator)
    tab = coordinator.open("/processes/")
    step(tab, "link", "ekip Engine, version 1")
    step(tab, "link", "Copy and change it")
    step(tab, "button", "Make the copy")

    step(tab, "button", "Add a stage")
    reach(tab, tab.get_by_role("radio").first)
    tab.keyboard.press("ArrowDown")
    expect(tab.get_by_role("radio", name="a public consultation")).to_be_checked()
    reach(tab, tab.get_by_label("What is it called?"))
    tab.keyboard.type("Second consultation")
    reach(tab, tab.get_by_label("Where does it stand?"))
    tab.keyboard.press("End")
    step(tab, "button", "Add the stage")
    expect(tab.get_by_text("“Second consultation” stands after “Revision” now.")).to_be_visible()

    field, count = tab.get_by_label(TEXT), tab.locator("#fault-count")
    expect(field).to_be_focused()
    expect(count).to_have_text("No fault")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.type("-x")
    expect(count).not_to_have_text("No fault")
    fault = tab.locator("#faults").get_by_role("link").first
    line = fault.inner_text()
    reach(tab, fault)
    tab.keyboard.press("Enter")
    expect(field).to_be_focused()
    chosen = field.evaluate("f => f.value.slice(0, f.selectionStart).split('\\n').length")
    assert line == f"Line {chosen}"
    field.evaluate("f => f.setSelectionRange(f.value.indexOf('-x\\n') + 2, f.value.indexOf('-x\\n') + 2)")
    for _key in "-x":
        tab.keyboard.press("Backspace")
    expect(count).to_have_text("No fault")

    step(tab, "button", "What changes", BACK)
    expect(tab.get_by_text("Stage “Second consultation”: new")).to_be_visible()
    step(tab, "link", "Try it")
    reach(tab, tab.get_by_label("Synthetic proposals"))
    tab.keyboard.press("Control+a")
    tab.keyboard.type("30")
    step(tab, "button", "Send them through")
    expect(tab.get_by_role("heading", name="What became of 30 synthetic proposals")).to_be_visible()
    expect(tab.get_by_role("rowheader", name="Second consultation").first).to_be_visible()
    step(tab, "link", "Back to the draft")
    step(tab, "button", "Publish")
    step(tab, "button", "Publish version 2")
    expect(tab.get_by_role("heading", name="ekip Engine, version 2")).to_be_visible()

    author = visitor()
    author.become(cast.author)
    tab = author.open("/proposals/new/")
    tab.get_by_label("Title").fill("Begun after")
    tab.get_by_label("Policy area").select_option("Shared tools")
    tab.get_by_role("button", name="Start the proposal").click()
    expect(tab.get_by_role("link", name="ekip Engine, version 2")).to_be_visible()
    expect(tab.get_by_role("group", name="Where this proposal is")).to_contain_text("Second consultation")
    tab = author.open(f"/proposals/{older.proposal.pk}/")
    expect(tab.get_by_role("link", name="ekip Engine, version 1")).to_be_visible()
    expect(tab.get_by_role("group", name="Where this proposal is")).not_to_contain_text("Second consultation")


def test_without_scripts_a_text_is_checked_and_saved(cast: Cast, chromium: Browser, site: Site):
    version = ProcessVersion.objects.get(definition__key="ekip-engine")
    draft = copy_version(version_id=version.pk, person=cast.coordinator, key="ekip-engine", now=clock.now())
    plain = Visitor(site.address, chromium.new_context(viewport=WIDE, java_script_enabled=False))
    plain.become(cast.coordinator)
    tab = plain.open(f"/process-drafts/{draft.pk}/")
    field = tab.get_by_label(TEXT)
    field.fill(draft.text.replace("to: decision", "to: nowhere"))
    tab.get_by_role("button", name="Check").click()
    expect(tab.get_by_text("to: nowhere", exact=True)).to_be_visible()
    assert "nowhere" not in ProcessDraft.objects.get().text
    field.fill(field.input_value().replace("to: nowhere", "to: decision") + "\n# checked\n")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("No fault")).to_be_visible()
    assert "# checked" in ProcessDraft.objects.get().text
    tab.get_by_role("button", name="Add a stage").click()
    tab.get_by_label("A city or district tests the draft locally").check()
    tab.get_by_label("What is it called?").fill("Second test")
    tab.get_by_role("button", name="Add the stage").click()
    expect(tab.get_by_text("“Second test” stands after “Policy lab” now.")).to_be_visible()
    assert "# checked" in ProcessDraft.objects.get().text
    plain.context.close()
    assert plain.complaints == []
