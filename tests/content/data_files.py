"""The data files of the installation and of the demonstration, as the tests of their content read them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from recommendations.text import from_plain_text
from recommendations.text.blocks import words

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "ekip" / "demo" / "data"
REFERENCE = (ROOT / "partners" / "reference", ROOT / "recommendations" / "reference")
SCHEMA = ROOT / "recommendations" / "imports" / "schema.json"

Row = dict[str, Any]


def all_files() -> list[Path]:
    """Every data file in YAML, in a stable order."""
    return sorted([*DEMO.rglob("*.yaml"), *(path for folder in REFERENCE for path in folder.glob("*.yaml"))])


@cache
def load(path: Path) -> Row:
    """The content of one file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def rows(name: str, *, of: str = "") -> list[Row]:
    """The rows of the file called `name`, under the key `of` where that is not the file's own name."""
    [path] = [path for path in all_files() if path.stem == name]
    return load(path)[of or name]


def names(name: str, *, of: str = "") -> set[str]:
    """The slugs or keys of the rows in the file called `name`."""
    return {row.get("slug") or row["key"] for row in rows(name, of=of)}


def proposals() -> list[Row]:
    """The example proposals, each of which has a file of its own."""
    return [load(path) for path in sorted((DEMO / "proposals").glob("*.yaml"))]


def passages(markup: str) -> list[str]:
    """The words of each block of a text in simple markup, as a reader sees them."""
    return [words(block) for block in from_plain_text(markup, lang="en")]
