"""What authors do in a proposal: the steps that more than one walk takes, as people take them."""

from collections.abc import Sequence

from playwright.sync_api import Page, expect

WORDS = (
    "Small companies of the creative sector work with tools that they cannot afford alone. In most towns three or "
    "four of them would share a workshop if somebody kept the door open, looked after the machines and asked for a "
    "fair contribution. Nobody does, because no budget knows the task. "
)
SECTIONS = {
    "context": "Context",
    "problem": "Problem",
    "evidence": "Evidence",
    "recommendations": "Recommendations",
    "implementation-guidance": "Implementation guidance",
    "expected-effect": "Expected effect",
}


def start_proposal(tab: Page, *, area: str, title: str, summary: str) -> None:
    """From the desk to a new proposal."""
    tab.get_by_role("link", name="Start a proposal").first.click()
    tab.get_by_label("Policy area").select_option(label=area)
    tab.get_by_label("Title").fill(title)
    tab.get_by_label("Summary").fill(summary)
    tab.get_by_role("button", name="Start the proposal").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(title)


def write_section(tab: Page, key: str, *paragraphs: str) -> None:
    """Write a section in the editor; `# ` before a paragraph makes it a heading, `- ` an item of a list."""
    tab.locator(f"#section-{key}").get_by_role("link", name="Edit").click()
    into_editor(tab, "Text of", paragraphs)
    tab.get_by_role("button", name="Save the section").click()
    expect(tab.get_by_text("Saved.")).to_be_visible()


def into_editor(tab: Page, label: str, paragraphs: Sequence[str]) -> None:
    """Replace what stands in the editor with that label."""
    editor = tab.get_by_role("textbox", name=label)
    expect(editor).to_have_attribute("contenteditable", "true")
    editor.click()
    tab.keyboard.press("Control+a")
    tab.keyboard.press("Delete")
    bar = tab.get_by_role("toolbar", name="Formatting").first
    for number, paragraph in enumerate(paragraphs):
        if number:
            tab.keyboard.press("Enter")
        match paragraph[:2]:
            case "# ":
                bar.get_by_role("button", name="Heading", exact=True).click()
            case "- ":
                bar.get_by_role("button", name="List", exact=True).click()
        tab.keyboard.insert_text(paragraph.removeprefix("# ").removeprefix("- "))


def add_evidence(tab: Page, title: str) -> None:
    """From the proposal and back."""
    tab.get_by_role("link", name="Add evidence").click()
    tab.get_by_label("Title").fill(title)
    tab.get_by_label("Kind").select_option(label="Survey")
    tab.get_by_label("Year").fill("2026")
    tab.get_by_role("button", name="Add the evidence").click()
    expect(tab.locator("#evidence-list")).to_contain_text(title)


def add_recommendation(tab: Page, statement: str, *, level: str, blocks: Sequence[str], evidence: str) -> None:
    """From the proposal and back."""
    tab.get_by_role("link", name="Add a recommendation").click()
    tab.get_by_label("Statement").fill(statement)
    for name in (level, *blocks, evidence):
        tab.get_by_role("checkbox", name=name).check()
    into_editor(tab, "Practical guideline", ["Begin with one room, one evening a week and one person who has the key."])
    tab.get_by_role("button", name="Add the recommendation").click()
    expect(tab.locator("#recommendations")).to_contain_text(statement)


def submit(tab: Page, label: str = "Submit for review") -> None:
    """From the proposal; the page says what will happen, and asks once."""
    tab.get_by_role("link", name=label).click()
    expect(tab.get_by_role("heading", name="What will happen")).to_be_visible()
    tab.get_by_role("button", name=label).click()
    expect(tab.get_by_text("The text is frozen, and those who act next are told.")).to_be_visible()
