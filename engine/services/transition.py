"""The one writer of where runs stand. A page, a bulk action, a timer, a command and the admin all come through here."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ekip.shared.errors import Invalid, NotNow
from engine.models import Pause, Run, Visit
from engine.process.facts import Facts
from engine.process.plan import Command, Refused, Step, plan
from engine.services.events import NewEvent, append_events
from engine.services.gather import claim, gather
from engine.services.record import Planned, record
from partners.models import User

logger = logging.getLogger(__name__)

MOST_NAMED = 50  # runs in one line of the log
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))

REFUSALS = {
    "stage-moved": _("This has moved on since you opened the page."),
    "paused": _("This proposal is paused: its deadlines stand still, and it goes on when a coordinator resumes it."),
    "no-such-transition": _("This step is not possible from here."),
    "too-often": _("This way back has been taken as often as the process allows."),
    "incomplete": _("The proposal is not complete yet. The list of what is missing says what to do."),
    "points-unanswered": _("Some points of the reviewers still wait for an answer."),
    "not-evidenced": _("Fewer pieces of evidence are attached than the process asks for."),
    "area-not-supported": _("Fewer sources support the policy area than the process asks for."),
    "not-briefed": _("The research briefing of the policy area has not been published."),
    "round-open": _("The review round is still open."),
    "quorum-not-met": _("Too few reviews were handed in."),
    "unchanged": _("The text is the same as in the published edition. Correct it first."),
}


@dataclass(frozen=True)
class Ask:
    """A person asks to move the one run out of the visit that their page showed; who may ask was settled before.

    `successor_id` names the edition that takes the place of one that is superseded or withdrawn.
    """

    person: User
    visit_id: int
    transition: str
    by: str
    reason: str = ""
    successor_id: int | None = None


@dataclass(frozen=True)
class Outcome:
    """How many runs were looked at, how many steps were taken, which runs were set aside, in which nothing followed."""

    runs: int = 0
    steps: int = 0
    set_aside: tuple[int, ...] = ()
    resting: tuple[int, ...] = ()


def transition(run_ids: Collection[int], *, now: datetime, ask: Ask | None = None) -> Outcome:
    """Decide and write what follows for each run, in one transaction.

    Without `ask` it is the system that acts: runs held by others are passed over, a run that raises is set aside with
    its error and the rest pass.

    Raises:
        NotNow: the visit that `ask` names is no longer open, or a gate is closed.
        Invalid: a reason is asked for and none was given.
    """
    with transaction.atomic():
        runs = claim(run_ids, wait=ask is not None)
        return take_forward(runs, now=now) if ask is None else _obey(ask, runs, now=now)


def take_forward(runs: Sequence[Run], *, now: datetime) -> Outcome:
    """Let the system act in these runs, which the caller's transaction has claimed; one that raises is set aside."""
    if not runs:
        return Outcome()
    facts, failed = _what_is_known(runs)
    planned, resting = [], []
    for run in runs:
        if run.pk not in facts:
            continue
        try:
            steps = _steps(facts[run.pk], now=now)
        except Exception as error:
            failed.append((run, error))
            continue
        if steps:
            planned.append(Planned(run, facts[run.pk], steps))
        else:
            resting.append(run)
    failed += _record_those_that_pass(planned, now=now)
    _set_aside(failed, now=now)
    out_of_order = {run.pk for run, _error in failed}
    moved = [each.run for each in planned if each.run.pk not in out_of_order]
    if moved:
        some = [run.pk for run in moved[:MOST_NAMED]]
        logger.info("time took %d runs forward", len(moved), extra={"runs": some})
    passed = [*moved, *resting]
    _take_back([run for run in passed if run.set_aside_at])
    return Outcome(
        runs=len(runs),
        steps=sum(len(each.steps) for each in planned if each.run.pk not in out_of_order),
        set_aside=tuple(run.pk for run, _error in failed),
        resting=tuple(run.pk for run in resting),
    )


