"""Pausing runs and resuming them. While a run is paused nothing falls due; afterwards all of it is due later."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid, NotFound, NotNow
from ekip.shared.look import words as instant_words
from engine.models import Pause, Round, Run, Timer, Visit
from engine.models.definitions import definition_of
from engine.permissions import may_schedule_each
from engine.services.events import NewEvent, append_events
from engine.services.gather import claim
from engine.services.messages import announce
from engine.services.transition import transition
from partners.models import User

LONGEST = timedelta(days=366)
LONGEST_REASON = 4_000


@transaction.atomic
def pause_runs(
    *,
    run_ids: Collection[int],
    person: User,
    reason: str,
    until: datetime | None = None,
    visit_id: int | None = None,
    now: datetime,
) -> list[Pause]:
    """Let the deadlines of runs stand still, all or none. What is due at this instant happens first.

    With `until` the pause ends by itself at that instant. `visit_id` is the visit that a page showed.

    Raises:
        NotFound, NotAllowed: not this person's to coordinate, or barred by a conflict of interest.
        NotNow: a run is paused already (`paused`), has moved on, or waits for nobody (`at-rest`).
        Invalid: no reason, or an end that has passed or lies further than a year ahead.
    """
    runs = locked_runs(run_ids, person)
    _refuse_paused(runs)
    _refuse_incomplete(reason, until, now)
    transition([run.pk for run in runs], now=now)
    _refuse_moved_on(runs, visit_id)
    pauses = Pause.objects.bulk_create(
        Pause(run=run, began_at=now, began_by=person, reason=reason.strip(), until=until) for run in runs
    )
    ends = {"until": until.isoformat()} if until else {}
    entries = [
        NewEvent(each.run_id, "paused", person.pk, {"pause": each.pk, **ends}, {"reason": each.reason})
        for each in pauses
    ]
    announce(append_events(entries, now=now), now=now)
    return pauses


@transaction.atomic
def resume_runs(*, run_ids: Collection[int], person: User, now: datetime) -> list[Pause]:
    """Let paused runs go on, all or none: every deadline that was open moves on by the length of the pause.

    Raises:
        NotFound, NotAllowed: not this person's to coordinate, or barred by a conflict of interest.
        NotNow: a run is not paused (`not-paused`): somebody else has resumed it, or the pause has ended by itself.
    """
    runs = locked_runs(run_ids, person)
    pauses = list(Pause.objects.filter(run__in=runs, ended_at=None).select_related("run").order_by("run"))
    if len(pauses) != len(runs):
        raise NotNow(_("This is not paused any more."), code="not-paused")
    _end(pauses, person=person, now=now)
    return pauses


@transaction.atomic
def resume_due(*, now: datetime) -> int:
    """End the pauses whose end has come; the number of them. Runs that somebody holds are left to the next tick."""
    due = Pause.objects.filter(ended_at=None, until__lte=now)
    runs = claim(list(due.values_list("run_id", flat=True)), wait=False)
    pauses = list(due.filter(run__in=runs).select_related("run").order_by("run")) if runs else []
    _end(pauses, person=None, now=now)
    return len(pauses)


def locked_runs(run_ids: Collection[int], person: User) -> list[Run]:
    """Runs whose dates the person may move, locked in one order; whoever may not know of one, knows of none.

    Raises:
        NotFound, NotAllowed, NotNow: as `may_schedule` answers for the first that is refused.
    """
    runs = claim(run_ids, wait=True)
    if len(runs) != len(set(run_ids)) or any(run.proposal.deleted_at for run in runs):
        raise NotFound
    verdicts = may_schedule_each(person, [run.proposal for run in runs])
    for run in runs:
        verdicts[run.proposal_id].enforce()
    return runs


def _refuse_paused(runs: Sequence[Run]) -> None:
    """Also for who asks twice: the first pause stands, with its own reason."""
    pause = Pause.objects.filter(run__in=runs, ended_at=None).select_related("run__proposal", "began_by").first()
    if pause:
        message = _("%(name)s has paused “%(title)s” already, on %(at)s.") % {
            "name": pause.began_by.name,
            "title": pause.run.proposal.title,
            "at": instant_words(pause.began_at),
        }
        raise NotNow(message, code="paused")


def _refuse_incomplete(reason: str, until: datetime | None, now: datetime) -> None:
    errors: dict[str, list[str]] = {}
    if not reason.strip():
        errors["reason"] = [_("Write a reason; the people concerned will read it.")]
    elif len(reason) > LONGEST_REASON:
        errors["reason"] = [_("This is longer than %(n)d characters.") % {"n": LONGEST_REASON}]
    if until and until <= now:
        errors["until"] = [_("The end of the pause has to lie in the future.")]
    elif until and until > now + LONGEST:
        errors["until"] = [_("A pause ends within a year. Leave the day empty to end it by hand.")]
    if errors:
        raise Invalid(errors=errors)


def _refuse_moved_on(runs: Sequence[Run], visit_id: int | None) -> None:
    visits: dict[int, list[Visit]] = {run.pk: [] for run in runs}
    for visit in Visit.objects.filter(run__in=runs, left_at=None):
        visits[visit.run_id].append(visit)
    for run in runs:
        here = visits[run.pk]
        if visit_id is not None and visit_id not in {visit.pk for visit in here}:
            raise NotNow
        stages = [definition_of(run.version_id).stage(visit.stage) for visit in here]
        if all(stage.is_end or stage.is_open_ended for stage in stages):
            message = _("“%(title)s” has no deadline at this stage, so there is nothing to pause.")
            raise NotNow(message % {"title": run.proposal.title}, code="at-rest")


def _end(pauses: Sequence[Pause], *, person: User | None, now: datetime) -> None:
    """A pause that was to end by itself ended at that instant, however late this is noticed."""
    if not pauses:
        return
    entries = []
    for pause in pauses:
        by_itself = pause.until is not None and pause.until <= now
        pause.ended_at = pause.until if by_itself else now
        pause.ended_by = None if by_itself else person
        data = {"pause": pause.pk, "seconds": int(_length(pause).total_seconds())}
        entries.append(NewEvent(pause.run_id, "resumed", pause.ended_by_id, data))
    Pause.objects.bulk_update(pauses, ["ended_at", "ended_by"])
    _move_on({pause.run_id: pause for pause in pauses})
    announce(append_events(entries, now=now), now=now)


def _length(pause: Pause) -> timedelta:
    assert pause.ended_at is not None  # noqa: S101 - the caller has just ended it
    return pause.ended_at - pause.began_at


def _move_on(pauses: Mapping[int, Pause]) -> None:
    """What had passed when the pause began stays where it is; a date on which answers were wished is such a thing."""
    rounds = list(
        Round.objects.filter(visit__run__in=pauses, visit__left_at=None, closed_at=None, cancelled_at=None)
        .select_related("visit")
        .order_by("pk")
    )
    for round in rounds:
        pause = pauses[round.visit.run_id]
        round.closes_at += _length(pause)
        if round.answer_by and round.answer_by > pause.began_at:
            round.answer_by += _length(pause)
    Round.objects.bulk_update(rounds, ["closes_at", "answer_by"])
    timers = list(
        Timer.objects.filter(visit__run__in=pauses, visit__left_at=None, fired_at=None, cancelled_at=None)
        .select_related("visit")
        .order_by("pk")
    )
    for timer in timers:
        timer.due_at += _length(pauses[timer.visit.run_id])
    Timer.objects.bulk_update(timers, ["due_at"])
