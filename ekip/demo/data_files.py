"""The data files of the demonstration."""

from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"
CATALOGUE = DATA / "catalogue.yaml"

Row = dict[str, Any]


def rows(name: str, *, of: str = "") -> list[Row]:
    """The rows of the file called `name`, under the key `of` where that is not the file's own name."""
    return _read(DATA / f"{name}.yaml")[of or name]


def proposals() -> list[Row]:
    """The example proposals, each of which has a file of its own."""
    return [_read(path) for path in sorted((DATA / "proposals").glob("*.yaml"))]


def _read(path: Path) -> Row:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
