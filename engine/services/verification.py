"""Recomputing what is derived, to compare it with what is stored. Every question can be asked for some runs only."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

from django.db.models import QuerySet

from engine.models import Assignment, Event, ProcessVersion, Run, Visit
from engine.models.definitions import definition_of
from engine.process.chain import Link, first_faults, word_hash
from engine.process.replay import Happening, Impossible, Stay, pinned, stays
from engine.services.record import assignment_source, expected_openings
from engine.services.runs import overseers
from recommendations.models import Grant, Opening

CHUNK = 2000

Some = Collection[int] | None


def access_differences(run_ids: Some = None) -> list[str]:
    """One line for each opening or grant of the engine that is stored and should not be, or should be and is not."""
    runs = list(_runs(run_ids).select_related("proposal"))
    return [
        *_opening_differences(runs, run_ids),
        *_reading_differences(run_ids),
        *_oversight_differences(runs, run_ids),
    ]


def _opening_differences(runs: list[Run], run_ids: Some) -> list[str]:
    expected = {(pk, name) for pk, names in expected_openings(runs).items() for name in names}
    stored = set(_of(Opening.objects.all(), "proposal__run", run_ids).values_list("proposal_id", "capability"))
    lines = [f"proposal {pk}: {name} should not be open" for pk, name in sorted(stored - expected)]
    return lines + [f"proposal {pk}: {name} should be open" for pk, name in sorted(expected - stored)]


def _reading_differences(run_ids: Some) -> list[str]:
    reading = _of(Assignment.objects.all(), "round__visit__run", run_ids).filter(
        accepted_at__isnull=False, declined_at=None, barred_at=None, round__cancelled_at=None
    )
    wanted = {(assignment_source(row.pk), row.reviewer_id) for row in reading}
    grants = _of(Grant.objects.all(), "proposal__run", run_ids)
    live = grants.filter(right=Grant.Right.REVIEW, ends_at=None).values_list("source", "person_id")
    lines = [f"{source}: person {person} should not read" for source, person in sorted(set(live) - wanted)]
    return lines + [f"{source}: person {person} should read" for source, person in sorted(wanted - set(live))]


def _oversight_differences(runs: list[Run], run_ids: Some) -> list[str]:
    wanted = {(run.proposal_id, role, source) for run in runs for role, source in overseers(run)}
    rows = _of(Grant.objects.all(), "proposal__run", run_ids).filter(right=Grant.Right.OVERSEE, ends_at=None)
    live = set(rows.values_list("proposal_id", "role", "source"))
    lines = [f"proposal {pk}: {role} ({source}) should not oversee" for pk, role, source in sorted(live - wanted)]
    return lines + [f"proposal {pk}: {role} ({source}) should oversee" for pk, role, source in sorted(wanted - live)]


def chain_faults(run_ids: Some = None) -> list[str]:
    """One line for each run whose chain does not verify, with the first event that does not fit, and for changed words.

    Two queries; the events are read in a stream, so that memory does not grow with them.
    """
    lines = [f"run {pk}: it has no events" for pk in _runs(run_ids).filter(events=None).values_list("pk", flat=True)]
    changed: list[str] = []
    for run, number in first_faults(_links(run_ids, changed)):
        lines.append(f"run {run}: event {number} does not fit the chain")
    return lines + changed


def _links(run_ids: Some, changed: list[str]) -> Iterator[Link]:
    """Every chain, run by run; a line in `changed` for words that are not those that the chain knows."""
    rows = _of(Event.objects.all(), "run", run_ids).order_by("run_id", "number")
    names = ("run_id", "number", "kind", "at", "actor_id", "data", "previous_hash", "hash", "seal")
    for *link, salt, words in rows.values_list(*names, "words__salt", "words__words").iterator(chunk_size=CHUNK):
        told = Link(*link)
        if words is not None and _hashes(salt, words) != told.data.get("words", {}):
            changed.append(f"run {told.run}: the words of event {told.number} were changed")
        yield told


def _hashes(salt: str, words: dict[str, str]) -> dict[str, str]:
    return {name: word_hash(salt, text) for name, text in words.items()}


def replay_differences(run_ids: Some = None) -> list[str]:
    """One line for each run whose visits, or whose version, are not those that its events tell of.

    Four queries, read in streams.
    """
    lines = []
    versions = dict(ProcessVersion.objects.values_list("content_hash", "pk"))
    events, visits = _happenings(run_ids), _stays(run_ids)
    told_of = next(events, None)
    stayed = next(visits, None)
    for run in _runs(run_ids).select_related("version").order_by("pk").iterator(chunk_size=CHUNK):
        happenings: tuple[Happening, ...] = ()
        stored: tuple[Stay, ...] = ()
        if told_of and told_of[0] == run.pk:
            happenings, told_of = told_of[1], next(events, None)
        if stayed and stayed[0] == run.pk:
            stored, stayed = stayed[1], next(visits, None)
        began, stands = pinned(happenings)
        if stands != run.version.content_hash or began not in versions:
            lines.append(f"run {run.pk}: the events tell of another version than {run.version}")
            continue
        try:
            told = stays(definition_of(versions[began]), happenings)
        except Impossible as fault:
            lines.append(f"run {run.pk}: the events tell what cannot be: {fault}")
            continue
        if told != stored:
            lines.append(f"run {run.pk}: the events tell {told}, the visits say {stored}")
    return lines


def _happenings(run_ids: Some) -> Iterator[tuple[int, tuple[Happening, ...]]]:
    rows = _of(Event.objects.all(), "run", run_ids).order_by("run_id", "number")
    stream = rows.values_list("run_id", "kind", "at", "data").iterator(chunk_size=CHUNK)
    for run, group in itertools.groupby(stream, key=lambda row: row[0]):
        yield run, tuple(Happening(kind, at, data) for _run, kind, at, data in group)


def _stays(run_ids: Some) -> Iterator[tuple[int, tuple[Stay, ...]]]:
    rows = _of(Visit.objects.all(), "run", run_ids).order_by("run_id", "number")
    stream = rows.values_list("run_id", "stage", "entered_at", "left_at", "left_by").iterator(chunk_size=CHUNK)
    for run, group in itertools.groupby(stream, key=lambda row: row[0]):
        yield run, tuple(Stay(*stay) for _run, *stay in group)


def _runs(run_ids: Some) -> QuerySet[Run]:
    return _of(Run.objects.all(), "pk", run_ids)


def _of(rows: QuerySet, path: str, run_ids: Some) -> QuerySet:
    """The rows of some runs, or of all."""
    return rows if run_ids is None else rows.filter(**{f"{path}__in": run_ids})
