"""Moving deadlines later, and closing a round before its deadline: a coordinator's acts, with a reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid, NotFound, NotNow, Refusal
from ekip.shared.look import words as instant_words
from engine.definitions.calendars import deadline
from engine.models import Pause, Round, Run, Timer, Visit
from engine.models.definitions import definition_of
from engine.process.plan import CloseRound, Move, Refused, plan
from engine.process.values import Stage
from engine.services.events import NewEvent, append_events
from engine.services.gather import gather
from engine.services.messages import announce
from engine.services.pauses import LONGEST_REASON, locked_runs
from engine.services.transition import refuse_paused, transition
from partners.models import User

FURTHEST = timedelta(days=366)
CLOSED = "round-closed"


@dataclass(frozen=True)
class Extension:
    """One round with its present deadline and the one it gets; with a `refusal` it keeps the present one."""

    round: Round
    before: datetime
    after: datetime
    refusal: Refusal | None = None


def extend_round(*, round_id: int, person: User, closes_at: datetime, reason: str, now: datetime) -> Round:
    """Move the deadline of an open round later; those concerned are told once.

    Raises:
        NotFound, NotAllowed: not this person's to coordinate, or barred by a conflict of interest.
        NotNow: the round has closed (`round-closed`), or its run is paused (`paused`).
        Invalid: no reason, or a deadline that has passed, lies before the present one or too far ahead.
    """
    [extension] = extend_rounds(round_ids=[round_id], person=person, until=closes_at, reason=reason, now=now)
    if extension.refusal:
        raise extension.refusal
    return extension.round


@transaction.atomic
def extend_rounds(
    *,
    round_ids: Collection[int],
    person: User,
    by: timedelta | None = None,
    until: datetime | None = None,
    reason: str,
    now: datetime,
) -> list[Extension]:
    """Move the deadlines of rounds later, `by` a length or `until` an instant, all or none. In the order of ids.

    When one carries a refusal, nothing was moved.

    Raises:
        NotFound, NotAllowed: one is not this person's to coordinate, or a conflict of interest bars them.
        Invalid: no reason.
    """
    rounds = _locked_rounds(round_ids, person)
    refuse_without_reason(reason)
    extensions = _extensions(rounds, by=by, until=until, now=now)
    if any(each.refusal for each in extensions):
        return extensions
    for each in extensions:
        each.round.closes_at, each.round.answer_by = each.after, _answer_by(each)
    Round.objects.bulk_update([each.round for each in extensions], ["closes_at", "answer_by"])
    entries = [
        NewEvent(
            each.round.visit.run_id,
            "deadline-extended",
            person.pk,
            {"round": each.round.pk, "from": each.before.isoformat(), "to": each.after.isoformat()},
            {"reason": reason.strip()},
        )
        for each in extensions
    ]
    announce(append_events(entries, now=now), now=now)
    return extensions


@transaction.atomic
def look_at_extensions(
    *,
    round_ids: Collection[int],
    person: User,
    by: timedelta | None = None,
    until: datetime | None = None,
    now: datetime,
) -> list[Extension]:
    """What `extend_rounds` would do; nothing is written.

    Raises:
        NotFound, NotAllowed: one is not this person's to coordinate, or a conflict of interest bars them.
    """
    return _extensions(_locked_rounds(round_ids, person), by=by, until=until, now=now)


@dataclass(frozen=True)
class Closing:
    """What closing a round now would bring: whether the quorum is met, and the stages that begin then."""

    quorum_met: bool
    enters: tuple[Stage, ...]


def look_at_closing(*, round_id: int, now: datetime) -> Closing:
    """What `close_round_now` would bring; nothing is written and nobody is asked who they are."""
    round = Round.objects.select_related("visit__run__proposal").get(pk=round_id)
    run = round.visit.run
    facts = gather([run], with_missing=False)[run.pk]
    due = tuple(replace(each, closes_at=now) if each.id == round_id else each for each in facts.rounds)
    steps = plan(replace(facts, rounds=due), now=now)
    assert not isinstance(steps, Refused)  # noqa: S101 - only a command is refused
    return Closing(
        quorum_met=any(isinstance(each, CloseRound) and each.quorum_met for each in steps),
        enters=tuple(facts.definition.stage(key) for each in steps if isinstance(each, Move) for key in each.enters),
    )


@transaction.atomic
def close_round_now(*, round_id: int, person: User, reason: str, now: datetime) -> Round:
    """Close an open round before its deadline, with all that its deadline would have brought.

    Raises:
        NotFound, NotAllowed: not this person's to coordinate, or barred by a conflict of interest.
        NotNow: the round has closed already, or its run is paused.
        Invalid: no reason.
        RuntimeError: what follows fails; nothing is stored.
    """
    [round] = _locked_rounds([round_id], person)
    if refusal := _refusal(round, now):
        raise refusal
    if now <= round.opened_at:
        # Clocks of two machines differ; a round is never closed before it was opened.
        raise NotNow(_("The round has only just been opened. Try again in a moment."), code="just-opened")
    refuse_without_reason(reason)
    before, round.closes_at = round.closes_at, now
    round.save(update_fields=["closes_at"])
    data = {"round": round.pk, "from": before.isoformat()}
    entry = NewEvent(round.visit.run_id, "round-closed-early", person.pk, data, {"reason": reason.strip()})
    announce(append_events([entry], now=now), now=now)
    if transition([round.visit.run_id], now=now).set_aside:
        raise RuntimeError(f"run {round.visit.run_id} fails when round {round.pk} closes")
    round.refresh_from_db()
    return round


@transaction.atomic
def extend_visit(*, visit_id: int, person: User, until: datetime, reason: str, now: datetime) -> Visit:
    """Give a stage without an open round more time: `until` is its new deadline, and all its timers move as far.

    One that has fired waits again if it now lies ahead.

    Raises:
        NotFound, NotAllowed: not this person's to coordinate, or barred by a conflict of interest.
        NotNow: the stage has moved on, is paused, has an open round, or has no deadline.
        Invalid: no reason, or a deadline that has passed, lies before the present one or too far ahead.
    """
    run = _run_of(visit_id, person)
    visit = Visit.objects.filter(pk=visit_id, left_at=None).first()
    if visit is None:
        raise NotNow
    refuse_paused(run)
    if visit.rounds.filter(closed_at=None, cancelled_at=None).exists():
        raise NotNow(_("A round is open at this stage. Extend its deadline instead."), code="round-open")
    timers = list(visit.timers.filter(cancelled_at=None).order_by("due_at"))
    if not timers:
        raise NotNow(_("This stage has no deadline."), code="no-deadline")
    refuse_without_reason(reason)
    before = timers[0].due_at
    if message := too_early_or_late(before, until, now):
        raise Invalid(errors={"until": [message]})
    for timer in timers:
        timer.due_at += until - before
        if timer.due_at > now:
            timer.fired_at = None
    Timer.objects.bulk_update(timers, ["due_at", "fired_at"])
    data = {"visit": visit.pk, "stage": visit.stage, "from": before.isoformat(), "to": until.isoformat()}
    entry = NewEvent(run.pk, "deadline-extended", person.pk, data, {"reason": reason.strip()})
    announce(append_events([entry], now=now), now=now)
    return visit


def refuse_without_reason(reason: str) -> None:
    """Raise Invalid when no reason was given, or one that is too long."""
    if not reason.strip():
        raise Invalid(errors={"reason": [_("Write a reason; the people concerned will read it.")]})
    if len(reason) > LONGEST_REASON:
        raise Invalid(errors={"reason": [_("This is longer than %(n)d characters.") % {"n": LONGEST_REASON}]})


def too_early_or_late(before: datetime, after: datetime, now: datetime) -> str:
    """Why a deadline cannot move from `before` to `after`; empty when it can."""
    if after <= now:
        return _("The new deadline has to lie in the future.")
    if after <= before:
        return _("The new deadline has to lie after the present one, %(at)s.") % {"at": instant_words(before)}
    if after > now + FURTHEST:
        return _("The new deadline has to lie within a year from now.")
    return ""


def _locked_rounds(round_ids: Collection[int], person: User) -> list[Round]:
    """The rounds, read after the locks of their runs; NotFound when one is not there."""
    runs = dict(Round.objects.filter(pk__in=round_ids).values_list("pk", "visit__run"))
    if not runs or set(runs) != set(round_ids):
        raise NotFound
    locked_runs(set(runs.values()), person)
    return list(Round.objects.filter(pk__in=runs).select_related("visit__run", "revision__proposal").order_by("pk"))


def _run_of(visit_id: int, person: User) -> Run:
    run_id = Visit.objects.filter(pk=visit_id).values_list("run", flat=True).first()
    if run_id is None:
        raise NotFound
    return locked_runs([run_id], person)[0]


def _extensions(rounds: list[Round], *, by: timedelta | None, until: datetime | None, now: datetime) -> list[Extension]:
    paused = _paused({each.visit.run_id for each in rounds})
    lapses = _lapses(rounds)
    extensions = []
    for round in rounds:
        after = until if until is not None else round.closes_at + (by or timedelta())
        refusal = _refusal(round, now, paused) or _unfit(round, after, lapses.get(round.visit_id), now)
        extensions.append(Extension(round, round.closes_at, after, refusal))
    return extensions


def _refusal(round: Round, now: datetime, paused: Collection[int] | None = None) -> NotNow | None:
    run_id = round.visit.run_id
    if run_id in (_paused([run_id]) if paused is None else paused):
        return NotNow(_("This proposal is paused. Resume it first."), code="paused")
    if round.closed_at or round.cancelled_at or now >= round.closes_at:
        return NotNow(_("The round has closed."), code=CLOSED)
    return None


def _unfit(round: Round, after: datetime, lapses_at: datetime | None, now: datetime) -> Invalid | None:
    message = too_early_or_late(round.closes_at, after, now)
    if not message and lapses_at and after >= lapses_at:
        message = _("The time for this stage runs out on %(at)s; the round has to close before.") % {
            "at": instant_words(lapses_at)
        }
    return Invalid(errors={"closes_at": [message]}) if message else None


def _lapses(rounds: Collection[Round]) -> Mapping[int, datetime]:
    """When the first waiting timer that takes a way is due, by visit id. One query."""
    visits = {each.visit_id: each.visit for each in rounds}
    found: dict[int, datetime] = {}
    for timer in Timer.objects.filter(visit__in=visits, fired_at=None, cancelled_at=None).order_by("-due_at"):
        visit = visits[timer.visit_id]
        if definition_of(visit.run.version_id).stage(visit.stage).way_of_timer(timer.key):
            found[timer.visit_id] = timer.due_at
    return found


def _paused(run_ids: Collection[int]) -> frozenset[int]:
    rows = Pause.objects.filter(run__in=run_ids, ended_at=None)
    return frozenset(rows.values_list("run_id", flat=True))


def _answer_by(extension: Extension) -> datetime | None:
    """The date on which answers to the invitation are wished counts from the invitation, so it stays.

    Only where the round was too short for it does it move, to what the process gives.
    """
    round = extension.round
    if round.answer_by is None or round.answer_by < extension.before:
        return round.answer_by
    definition = definition_of(round.visit.run.version_id)
    form = definition.stage(round.visit.stage).round
    if form is None or form.response is None:
        return round.answer_by
    wished = deadline(form.response, start=round.opened_at, zone=UTC, calendars=definition.calendars)
    return min(max(wished, round.answer_by), extension.after)
