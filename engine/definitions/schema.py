"""The JSON Schema of definitions, made from the grammar that the checker follows.

`python -m engine.definitions.schema` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.process.checker import DEFINITION

FILE = Path(__file__).with_name("schema.json")


def schema() -> dict[str, Any]:
    """The schema (2020-12); what concerns the whole, such as where stages lead, no schema can say."""
    parts: dict[str, dict[str, Any]] = {}
    root = DEFINITION.schema(parts)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A process definition of the ekip Engine platform",
        **root,
        "$defs": dict(sorted(parts.items())),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(schema(), indent=2) + "\n")
