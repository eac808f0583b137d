"""Runs that wait for something outside of them. Nobody tells the engine that it has come: the rows are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from engine.models import ProcessVersion, Run, Visit
from engine.models.definitions import definition_of
from engine.process.values import Stage, Transition
from recommendations.models import Source


def _area_supported(minimum: int) -> Q:
    return Q(area_sources__gte=minimum)


def _briefed() -> Q:
    return Q(run__proposal__area__briefing__published_at__isnull=False)


OUTSIDE: Mapping[str, Callable[..., Q]] = {"area-supported": _area_supported, "briefed": _briefed}
"""The gates of `engine.process.gates` that rows outside of the run open, as conditions on a visit."""


def released_visits() -> QuerySet[Visit]:
    """Open visits that the system would leave now because what they waited for is there. Proposals put away rest."""
    ways = Q(pk__in=[])
    # Each version looks for one run by the index; the runs of all times are not read on every tick.
    followed = ProcessVersion.objects.filter(Exists(Run.objects.filter(version=OuterRef("pk"))))
    for version in followed.values_list("pk", flat=True):
        for stage in definition_of(version).stages:
            for way in stage.transitions:
                if _waits_outside(way):
                    ways |= _is_open(version, stage, way)
    supporting = Source.objects.filter(area=OuterRef("run__proposal__area")).order_by().values("area")
    counted = Subquery(supporting.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    rows = Visit.objects.filter(left_at=None, run__proposal__archived_at=None, run__proposal__deleted_at=None)
    return rows.alias(area_sources=Coalesce(counted, 0)).filter(ways)


def _waits_outside(way: Transition) -> bool:
    return way.by == "system" and bool(way.gates) and all(gate.name in OUTSIDE for gate in way.gates)


def _is_open(version: int, stage: Stage, way: Transition) -> Q:
    here = Q(run__version=version, stage=stage.key)
    for gate in way.gates:
        here &= OUTSIDE[gate.name](**gate.parameters)
    return here
