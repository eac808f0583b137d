"""Claiming runs and gathering what is known of them, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, QuerySet

from engine.models import Pause, Point, Round, Run, Timer, Visit
from engine.models.definitions import definition_of
from engine.process.facts import Facts, RoundFacts, TimerFacts
from engine.process.quorum import quorum_from
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
    stages, taken = _stages(ids), _taken(ids)
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
            open_stages=tuple(stages.get(run.pk, ())),
            taken=taken.get(run.pk, {}),
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


def _stages(ids: list[int]) -> dict[int, list[str]]:
    """The stages of the open visits, by run id, in the order in which they were entered."""
    found: dict[int, list[str]] = {}
    rows = Visit.objects.filter(run_id__in=ids, left_at=None).order_by("number")
    for run_id, stage in rows.values_list("run_id", "stage"):
        found.setdefault(run_id, []).append(stage)
    return found


def _taken(ids: list[int]) -> dict[int, dict[tuple[str, str], int]]:
    """How often which way out of which stage was taken, by run id."""
    found: dict[int, dict[tuple[str, str], int]] = {}
    rows = Visit.objects.filter(run_id__in=ids).exclude(left_by="").order_by()
    for run_id, stage, way, times in rows.values_list("run_id", "stage", "left_by").annotate(n=Count("pk")):
        found.setdefault(run_id, {})[stage, way] = times
    return found


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
    open_here = Round.objects.filter(visit__run_id__in=ids, visit__left_at=None, cancelled_at=None).order_by("pk")
    rows = list(
        open_here.values_list(
            "visit__run_id", "pk", "key", "visit__stage", "closes_at", "quorum", "quorum_rules", "closed_at"
        )
    )
    counted = panels([pk for _run, pk, *_rest in rows])
    found: dict[int, list[RoundFacts]] = {}
    for run_id, pk, key, stage, closes_at, quorum, rules, closed_at in rows:
        panel = counted[pk]
        found.setdefault(run_id, []).append(
            RoundFacts(
                id=pk,
                key=key,
                stage=stage,
                closes_at=closes_at,
                quorum=quorum_from({**rules, "number": quorum}),
                submitted=panel.submitted,
                is_closed=closed_at is not None,
                invited=panel.invited,
                kinds=panel.kinds,
                countries=panel.countries,
            )
        )
    return found


def _timers(ids: list[int]) -> dict[int, list[TimerFacts]]:
    rows = Timer.objects.filter(visit__run_id__in=ids, visit__left_at=None, fired_at=None, cancelled_at=None)
    found: dict[int, list[TimerFacts]] = {}
    for run_id, pk, key, stage, due_at in rows.values_list("visit__run_id", "pk", "key", "visit__stage", "due_at"):
        found.setdefault(run_id, []).append(TimerFacts(pk, key, stage, due_at))
    return found
