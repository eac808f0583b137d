"""Claiming runs and gathering what is known of them, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Q

from engine.models import Point, Round, Run, Timer, Visit
from engine.models.definitions import definition_of
from engine.process.facts import Facts, RoundFacts, TimerFacts
from recommendations.drafting.selectors import missing
from recommendations.models import Source


def claim(run_ids: Collection[int], *, wait: bool) -> list[Run]:
    """Lock runs for the present transaction.

    A page waits for its one run; a batch passes over runs that somebody else holds (the next tick finds them).
    """
    rows = Run.objects.select_for_update(of=("self",), skip_locked=not wait).select_related("proposal", "version")
    return list(rows.filter(pk__in=run_ids).order_by("pk"))


def gather(runs: Collection[Run], *, with_missing: bool) -> dict[int, Facts]:
    """Facts by run id. `with_missing` counts what the section template still lacks (for one run at a time)."""
    ids = [run.pk for run in runs]
    visits: dict[int, list[Visit]] = {pk: [] for pk in ids}
    for visit in Visit.objects.filter(run_id__in=ids).order_by("number"):
        visits[visit.run_id].append(visit)
    sources = _sources({run.proposal.area_id for run in runs})
    unanswered = _unanswered(ids)
    rounds, timers = _rounds(ids), _timers(ids)
    return {
        run.pk: Facts(
            run_id=run.pk,
            definition=definition_of(run.version_id),
            open_stages=tuple(visit.stage for visit in visits[run.pk] if visit.left_at is None),
            taken=_taken(visits[run.pk]),
            area_sources=sources.get(run.proposal.area_id, 0),
            missing=len(missing(run.proposal)) if with_missing else 0,
            unanswered=unanswered.get(run.pk, 0),
            rounds=tuple(rounds.get(run.pk, ())),
            timers=tuple(timers.get(run.pk, ())),
        )
        for run in runs
    }


def _taken(visits: list[Visit]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for visit in visits:
        if visit.left_by:
            counts[visit.stage, visit.left_by] = counts.get((visit.stage, visit.left_by), 0) + 1
    return counts


def _sources(areas: set[int]) -> dict[int, int]:
    rows = Source.objects.filter(area_id__in=areas).values("area_id").annotate(n=Count("pk"))
    return {row["area_id"]: row["n"] for row in rows}


def _unanswered(ids: list[int]) -> dict[int, int]:
    rows = (
        Point.objects.filter(
            review__assignment__round__visit__run_id__in=ids,
            review__assignment__round__closed_at__isnull=False,
            review__assignment__barred_at__isnull=True,
            review__submitted_at__isnull=False,
            must_answer=True,
            disposition__isnull=True,
        )
        .values("review__assignment__round__visit__run_id")
        .annotate(n=Count("pk"))
    )
    return {row["review__assignment__round__visit__run_id"]: row["n"] for row in rows}


def _rounds(ids: list[int]) -> dict[int, list[RoundFacts]]:
    submitted = Count(
        "assignments",
        filter=Q(assignments__review__submitted_at__isnull=False, assignments__barred_at__isnull=True),
    )
    rows = (
        Round.objects.filter(visit__run_id__in=ids, visit__left_at__isnull=True, cancelled_at__isnull=True)
        .select_related("visit")
        .annotate(submitted=submitted)
        .order_by("pk")
    )
    found: dict[int, list[RoundFacts]] = {}
    for row in rows:
        found.setdefault(row.visit.run_id, []).append(
            RoundFacts(
                row.pk, row.key, row.visit.stage, row.closes_at, row.quorum, row.submitted, row.closed_at is not None
            )
        )
    return found


def _timers(ids: list[int]) -> dict[int, list[TimerFacts]]:
    rows = Timer.objects.filter(
        visit__run_id__in=ids, visit__left_at__isnull=True, fired_at__isnull=True, cancelled_at__isnull=True
    ).select_related("visit")
    found: dict[int, list[TimerFacts]] = {}
    for row in rows:
        found.setdefault(row.visit.run_id, []).append(TimerFacts(row.pk, row.key, row.visit.stage, row.due_at))
    return found
