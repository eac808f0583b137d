"""What authors do with a whole proposal: submit it, take it back, put it away, delete it and bring it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import NotFound, NotNow
from engine.models import Run
from engine.models.definitions import definition_of
from engine.permissions import may_author, may_coordinate, may_withdraw
from engine.process.values import Transition
from engine.services.record import set_openings
from engine.services.transition import Ask, refuse_paused, transition
from partners.models import User
from recommendations.drafting import services as drafting


def submit(*, proposal_id: int, person: User, visit_id: int, now: datetime) -> None:
    """Freeze the text as a revision and send it onward from the visit that the page showed.

    Raises:
        NotFound, NotAllowed: not this person's to submit.
        NotNow: the stage has moved on, or something is still missing or unanswered.
    """
    _advance(proposal_id, person, visit_id, kind="advance", reason="", now=now)


def withdraw(*, proposal_id: int, person: User, visit_id: int, reason: str, now: datetime) -> None:
    """Take a submission back into drafting; an open round is cancelled and those concerned are told.

    Raises:
        NotFound, NotAllowed: not this person's to withdraw.
        NotNow: the stage has moved on, or it was withdrawn as often as the process allows.
        Invalid: no reason was given.
    """
    _advance(proposal_id, person, visit_id, kind="withdraw", reason=reason, now=now)


@transaction.atomic
def send_back(*, proposal_id: int, person: User, visit_id: int, reason: str, now: datetime) -> None:
    """As a coordinator, return a submission to its authors; what runs beside this stage is closed with it.

    Raises:
        NotFound, NotAllowed: not this person's to coordinate, or barred by a conflict of interest.
        NotNow: the stage has moved on, or it was sent back as often as the process allows.
        Invalid: no reason was given.
    """
    run = _existing_run(proposal_id)
    may_coordinate(person, run.proposal).enforce()
    way = _way(run, visit_id, kind="return", by="coordinator")
    transition([run.pk], now=now, ask=Ask(person, visit_id, way.key, "coordinator", reason))


@transaction.atomic
def archive(*, proposal_id: int, person: User, now: datetime) -> None:
    """Put a proposal away: out of the lists, closed to every change, until it is taken out again."""
    run = _own_run(proposal_id, person)
    refuse_paused(run)
    if not is_at_rest(run):
        raise NotNow(_("A submitted proposal cannot be archived. Withdraw it first."), code="submitted")
    drafting.archive_proposal(proposal_id=proposal_id, person=person, now=now)
    _reopen(run)


@transaction.atomic
def unarchive(*, proposal_id: int, person: User, now: datetime) -> None:
    """Take an archived proposal out again; what its stage allows is open as before."""
    run = _own_run(proposal_id, person)
    drafting.unarchive_proposal(proposal_id=proposal_id, person=person, now=now)
    _reopen(run)


@transaction.atomic
def delete(*, proposal_id: int, person: User, now: datetime) -> None:
    """Delete one's own draft that was never submitted; `restore` undoes it."""
    run = _own_run(proposal_id, person)
    drafting.delete_draft(proposal_id=proposal_id, person=person, now=now)
    _reopen(run)


@transaction.atomic
def restore(*, proposal_id: int, person: User, now: datetime) -> None:
    """Undo the deletion of one's own draft."""
    run = Run.objects.select_for_update(of=("self",)).select_related("proposal").filter(proposal=proposal_id).first()
    if run is None:
        raise NotFound
    drafting.restore_draft(proposal_id=proposal_id, person=person, now=now)
    _reopen(run)


def is_at_rest(run: Run) -> bool:
    """Whether nobody waits for the run: it is being drafted without a deadline, or it has ended."""
    definition = definition_of(run.version_id)
    stages = [definition.stage(visit.stage) for visit in run.visits.filter(left_at=None)]
    return all(stage.is_end or stage.is_open_ended for stage in stages)


def _reopen(run: Run) -> None:
    run.proposal.refresh_from_db()
    set_openings([run])


def _existing_run(proposal_id: int) -> Run:
    run = (
        Run.objects.select_for_update(of=("self",))
        .select_related("proposal__area")
        .filter(proposal=proposal_id)
        .first()
    )
    if run is None or run.proposal.deleted_at:
        raise NotFound
    return run


def _own_run(proposal_id: int, person: User) -> Run:
    run = _existing_run(proposal_id)
    may_withdraw(person, run.proposal).enforce()
    return run


@transaction.atomic
def _advance(proposal_id: int, person: User, visit_id: int, *, kind: str, reason: str, now: datetime) -> None:
    run = _own_run(proposal_id, person)
    way = _way(run, visit_id, kind, by="author")
    if kind == "advance":
        may_author(person, run.proposal, "submit").enforce()
    transition([run.pk], now=now, ask=Ask(person, visit_id, way.key, "author", reason))


def _way(run: Run, visit_id: int, kind: str, by: str) -> Transition:
    visit = run.visits.filter(pk=visit_id, left_at=None).first()
    if visit is None:
        raise NotNow
    found = definition_of(run.version_id).stage(visit.stage).way(kind, by)
    if found is None:
        raise NotNow(_("This step is not possible from here."), code="no-such-transition")
    return found
