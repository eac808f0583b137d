"""Keeping the vocabularies as the files in `reference/` say. Runs in every installation, as often as one likes."""

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from recommendations.models import BuildingBlock, Cluster, SectionKind, TargetActor
from recommendations.models.vocabulary import Term

FOLDER = Path(__file__).parent / "reference"


@transaction.atomic
def load_vocabularies() -> dict[str, int]:
    """Store or bring up to date every entry of every vocabulary; how many there are, by the name of its file.

    An entry that a file no longer has stays: proposals and editions may name it.
    """
    return {
        "clusters": _upsert(
            Cluster,
            [
                Cluster(**_term(entry, position), is_methodological=entry["methodological"])
                for position, entry in _entries("clusters")
            ],
            ["is_methodological"],
        ),
        "building_blocks": _upsert(
            BuildingBlock,
            [
                BuildingBlock(**_term(entry, position), kind=entry["kind"])
                for position, entry in _entries("building_blocks")
            ],
            ["kind"],
        ),
        "target_actors": _upsert(
            TargetActor,
            [TargetActor(**_term(entry, position)) for position, entry in _entries("target_actors")],
            [],
        ),
        "sections": _upsert(
            SectionKind,
            [
                SectionKind(
                    key=entry["key"],
                    label=entry["title"],
                    description=entry["guidance"],
                    position=position,
                    is_required=entry["required"],
                    minimum_words=entry["minimum_words"],
                )
                for position, entry in _entries("sections")
            ],
            ["is_required", "minimum_words"],
        ),
    }


def _entries(name: str) -> list[tuple[int, dict[str, Any]]]:
    """The entries of a file, each with its position: the one it states, else its place."""
    data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return [(entry.get("position", place), entry) for place, entry in enumerate(data[name], start=1)]


def _term(entry: dict[str, Any], position: int) -> dict[str, Any]:
    return {
        "key": entry["key"],
        "label": entry["label"],
        "description": entry.get("description", ""),
        "position": position,
    }


def _upsert(model: type[Term], rows: list[Any], own_fields: list[str]) -> int:
    model._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["label", "description", "position", *own_fields],
    )
    return len(rows)
