"""Reminders that a coordinator sends by hand: whom each would reach, and when. Nothing is written here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ekip.shared.verdicts import Denied
from engine.models import Pause, Round, Run, Visit
from engine.permissions import HIDDEN, may_schedule_each
from engine.selectors.watches import visit_watches, watches
from engine.services.circles import Circles, circles_of
from engine.services.ladders import people_of, stage_of
from partners.models import User

NOBODY = _("Nobody is waited for here.")
CLOSED = _("The round has closed.")
PAUSED = _("It is paused; nobody is reminded until it goes on.")
NOT_REACHED = _("Those who are waited for cannot be reached before the round closes.")


@dataclass(frozen=True)
class Reached:
    """Somebody who is reminded, and from when on they can be reached; `too_late` when that is after the deadline."""

    person: User
    at: datetime
    too_late: bool = False


@dataclass(frozen=True)
class ByHand:
    """One thing that waits for people: a round, or a stay in a stage. `refusal` says why nobody is reminded of it."""

    run: Run
    about: str
    people: tuple[Reached, ...] = ()
    refusal: str | Promise = ""

    @property
    def reached(self) -> tuple[Reached, ...]:
        """Those who are reminded."""
        return () if self.refusal else tuple(each for each in self.people if not each.too_late)


@dataclass(frozen=True)
class _Thing:
    run: Run
    about: str
    people: frozenset[int]
    until: datetime | None = None
    has_closed: bool = False


def by_hand(
    *, person: User, round_ids: Collection[int] = (), run_ids: Collection[int] = (), now: datetime
) -> list[ByHand]:
    """Whom reminders by hand would reach, about rounds, and about whatever runs wait for. Constant number of queries.

    What is not there, and what the person may not know of, is left out alike.
    """
    visits = list(
        Visit.objects.filter(run__in=run_ids, left_at=None, run__proposal__deleted_at=None)
        .select_related("run__proposal__area")
        .order_by("run", "number")
    )
    rounds = _rounds(round_ids, visits)
    seen, stays = watches(rounds), visit_watches(visits)
    runs, further = people_of(
        [
            *((each.visit.run, seen[each.pk].waited_for) for each in rounds),
            *((each.run, stays[each.pk].waited_for) for each in visits),
        ]
    )
    circles = circles_of(runs, further, now=now)
    things = []
    for each in rounds:
        watch = seen[each.pk]
        is_over = bool(watch.over or watch.closed_at) or now >= watch.deadline
        people = circles.unbarred(each.visit.run, watch.waited_for)
        things.append(_Thing(each.visit.run, watch.about, people, watch.deadline, is_over))
    with_round = {each.visit_id for each in rounds if each.closed_at is None and each.cancelled_at is None}
    for visit in visits:
        if visit.pk not in with_round:
            people = circles.at(visit.run, stage_of(visit)).of(stays[visit.pk].awaits)
            things.append(_Thing(visit.run, stays[visit.pk].about, people))
    return _lines(things, circles, person)


def _rounds(ids: Collection[int], visits: Collection[Visit]) -> list[Round]:
    rows = Round.objects.filter(visit__run__proposal__deleted_at=None).select_related("visit__run__proposal__area")
    named = list(rows.filter(pk__in=ids).order_by("pk"))
    opened = rows.filter(visit__in=visits, closed_at=None, cancelled_at=None).exclude(pk__in=ids)
    return [*named, *opened.order_by("pk")]


def _lines(things: Collection[_Thing], circles: Circles, person: User) -> list[ByHand]:
    runs = {each.run.pk: each.run for each in things}
    verdicts = may_schedule_each(person, [run.proposal for run in runs.values()])
    paused = set(Pause.objects.filter(run__in=runs, ended_at=None).values_list("run_id", flat=True))
    people = User.objects.in_bulk({pk for each in things for pk in each.people})
    found = []
    for each in things:
        verdict = verdicts[each.run.proposal_id]
        if verdict is HIDDEN:
            continue
        reached = tuple(
            Reached(people[pk], at, each.until is not None and at >= each.until)
            for pk in sorted(each.people - {person.pk}, key=lambda pk: people[pk].sort_key)
            if (at := circles.hours[pk].reachable(circles.now))
        )
        refusal: str | Promise = ""
        if isinstance(verdict, Denied):
            refusal, reached = verdict.reason, ()
        elif each.run.pk in paused:
            refusal = PAUSED
        elif each.has_closed:
            refusal = CLOSED
        elif not reached:
            refusal = NOBODY
        elif all(one.too_late for one in reached):
            refusal = NOT_REACHED
        found.append(ByHand(each.run, each.about, reached, refusal))
    return found
