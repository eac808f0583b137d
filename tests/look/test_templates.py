"""What every template keeps to, so that the policy without 'unsafe-inline' holds on every page."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A mail is no page: mail programs know no linked stylesheet, and no policy of ours.
MAILS = ROOT / "templates" / "partners" / "mail"
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if MAILS not in path.parents)
APPS = ["ekip", "engine", "recommendations", "partners"]
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=")
INLINE_HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']")
SCRIPT = re.compile(r"<script\b([^>]*)>")


def name(path: Path) -> str:
    """The template's name, as the loader knows it."""
    return path.relative_to(ROOT / "templates").as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_style_and_no_script_stands_in_a_page(path: Path) -> None:
    text = path.read_text()
    assert not INLINE_STYLE.search(text)
    assert not INLINE_HANDLER.search(text)
    loose = [attributes for attributes in SCRIPT.findall(text) if "src=" not in attributes]
    assert [attributes for attributes in loose if 'type="application/' not in attributes] == []


def test_the_common_stylesheets_exist_and_state_the_layers_first() -> None:
    links = (ROOT / "templates" / "components" / "stylesheets.html").read_text()
    linked = re.findall(r'"css/([\w-]+\.css)"', links)
    assert linked[0] == "tokens.css"
    assert len(linked) == len(set(linked))
    assert [sheet for sheet in linked if not (ROOT / "static" / "css" / sheet).is_file()] == []


def test_no_stylesheet_is_left_over() -> None:
    """Each one is linked by a template or by the media of a form field."""
    sources = [*TEMPLATES, *(path for app in APPS for path in (ROOT / app).rglob("*.py"))]
    text = "\n".join(path.read_text() for path in sources)
    sheets = (ROOT / "static" / "css").glob("*.css")
    assert [sheet.name for sheet in sheets if f"css/{sheet.name}" not in text] == []
