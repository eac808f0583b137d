"""Taking live runs over to another version: looked at in a dry run, done on command with a reason, never by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid, NotFound, NotNow
from engine.models import Pause, ProcessDefinition, ProcessVersion, Round, Run, Timer, Visit
from engine.models.definitions import definition_of
from engine.permissions import may_design
from engine.process.migration import Consequence, Fit, Standing, fit, waiting_timers
from engine.process.runnable import not_yet
from engine.services.events import NewEvent, append_events
from engine.services.gather import claim, gather
from engine.services.messages import announce
from engine.services.record import set_openings
from engine.services.runs import give_oversight
from engine.services.transition import transition as take_onward
from partners.models import User
from partners.models.people import BODY
from recommendations import access


@dataclass(frozen=True)
class RunFit:
    """A run, and how it fits into the other version."""

    run: Run
    fit: Fit


def dry_run(*, run_ids: Collection[int], version_id: int, now: datetime) -> list[RunFit]:
    """What would change for each run, and what keeps it from going over; nothing is written. Constant queries.

    Raises:
        NotFound: a run or the version does not exist.
        NotNow: the version is withdrawn, or asks for what this release does not do.
    """
    version = _usable(version_id)
    runs = list(Run.objects.filter(pk__in=run_ids).select_related("proposal", "version").order_by("pk"))
    return _fits(_all(runs, run_ids), _standing(runs), version, now)


@transaction.atomic
def migrate(*, run_ids: Collection[int], version_id: int, person: User | None, reason: str, now: datetime) -> list[Run]:
    """Take runs over to another version, all or none: timers and openings become those of the new one.

    Everything is looked at again under the locks of the runs; then the system does what the new version lets it do.

    Raises:
        NotAllowed: the person does not change processes.
        NotFound: a run or the version does not exist.
        Invalid: no reason is given.
        NotNow: the version is withdrawn or cannot be run, or a run does not fit (`does-not-fit`; carries `fits`).
        RuntimeError: a run fails under the new version; nothing is stored.
    """
    if person is not None:
        may_design(person).enforce()
    if not reason.strip():
        message = _("Write a reason; the people concerned will read it.")
        raise Invalid(message, code="reason-required", errors={"reason": [message]})
    version = _usable(version_id)
    ProcessDefinition.objects.select_for_update(no_key=True).get(pk=version.definition_id)
    version = _usable(version_id)
    runs = _all(claim(run_ids, wait=True), run_ids)
    standing = _standing(runs)
    fits = _fits(runs, standing, version, now)
    if obstructed := [each for each in fits if each.fit.obstacles]:
        names = ", ".join(f"{each.run.proposal} ({each.run.pk})" for each in obstructed)
        message = _("These do not fit into the version, and nothing was changed: %(names)s.") % {"names": names}
        raise NotNow(message, code="does-not-fit", fits=obstructed)
    _set_timers(runs, standing, version, now)
    events = [_migrated(run, version, person, reason.strip()) for run in runs]
    Run.objects.filter(pk__in=[run.pk for run in runs]).update(version=version)
    # The new version may have other reminders: the rounds are looked at anew.
    Round.objects.filter(visit__run__in=runs, visit__left_at=None).update(ladder_for=None)
    for run in runs:
        _end_bodies(run, version, now)
        run.version = version
        give_oversight(run, now=now)
    set_openings(runs)
    announce(append_events(events, now=now), now=now)
    if failed := take_onward([run.pk for run in runs], now=now).set_aside:
        raise RuntimeError(f"runs {failed} fail under {version}")
    return runs


def _usable(version_id: int) -> ProcessVersion:
    version = ProcessVersion.objects.select_related("definition", "withdrawal").filter(pk=version_id).first()
    if version is None:
        raise NotFound
    if version.is_withdrawn:
        raise NotNow(_("This version is withdrawn."), code="version-withdrawn")
    if not_yet(version.process):
        raise NotNow(_("This version asks for what cannot be run yet."), code="version-not-runnable")
    return version


def _all(runs: list[Run], run_ids: Collection[int]) -> list[Run]:
    if {run.pk for run in runs} != set(run_ids):
        raise NotFound
    return runs


def _fits(
    runs: Sequence[Run], standing: Mapping[int, Standing], version: ProcessVersion, now: datetime
) -> list[RunFit]:
    there = Fit((), (Consequence("already-there"),))
    return [
        RunFit(run, there if run.version_id == version.pk else fit(standing[run.pk], version.process, now=now))
        for run in runs
    ]


def _standing(runs: Sequence[Run]) -> dict[int, Standing]:
    facts = gather(runs, with_missing=False)
    entered: dict[int, dict[str, datetime]] = {run.pk: {} for run in runs}
    for visit in Visit.objects.filter(run__in=runs, left_at=None):
        entered[visit.run_id][visit.stage] = visit.entered_at
    fired: dict[int, set[tuple[str, str]]] = {run.pk: set() for run in runs}
    rows = Timer.objects.filter(visit__run__in=runs, visit__left_at=None, fired_at__isnull=False)
    for run_id, stage, key in rows.values_list("visit__run", "visit__stage", "key"):
        fired[run_id].add((stage, key))
    later = _granted(runs, entered)
    return {run.pk: Standing(facts[run.pk], entered[run.pk], frozenset(fired[run.pk]), later[run.pk]) for run in runs}


def _granted(runs: Sequence[Run], entered: Mapping[int, Mapping[str, datetime]]) -> dict[int, dict[str, timedelta]]:
    """The time by which extensions and pauses have moved the timers of each open stage, by run id. Two queries."""
    found: dict[int, dict[str, timedelta]] = {run.pk: {} for run in runs}
    versions = {run.pk: run.version_id for run in runs}
    pauses = Pause.objects.filter(run__in=runs, ended_at__isnull=False).annotate(length=F("ended_at") - F("began_at"))
    for run_id, began_at, length in pauses.values_list("run_id", "began_at", "length"):
        for stage, entered_at in entered[run_id].items():
            # Nobody moves a paused run: a pause lies wholly within a stay.
            if entered_at <= began_at:
                found[run_id][stage] = found[run_id].get(stage, timedelta()) + length
    timers = Timer.objects.filter(visit__run__in=runs, visit__left_at=None, cancelled_at=None).select_related("visit")
    drift: dict[tuple[int, str], timedelta] = {}
    for timer in timers:
        run_id, stage = timer.visit.run_id, timer.visit.stage
        template = definition_of(versions[run_id]).stage(stage).timer(timer.key)
        if template:
            moved = timer.due_at - timer.visit.entered_at - template.after
            drift[run_id, stage] = max(moved, drift.get((run_id, stage), moved))
    for (run_id, stage), moved in drift.items():
        found[run_id][stage] = moved
    return found


def _set_timers(runs: Sequence[Run], standing: Mapping[int, Standing], version: ProcessVersion, now: datetime) -> None:
    """Timers of the open visits become those of the new version; what has fired and stays due is left as it is."""
    visits = {(row.run_id, row.stage): row for row in Visit.objects.filter(run__in=runs, left_at=None)}
    stored = {(row.visit_id, row.key): row for row in Timer.objects.filter(visit__in=visits.values())}
    wanted = {
        (visits[run.pk, each.stage].pk, each.key): each.due_at
        for run in runs
        for each in waiting_timers(standing[run.pk], version.process, now=now)
    }
    fresh = [Timer(visit_id=pk, key=key) for pk, key in wanted.keys() - stored.keys()]
    for timer in (*fresh, *stored.values()):
        due_at = wanted.get((timer.visit_id, timer.key))
        if due_at:
            timer.due_at, timer.fired_at, timer.cancelled_at = due_at, None, None
        elif timer.fired_at is None:
            timer.cancelled_at = timer.cancelled_at or now
    Timer.objects.bulk_update(stored.values(), ["due_at", "fired_at", "cancelled_at"])
    Timer.objects.bulk_create(fresh)


def _end_bodies(run: Run, version: ProcessVersion, now: datetime) -> None:
    """Decision bodies that the new version does not know oversee the proposal no more."""
    gone = {body.key for body in run.version.process.bodies} - {body.key for body in version.process.bodies}
    access.end([f"{BODY}{key}" for key in gone], now=now, proposals=[run.proposal_id])


def _migrated(run: Run, version: ProcessVersion, person: User | None, reason: str) -> NewEvent:
    data = {"from": run.version.content_hash, "to": version.content_hash, "number": version.number}
    return NewEvent(run.pk, "migrated", person.pk if person else None, data, {"reason": reason})
