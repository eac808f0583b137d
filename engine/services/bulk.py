"""What a coordinator does to many proposals at once: looked at first, then done exactly as it was shown.

Each act says for every run what will happen, or why nothing does. The stamp of a row is made of these words: when it
is confirmed, the words are made anew after the locks, and a row whose words have changed is left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid
from ekip.shared.look import words as instant_words
from ekip.shared.verdicts import Denied
from engine.models import Pause, Round, Run, Timer, Visit
from engine.models.definitions import definition_of
from engine.permissions import HIDDEN, may_schedule_each
from engine.services import deadlines, inviting
from engine.services.gather import claim
from partners.models import User
from recommendations.drafting.selectors import readable_proposals

MOST = 100


Line = tuple[str, str, tuple[str, int]]
"""What will happen, or (then the first is empty) why it will not, and to what."""


@dataclass(frozen=True)
class Planned:
    """One run: what will happen to it, in lines, and what will not and why. `targets` are what the act works on."""

    run: Run
    will: tuple[str, ...] = ()
    wont: tuple[str, ...] = ()
    targets: tuple[tuple[str, int], ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether anything happens to it."""
        return bool(self.will)

    @property
    def stamp(self) -> str:
        """Made of the words: other words, another stamp."""
        return sha256("\n".join([str(self.run.pk), *self.will, "", *self.wont]).encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Result:
    """What became of one run: "done", "nothing" (as the preview said) or "changed" since the preview."""

    run: Run
    state: str
    lines: tuple[str, ...]


class Act(Protocol):
    """Something that can be done to many runs."""

    def look(self, runs: Sequence[Run], person: User, *, now: datetime) -> dict[int, Planned]:
        """What would happen, by run id; every one of them may be coordinated by the person."""
        ...

    def do(self, planned: Sequence[Planned], person: User, *, now: datetime) -> None:
        """Do it to these, in the present transaction, which holds the locks of their runs."""
        ...


@transaction.atomic
def look_at(act: Act, *, run_ids: Collection[int], person: User, now: datetime) -> list[Planned]:
    """What the act would do to each run, by title. Runs that the person may not know of are left out."""
    return _planned(act, _reachable(run_ids, person), person, now=now)


@transaction.atomic
def carry_out(
    act: Act, *, run_ids: Collection[int], stamps: Mapping[int, str], person: User, now: datetime
) -> list[Result]:
    """Do what the preview showed, and only that, all in one; a row that has changed since is left as it is.

    Raises:
        Invalid: something that the person entered.
    """
    claim(run_ids, wait=True)
    planned = _planned(act, _reachable(run_ids, person), person, now=now)
    as_shown = [each for each in planned if stamps.get(each.run.pk) == each.stamp]
    act.do([each for each in as_shown if each.is_possible], person, now=now)
    return [_result(each, is_as_shown=each in as_shown) for each in planned]


def _reachable(run_ids: Collection[int], person: User) -> list[Run]:
    if len(set(run_ids)) > MOST:
        raise Invalid(_("Choose at most %(n)d proposals at once.") % {"n": MOST})
    runs = Run.objects.filter(pk__in=run_ids, proposal__in=readable_proposals(person))
    return list(runs.select_related("proposal__area").order_by("proposal__title", "pk"))


def _planned(act: Act, runs: list[Run], person: User, *, now: datetime) -> list[Planned]:
    verdicts = may_schedule_each(person, [run.proposal for run in runs])
    allowed = [run for run in runs if verdicts[run.proposal_id]]
    found = act.look(allowed, person, now=now) if allowed else {}
    planned = []
    for run in runs:
        verdict = verdicts[run.proposal_id]
        if verdict is HIDDEN:
            planned.append(Planned(run, wont=(_("Only who coordinates this policy area can do this."),)))
        elif isinstance(verdict, Denied):
            planned.append(Planned(run, wont=(str(verdict.reason),)))
        else:
            planned.append(found[run.pk])
    return planned


def _result(planned: Planned, *, is_as_shown: bool) -> Result:
    if not is_as_shown:
        return Result(planned.run, "changed", (*planned.will, *planned.wont))
    if planned.is_possible:
        return Result(planned.run, "done", planned.will)
    return Result(planned.run, "nothing", planned.wont)


@dataclass(frozen=True)
class Extend:
    """Deadlines move later, by a length or until an instant: those of open rounds, and of stages without a round."""

    reason: str
    by: timedelta | None = None
    until: datetime | None = None
    what: str = "all"

    def look(self, runs: Sequence[Run], person: User, *, now: datetime) -> dict[int, Planned]:
        """The old and the new date of each, or why it stays."""
        lines: dict[int, list[Line]] = {run.pk: [] for run in runs}
        rounds = _open_rounds(runs, self.what)
        if rounds:
            ids = [each.pk for each in rounds]
            for each in deadlines.look_at_extensions(
                round_ids=ids, person=person, by=self.by, until=self.until, now=now
            ):
                place = _stage_label(each.round.visit)
                target = ("round", each.round.pk)
                lines[each.round.visit.run_id].append(_dates(place, each.before, each.after, each.refusal, target))
        if self.what in ("all", "stages"):
            for visit, due_at in _dated_visits(runs).items():
                after = self.until or due_at + (self.by or timedelta())
                refusal = deadlines.too_early_or_late(due_at, after, now)
                target = ("visit", visit.pk)
                lines[visit.run_id].append(_dates(_stage_label(visit), due_at, after, refusal, target))
        paused = set(Pause.objects.filter(run__in=runs, ended_at=None).values_list("run_id", flat=True))
        found = {}
        for run in runs:
            if run.pk in paused:
                found[run.pk] = Planned(run, wont=(_("This proposal is paused. Resume it first."),))
            elif lines[run.pk]:
                found[run.pk] = _gathered(run, lines[run.pk])
            else:
                found[run.pk] = Planned(run, wont=(_("It has no such deadline now."),))
        return found

    def do(self, planned: Sequence[Planned], person: User, *, now: datetime) -> None:
        """Rounds in one go, stages one by one."""
        rounds = [pk for each in planned for kind, pk in each.targets if kind == "round"]
        if rounds:
            deadlines.extend_rounds(
                round_ids=rounds, person=person, by=self.by, until=self.until, reason=self.reason, now=now
            )
        visits = [pk for each in planned for kind, pk in each.targets if kind == "visit"]
        dues = _first_dues(visits)
        for pk in visits:
            until = self.until or dues[pk] + (self.by or timedelta())
            deadlines.extend_visit(visit_id=pk, person=person, until=until, reason=self.reason, now=now)


@dataclass(frozen=True)
class Invite:
    """The same people are asked into the open rounds of one kind."""

    person_ids: tuple[int, ...]
    kind: str = "review"

    def look(self, runs: Sequence[Run], person: User, *, now: datetime) -> dict[int, Planned]:
        """Who is invited where, and who is not and why."""
        rounds = _open_rounds(runs, self.kind)
        lines: dict[int, list[Line]] = {run.pk: [] for run in runs}
        if rounds:
            for asking in inviting.look_at_invitations(
                round_ids=[each.pk for each in rounds], person_ids=self.person_ids, person=person, now=now
            ):
                lines[asking.round.visit.run_id] += _invitations(asking)
        none = _("It has no open round of this kind.")
        return {run.pk: _gathered(run, lines[run.pk]) if lines[run.pk] else Planned(run, wont=(none,)) for run in runs}

    def do(self, planned: Sequence[Planned], person: User, *, now: datetime) -> None:
        """All of them in one go."""
        rounds = [pk for each in planned for _kind, pk in each.targets]
        if rounds:
            inviting.invite_each(round_ids=rounds, person_ids=self.person_ids, person=person, now=now)


def _open_rounds(runs: Sequence[Run], what: str) -> list[Round]:
    rows = Round.objects.filter(visit__run__in=runs, closed_at=None, cancelled_at=None, visit__left_at=None)
    if what != "all":
        rows = rows.filter(kind=what)
    return list(rows.select_related("visit__run").order_by("pk"))


def _dated_visits(runs: Sequence[Run]) -> dict[Visit, datetime]:
    """Open visits that have a deadline and no open round, with the first of their dates. Two queries."""
    visits = Visit.objects.filter(run__in=runs, left_at=None).exclude(
        rounds__in=Round.objects.filter(closed_at=None, cancelled_at=None)
    )
    by_pk = {visit.pk: visit for visit in visits.select_related("run").order_by("run", "number")}
    dues = _first_dues(by_pk)
    return {visit: dues[pk] for pk, visit in by_pk.items() if pk in dues}


def _first_dues(visits: Collection[int]) -> dict[int, datetime]:
    rows = Timer.objects.filter(visit__in=visits, cancelled_at=None).order_by("-due_at")
    return dict(rows.values_list("visit_id", "due_at"))


def _stage_label(visit: Visit) -> str:
    return definition_of(visit.run.version_id).stage(visit.stage).label


def _dates(place: str, before: datetime, after: datetime, refusal: object, target: tuple[str, int]) -> Line:
    if refusal:
        return "", f"{place}: {_first_words(refusal)}", target
    words = {"place": place, "before": instant_words(before), "after": instant_words(after)}
    return _("%(place)s: from %(before)s to %(after)s") % words, "", target


def _first_words(refusal: object) -> str:
    if isinstance(refusal, Invalid) and refusal.errors:
        return next(iter(refusal.errors.values()))[0]
    return str(refusal)


def _gathered(run: Run, lines: Sequence[Line]) -> Planned:
    return Planned(
        run,
        tuple(will for will, _wont, _target in lines if will),
        tuple(wont for _will, wont, _target in lines if wont),
        tuple(target for will, _wont, target in lines if will),
    )


def _invitations(asking: inviting.Asking) -> list[Line]:
    target = ("round", asking.round.pk)
    wont = [f"{who.name}: {why}." for who, why in asking.left_out]
    if asking.refusal:
        wont.append(str(asking.refusal))
    lines: list[Line] = [("", words, target) for words in wont]
    if asking.invited:
        words = {"names": ", ".join(each.name for each in asking.invited), "stage": _stage_label(asking.round.visit)}
        lines.append((_("%(stage)s: an invitation goes to %(names)s") % words, "", target))
    return lines
