"""Which runs are paused, since when and why."""

from collections.abc import Collection, Mapping
from datetime import datetime

from engine.models import Pause, Run


def paused_since(run_ids: Collection[int]) -> Mapping[int, datetime]:
    """Since when runs are paused, by run id; those that are not are left out. One query."""
    return dict(Pause.objects.filter(run__in=run_ids, ended_at=None).values_list("run_id", "began_at"))


def open_pause(run: Run) -> Pause | None:
    """The pause in which a run is now. One query."""
    return Pause.objects.filter(run=run, ended_at=None).select_related("began_by").first()
