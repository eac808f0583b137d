"""The gatherings that a run draws on: recorded, taken over from another run, changed, removed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import NotFound, NotNow
from engine.models import Run, RunGathering
from engine.permissions import may_keep_gatherings
from engine.selectors.gatherings import gatherings_of, gatherings_to_take
from engine.services.events import NewEvent, append_events
from engine.services.rounds import lock_run
from partners.models import Gathering, User
from partners.services.gatherings import (
    GatheringDraft,
    change_gathering,
    delete_gathering,
    draft_of,
    record_gathering,
    tidied,
)


@transaction.atomic
def record(*, proposal_id: int, person: User, draft: GatheringDraft, now: datetime) -> Gathering:
    """Store a gathering and let the run draw on it; recording the same one twice is harmless.

    Raises:
        NotFound, NotAllowed: not this person's to coordinate.
        NotNow: the run has ended, or the proposal is archived.
        Invalid: a fact is missing or impossible; `errors` names the field.
    """
    run = _locked(proposal_id, person)
    same = tidied(draft)
    for known in gatherings_of(run).prefetch_related("attendance"):
        if draft_of(known) == same:
            return known
    gathering = record_gathering(draft=draft, person=person, is_example=run.proposal.is_example, now=now)
    RunGathering.objects.create(run=run, gathering=gathering)
    _tell([run], "gathering-recorded", gathering, person, now)
    return gathering


@transaction.atomic
def take(*, proposal_id: int, person: User, gathering_id: int, now: datetime) -> Gathering:
    """Let the run draw on a gathering that another run of its policy area has recorded; twice is harmless.

    Raises:
        NotFound: not this person's to coordinate, or no such gathering in the area.
        NotAllowed: a conflict of interest bars the person.
        NotNow: the run has ended, or the proposal is archived.
    """
    run = _locked(proposal_id, person)
    if known := gatherings_of(run).filter(pk=gathering_id).first():
        return known
    # Locked before it is looked for: whoever removes it from the last proposal deletes it.
    gathering = Gathering.objects.select_for_update(no_key=True).filter(pk=gathering_id).first()
    if gathering is None or not gatherings_to_take(run.proposal).filter(pk=gathering_id).exists():
        raise NotFound
    RunGathering.objects.create(run=run, gathering=gathering)
    _tell([run], "gathering-recorded", gathering, person, now)
    return gathering


@transaction.atomic
def change(
    *, proposal_id: int, person: User, gathering_id: int, draft: GatheringDraft, version: int, now: datetime
) -> None:
    """Put a gathering right, for every run that draws on it, if nobody did since `version`. Editions do not change.

    Raises:
        NotFound, NotAllowed: not this person's to coordinate.
        NotNow: the run has ended, or the gathering was removed from it meanwhile.
        EditConflict: somebody changed it; carries `theirs` (the gathering as stored).
        Invalid: as when it is recorded.
    """
    rows = Run.objects.select_for_update(of=("self",)).order_by("pk")
    locked = list(rows.filter(gatherings__gathering=gathering_id))
    _locked(proposal_id, person)
    # Read after the wait: whoever held a lock may have removed it.
    drawing = set(RunGathering.objects.filter(gathering=gathering_id).values_list("run", flat=True))
    runs = [run for run in locked if run.pk in drawing]
    if proposal_id not in {run.proposal_id for run in runs}:
        raise NotNow(_("This gathering was removed from the proposal."), code="gathering-removed")
    if change_gathering(gathering_id=gathering_id, draft=draft, version=version, person=person, now=now):
        _tell(runs, "gathering-changed", Gathering.objects.get(pk=gathering_id), person, now)


@transaction.atomic
def remove(*, proposal_id: int, person: User, gathering_id: int, now: datetime) -> None:
    """Let the run draw on a gathering no longer; one on which no other run draws is deleted. Twice is harmless.

    What editions say of it stays: they keep their own words.

    Raises:
        NotFound, NotAllowed: not this person's to coordinate.
        NotNow: the run has ended, or the proposal is archived.
    """
    run = _locked(proposal_id, person)
    gathering = Gathering.objects.select_for_update(of=("self",)).filter(pk=gathering_id, runs__run=run).first()
    if gathering is None:
        return
    RunGathering.objects.filter(run=run, gathering=gathering).delete()
    _tell([run], "gathering-removed", gathering, person, now)
    if not gathering.runs.exists():
        delete_gathering(gathering_id=gathering.pk)


def _locked(proposal_id: int, person: User) -> Run:
    run = lock_run(proposal_id)
    may_keep_gatherings(person, run.proposal).enforce()
    return run


def _tell(runs: Iterable[Run], kind: str, gathering: Gathering, person: User, now: datetime) -> None:
    data = {"gathering": gathering.pk, "kind": gathering.kind}
    words = {"title": gathering.title, "outcome": gathering.outcome}
    append_events([NewEvent(run.pk, kind, person.pk, data, words) for run in runs], now=now)
