"""Claiming runs and gathering what is known of them, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, QuerySet

from engine.models import Pause, Point, Round, Run, Timer, Visit
from engine.models.definitions import definition_of
from engine.process.facts import Facts, RoundFacts, TimerFacts
from engine.selectors.panels import panels
from recommendations.drafting.selectors import missing
from recommendations.models import Briefing, Evidence, Section, Source


def claim(run_ids: Collection[int], *, wait: bool) -> list[Run]:
    """Lock runs for the present transaction.

    A page waits for its one run; a batch passes over runs that somebody else holds (the next tick finds them). The
    version is not joined: the run may have gone over to another one while its lock was waited for.
    """
    return list(claimed(Run.objects.filter(pk__in=run_ids).order_by("pk"), wait=wait))


def claimed(runs: QuerySet[Run], *, wait: bool) -> QuerySet[Run]:
    """The same runs, locked as they are read; without `wait` those that somebody else holds are left out."""
    return runs.select_for_update(of=("self",), skip_locked=not wait).select_related("proposal")


def gather(runs: Collection[Run], *, with_missing: bool) -> dict[int, Facts]:
    """Facts by run id. `with_missing` counts what the section template still lacks (for one run at a time)."""
    ids = [run.pk for run in runs]
    visits: dict[int, list[Visit]] = {pk: [] for pk in ids}
    for visit in Visit.objects.filter(run_id__in=ids).order_by("number"):
        visits[visit.run_id].append(visit)
    areas = {run.proposal.area_id for run in runs}
    sources, briefed = _sources(areas), _briefed(areas)
    unanswered = _unanswered(ids)
    rounds, timers = _rounds(ids), _timers(ids)
    paused = dict(Pause.objects.filter(run__in=ids, ended_at=None).values_list("run_id", "began_at"))
    proposals = [run.proposal_id for run in runs]
    evidence, unwritten = _evidence(proposals), _unwritten(proposals)
    return {
        run.pk: Facts(
            run_id=run.pk,
            definition=definition_of(run.version_id),
            open_stages=tuple(visit.stage for visit in visits[run.pk] if visit.left_at is None),
            taken=_taken(visits[run.pk]),
            area_sources=sources.get(run.proposal.area_id, 0),
            is_briefed=run.proposal.area_id in briefed,
            missing=len(missing(run.proposal)) if with_missing else 0,
            unwritten=frozenset(unwritten.get(run.proposal_id, ())),
            evidence=evidence.get(run.proposal_id, 0),
            unanswered=unanswered.get(run.pk, 0),
            rounds=tuple(rounds.get(run.pk, ())),
            timers=tuple(timers.get(run.pk, ())),
            paused_at=paused.get(run.pk),
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


def _briefed(areas: set[int]) -> set[int]:
    rows = Briefing.objects.filter(area_id__in=areas, published_at__isnull=False)
    return set(rows.values_list("area_id", flat=True))


def _evidence(proposals: list[int]) -> dict[int, int]:
    rows = Evidence.objects.filter(proposal__in=proposals).values_list("proposal").annotate(n=Count("pk"))
    return dict(rows.order_by())


def _unwritten(proposals: list[int]) -> dict[int, list[str]]:
    """Keys of the sections in which nothing is written, by proposal id."""
    found: dict[int, list[str]] = {}
    for proposal_id, key in Section.objects.filter(proposal__in=proposals, words=0).values_list(
        "proposal_id", "kind__key"
    ):
        found.setdefault(proposal_id, []).append(key)
    return found


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
    rows = list(
        Round.objects.filter(visit__run_id__in=ids, visit__left_at__isnull=True, cancelled_at__isnull=True)
        .select_related("visit")
        .order_by("pk")
    )
    counted = panels([row.pk for row in rows])
    found: dict[int, list[RoundFacts]] = {}
    for row in rows:
        panel = counted[row.pk]
        found.setdefault(row.visit.run_id, []).append(
            RoundFacts(
                id=row.pk,
                key=row.key,
                stage=row.visit.stage,
                closes_at=row.closes_at,
                quorum=row.whole_quorum,
                submitted=panel.submitted,
                is_closed=row.closed_at is not None,
                invited=panel.invited,
                kinds=panel.kinds,
                countries=panel.countries,
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
