"""Recomputing what is derived, to compare it with what is stored."""

from __future__ import annotations

from engine.models import Assignment, Event, EventWords, ProcessVersion, Run
from engine.models.definitions import definition_of
from engine.process.chain import first_fault, word_hash
from engine.process.replay import Happening, Stay, pinned, stays
from engine.services.events import links_of
from engine.services.record import assignment_source, expected_openings
from engine.services.runs import overseers
from recommendations.models import Grant, Opening


def access_differences() -> list[str]:
    """One line for each opening or grant of the engine that is stored and should not be, or should be and is not."""
    runs = list(Run.objects.select_related("proposal"))
    return [*_opening_differences(runs), *_reading_differences(), *_oversight_differences(runs)]


def _opening_differences(runs: list[Run]) -> list[str]:
    expected = {(pk, name) for pk, names in expected_openings(runs).items() for name in names}
    stored = set(Opening.objects.values_list("proposal_id", "capability"))
    lines = [f"proposal {pk}: {name} should not be open" for pk, name in sorted(stored - expected)]
    return lines + [f"proposal {pk}: {name} should be open" for pk, name in sorted(expected - stored)]


def _reading_differences() -> list[str]:
    reading = Assignment.objects.filter(
        accepted_at__isnull=False, declined_at=None, barred_at=None, round__cancelled_at=None
    )
    wanted = {(assignment_source(row.pk), row.reviewer_id) for row in reading}
    live = Grant.objects.filter(right=Grant.Right.REVIEW, ends_at=None).values_list("source", "person_id")
    lines = [f"{source}: person {person} should not read" for source, person in sorted(set(live) - wanted)]
    return lines + [f"{source}: person {person} should read" for source, person in sorted(wanted - set(live))]


def _oversight_differences(runs: list[Run]) -> list[str]:
    wanted = {(run.proposal_id, role, source) for run in runs for role, source in overseers(run)}
    rows = Grant.objects.filter(right=Grant.Right.OVERSEE, ends_at=None)
    live = set(rows.values_list("proposal_id", "role", "source"))
    lines = [f"proposal {pk}: {role} ({source}) should not oversee" for pk, role, source in sorted(live - wanted)]
    return lines + [f"proposal {pk}: {role} ({source}) should oversee" for pk, role, source in sorted(wanted - live)]


def chain_faults() -> list[str]:
    """One line for each run whose chain, or the words beside it, does not verify."""
    lines = []
    for run in Run.objects.order_by("pk"):
        number = first_fault(links_of(run.pk))
        if number is not None:
            lines.append(f"run {run.pk}: event {number} does not fit the chain")
    for row in EventWords.objects.select_related("event").iterator():
        hashes = {name: word_hash(row.salt, text) for name, text in row.words.items()}
        if hashes != row.event.data.get("words", {}):
            lines.append(f"run {row.event.run_id}: the words of event {row.event.number} were changed")
    return lines


def replay_differences() -> list[str]:
    """One line for each run whose visits, or whose version, are not those that its events tell of."""
    lines = []
    versions = dict(ProcessVersion.objects.values_list("content_hash", "pk"))
    for run in Run.objects.select_related("version").order_by("pk"):
        events = Event.objects.filter(run=run).order_by("number")
        happenings = [Happening(each.kind, each.at, each.data) for each in events]
        began, stands = pinned(happenings)
        if stands != run.version.content_hash or began not in versions:
            lines.append(f"run {run.pk}: the events tell of another version than {run.version}")
            continue
        told = stays(definition_of(versions[began]), happenings)
        stored = tuple(
            Stay(visit.stage, visit.entered_at, visit.left_at, visit.left_by) for visit in run.visits.order_by("number")
        )
        if told != stored:
            lines.append(f"run {run.pk}: the events tell {told}, the visits say {stored}")
    return lines