def _obey(ask: Ask, runs: Sequence[Run], *, now: datetime) -> Outcome:
    facts = gather(runs, with_missing=True)
    command = _command(ask)
    planned = [Planned(run, facts[run.pk], _steps(facts[run.pk], now=now, command=command)) for run in runs]
    record(planned, person=ask.person, successor_id=ask.successor_id, now=now)
    for each in planned:
        logger.info("run %s: %s", each.run.pk, ask.transition, extra={"run": each.run.pk})
    return Outcome(len(runs), sum(len(each.steps) for each in planned))


def _steps(facts: Facts, *, now: datetime, command: Command | None = None) -> tuple[Step, ...]:
    steps = plan(facts, now=now, command=command)
    if isinstance(steps, Refused):
        raise _refusal(steps)
    return steps


def _what_is_known(runs: Sequence[Run]) -> tuple[dict[int, Facts], list[tuple[Run, Exception]]]:
    """The facts of all at once; when a row cannot be read, one by one, and with the errors of those that failed."""
    try:
        with transaction.atomic():
            return gather(runs, with_missing=False), []
    except Exception:
        logger.exception("the facts of %d runs are gathered one by one", len(runs))
    facts: dict[int, Facts] = {}
    failed: list[tuple[Run, Exception]] = []
    for run in runs:
        try:
            with transaction.atomic():
                facts |= gather([run], with_missing=False)
        except Exception as error:
            failed.append((run, error))
    return facts, failed


def refuse_paused(run: Run) -> None:
    """Raise NotNow (`paused`) for what would begin or end something in a run that is paused."""
    if Pause.objects.filter(run=run, ended_at=None).exists():
        raise _refusal(Refused("paused"))


def _command(ask: Ask) -> Command:
    visit = Visit.objects.filter(pk=ask.visit_id, left_at=None).first()
    if visit is None:
        raise _refusal(Refused("stage-moved"))
    return Command(visit.stage, ask.transition, ask.by, ask.reason)


def _refusal(refused: Refused) -> NotNow | Invalid:
    if refused.code == "reason-required":
        message = str(_("Write a reason; the people concerned will read it."))
        return Invalid(message, code=refused.code, errors={"reason": [message]})
    return NotNow(REFUSALS[refused.code], code=refused.code)


def _record_those_that_pass(planned: list[Planned], *, now: datetime) -> list[tuple[Run, Exception]]:
    """All at once; when that raises, one by one, so that a bad run does not hold up the others."""
    try:
        with transaction.atomic():
            record(planned, person=None, now=now)
        return []
    except Exception:
        logger.exception("a batch of %d runs is taken one by one", len(planned))
    failed = []
    for each in planned:
        try:
            with transaction.atomic():
                record([each], person=None, now=now)
        except Exception as error:
            failed.append((each.run, error))
    return failed


def _set_aside(failed: list[tuple[Run, Exception]], *, now: datetime) -> None:
    if not failed:
        return
    for run, error in failed:
        logger.error("run %s is set aside: %r", run.pk, error, extra={"run": run.pk})
        run.set_aside_error = f"{type(error).__name__}: {error}"[:2000]
        run.attempts += 1
        run.set_aside_at = now
        run.retry_at = now + RETRY_AFTER[min(run.attempts, len(RETRY_AFTER)) - 1]
        run.save(update_fields=["set_aside_at", "retry_at", "set_aside_error", "attempts"])
    append_events(
        [
            NewEvent(run.pk, "set-aside", None, {"attempt": run.attempts}, {"error": run.set_aside_error})
            for run, _e in failed
        ],
        now=now,
    )


def _take_back(runs: list[Run]) -> None:
    if runs:
        ids = [run.pk for run in runs]
        Run.objects.filter(pk__in=ids).update(set_aside_at=None, retry_at=None, set_aside_error="", attempts=0)
