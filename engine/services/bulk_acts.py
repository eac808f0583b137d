"""What can be done to many proposals at once: reminding, moving deadlines, asking people. See `bulk`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid
from ekip.shared.look import words as instant_words
from engine.models import Pause, Reminder, Round, Run, Timer, Visit
from engine.models.definitions import definition_of
from engine.process.reminders import BY_HAND
from engine.services import deadlines, inviting
from engine.services.bulk import Line, Planned
from engine.services.by_hand import ByHand, Reached, by_hand
from engine.services.reminders import remind_now
from partners.models import User


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


@dataclass(frozen=True)
class Remind:
    """Everybody whom the proposals wait for gets a reminder."""

    def look(self, runs: Sequence[Run], person: User, *, now: datetime) -> dict[int, Planned]:
        """Who is reminded of what, and when, as quiet hours and days off allow."""
        found = by_hand(person=person, run_ids=[run.pk for run in runs], now=now)
        places, last = _places_of(found), _last_by_hand(found)
        lines: dict[int, list[Line]] = {run.pk: [] for run in runs}
        for each in found:
            lines[each.run.pk] += _reminders(each, places.get(each.about, ""), last.get(each.about), now=now)
        none = _("Nobody is waited for here.")
        return {run.pk: _gathered(run, lines[run.pk]) if lines[run.pk] else Planned(run, wont=(none,)) for run in runs}

    def do(self, planned: Sequence[Planned], person: User, *, now: datetime) -> None:
        """All of them in one go."""
        if planned:
            remind_now(person=person, run_ids=[each.run.pk for each in planned], now=now)


def _places_of(found: Sequence[ByHand]) -> dict[str, str]:
    """The stage of what reminders are about, by its name. Two queries."""
    keys: dict[str, list[int]] = {"round": [], "visit": []}
    for each in found:
        kind, _colon, pk = each.about.partition(":")
        keys[kind].append(int(pk))
    rounds = Round.objects.filter(pk__in=keys["round"]).select_related("visit__run")
    visits = Visit.objects.filter(pk__in=keys["visit"]).select_related("run")
    return {
        **{f"round:{each.pk}": _stage_label(each.visit) for each in rounds},
        **{f"visit:{each.pk}": _stage_label(each) for each in visits},
    }


def _last_by_hand(found: Sequence[ByHand]) -> dict[str, datetime]:
    """When somebody was last reminded by hand, by what it was about. One query."""
    rows = Reminder.objects.filter(rule=BY_HAND, about__in=[each.about for each in found])
    return dict(rows.order_by("due_at").values_list("about", "due_at"))


def _reminders(found: ByHand, place: str, last: datetime | None, *, now: datetime) -> list[Line]:
    kind, _colon, pk = found.about.partition(":")
    target = (kind, int(pk))
    if found.refusal:
        return [("", f"{place}: {found.refusal}", target)]
    names = "; ".join(_when_reached(each, now=now) for each in found.reached)
    line = _("%(stage)s: a reminder goes to %(names)s.") % {"stage": place, "names": names}
    if last:
        line += " " + _("The last one by hand was of %(at)s.") % {"at": instant_words(last)}
    late = _("cannot be reached before the round closes")
    return [
        (line, "", target),
        *(("", f"{each.person.name} {late}.", target) for each in found.people if each.too_late),
    ]


def _when_reached(each: Reached, *, now: datetime) -> str:
    """Quiet hours, days off and absences hold a reminder back."""
    if each.at <= now:
        return each.person.name
    return _("%(name)s on %(at)s") % {"name": each.person.name, "at": instant_words(each.at)}


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
