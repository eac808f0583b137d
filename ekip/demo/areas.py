"""The register of policy areas with their sources, as it stood when the demonstration's story begins.

Areas that ekip selected are stored as selected: they are history of the register and did not pass through this
platform. Only areas with ten sources take proposals; where fewer are known, invented ones are added and marked as such.
"""

from datetime import datetime

from ekip.demo.data_files import Row, rows
from recommendations.models import Cluster, PolicyArea, Source


def load_areas(*, now: datetime) -> int:
    """Store the areas that are missing, each with its sources; the number added."""
    known = set(PolicyArea.objects.values_list("slug", flat=True))
    new = [row for row in rows("areas") if row["slug"] not in known]
    clusters = Cluster.objects.in_bulk(field_name="key")
    for row in new:
        area = _area(row, clusters[row["cluster"]], now=now)
        Source.objects.bulk_create(_source(area, each) for each in row["sources"])
    return len(new)


def _area(row: Row, cluster: Cluster, *, now: datetime) -> PolicyArea:
    return PolicyArea.objects.create(
        slug=row["slug"],
        title=row["title"],
        summary=row["summary"].strip(),
        cluster=cluster,
        lab_number=row.get("lab"),
        source=row.get("source", ""),
        selected_at=now if row["status"] == "selected" else None,
        is_example=row.get("is_example", False),
    )


def _source(area: PolicyArea, row: Row) -> Source:
    return Source(
        area=area,
        title=row["title"],
        kind=row["kind"],
        address=row.get("address", ""),
        publisher=row.get("publisher", ""),
        year=row.get("year"),
        is_example=row.get("is_example", False),
    )
