"""Without a mouse: sign in, write a section, submit. Every stop shows where the focus is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from ekip.shared import clock
from tests.browser.cast import Cast
from tests.browser.visitor import Visitor
from tests.browser.writing import WORDS
from tests.engine.stories import Story
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_STOPS = 80
FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    return [style.outlineStyle, parseFloat(style.outlineWidth), document.activeElement.outerHTML.slice(0, 120)];
}"""


def reach(tab: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the target has the focus; on the way every stop has a ring of at least 2 pixels.

    "Shift+Tab" goes back.
    """
    for _ in range(MOST_STOPS):
        tab.keyboard.press(key)
        style, width, what = tab.evaluate(FOCUS)
        assert style != "none" and width >= 2, f"no focus to be seen on {what}"
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} cannot be reached with {MOST_STOPS} steps")


def follow(tab: Page) -> None:
    """Press Enter, and wait for the page to which it leads."""
    with tab.expect_navigation():
        tab.keyboard.press("Enter")


def test_a_section_is_written_and_submitted_by_keyboard(cast: Cast, visitor: Callable[..., Visitor]):
    organisation = cast.author.memberships.get().organisation
    story = Story(cast.author, organisation, cast.coordinator, [], clock.now(), "By hand").start().write()
    story.write_section("context", "")
    tab = visitor().open("/")
    reach(tab, tab.get_by_role("link", name="Skip to the content"))
    reach(tab, tab.get_by_role("link", name="Sign in"))
    follow(tab)
    reach(tab, tab.get_by_label("E-mail address"))
    tab.keyboard.type(cast.author.email)
    reach(tab, tab.get_by_label("Password"))
    tab.keyboard.type(PASSWORD)
    follow(tab)
    reach(tab, tab.get_by_role("link", name="Complete “By hand” and submit it"))
    follow(tab)
    reach(tab, tab.get_by_role("complementary", name="Beside the text").get_by_role("link", name="Context"))
    follow(tab)
    reach(tab, tab.get_by_role("button", name="Bold"))
    tab.keyboard.press("ArrowRight")
    expect(tab.get_by_role("button", name="Italic")).to_be_focused()
    editor = tab.get_by_role("textbox", name="Text of “Context”")
    reach(tab, editor)
    tab.keyboard.insert_text(WORDS + WORDS)
    reach(tab, tab.get_by_role("button", name="Save the section"))
    follow(tab)
    expect(tab.get_by_text("Saved.")).to_be_visible()
    reach(tab, tab.get_by_role("link", name="Submit for review"))
    follow(tab)
    reach(tab, tab.get_by_role("button", name="Submit for review"))
    follow(tab)
    expect(tab.get_by_text("The text is frozen, and those who act next are told.")).to_be_visible()
