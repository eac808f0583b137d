"""Reference rows of partners: the sectors that organisations work in."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypedDict

import yaml

from partners.models import Sector

SECTORS = Path(__file__).resolve().parent.parent / "reference" / "sectors.yaml"


class SectorRow(TypedDict):
    """One sector of the reference file: `essnet` holds keys of ESSnet-Culture domains."""

    key: str
    label: str
    essnet: list[str]


def load_sectors(rows: Iterable[SectorRow] | None = None) -> int:
    """Store every sector of `rows` (by default the reference file), in their order; the number of them.

    Idempotent: a sector that is stored is brought up to date by its key, and none is taken away.
    """
    if rows is None:
        content: dict[str, Any] = yaml.safe_load(SECTORS.read_text(encoding="utf-8"))
        rows = content["sectors"]
    sectors = [
        Sector(key=row["key"], label=row["label"], essnet=row["essnet"], position=position)
        for position, row in enumerate(rows, start=1)
    ]
    Sector.objects.bulk_create(
        sectors, update_conflicts=True, unique_fields=["key"], update_fields=["label", "essnet", "position"]
    )
    return len(sectors)
