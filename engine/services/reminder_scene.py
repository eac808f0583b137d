"""What is known of the things that reminders are about, at the moment at which they are to be sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.models import Assignment, Reminder, Round, Visit
from engine.process.quorum import Lacking
from engine.process.reminders import (
    ABSENT,
    BY_HAND,
    Owed,
    RoundWatch,
    VisitWatch,
    senseless,
    senseless_of_visit,
)
from engine.selectors.panels import lacking
from engine.selectors.watches import visit_watches, watches
from engine.services.circles import Circles, circles_of
from engine.services.ladders import Away, people_of, stage_of


@dataclass(frozen=True)
class Scene:
    """Rounds, visits and assignments by their id, and the people around them; `asked` is by round and reviewer."""

    rounds: Mapping[int, Round]
    round_watches: Mapping[int, RoundWatch]
    visits: Mapping[int, Visit]
    visit_watches: Mapping[int, VisitWatch]
    assignments: Mapping[int, Assignment]
    asked: Mapping[tuple[int, int], Assignment]
    lacks: Mapping[int, Lacking]
    circles: Circles

    def round_of(self, row: Reminder) -> Round | None:
        """The round that a reminder is about, itself or one of its assignments; None for a stay in a stage."""
        kind, pk = subject(row)
        match kind:
            case "round":
                return self.rounds.get(pk)
            case "assignment":
                return self.rounds[self.assignments[pk].round_id] if pk in self.assignments else None
            case _:
                return None

    def watch_of(self, round: Round) -> RoundWatch:
        """The watch of a round, whose reviewers no conflict bars."""
        watch = self.round_watches[round.pk]
        return replace(watch, waited_for=self.circles.unbarred(round.visit.run, watch.waited_for))

    def line(self, row: Reminder) -> Owed:
        """The reminder as the rules see it."""
        return Owed(row.rule, row.about, row.recipient_id, row.due_at)

    def named(self, row: Reminder) -> tuple[str, ...]:
        """Whom the rule of the reminder names."""
        if row.rule == ABSENT:
            return ("coordinators",)
        if round := self.round_of(row):
            rung = self.round_watches[round.pk].rung(row.rule)
            return rung.to if rung else ("reviewers",)
        watch = self.visit_watches.get(subject(row)[1])
        if watch is None or row.rule == BY_HAND:
            return watch.awaits if watch else ()
        return next((names for key, (_at, names) in watch.timers.items() if watch.rule(key) == row.rule), ())

    def until(self, row: Reminder) -> datetime | None:
        """When the reminder would come too late; None when it never does."""
        round = self.round_of(row)
        if round is None:
            return None
        watch = self.round_watches[round.pk]
        rung = watch.rung(row.rule)
        return watch.deadline if rung is None or rung.before is not None else None

    def away(self, row: Reminder) -> list[Away]:
        """The reviewer whom it would remind, where they are absent."""
        round = self.round_of(row)
        is_reviewer = round is not None and row.recipient_id in self.round_watches[round.pk].waited_for
        if round is None or row.rule in (ABSENT, BY_HAND) or not is_reviewer:
            return []
        return [Away(round, row.recipient_id, row.due_at)] if self.circles.is_away(row.recipient_id) else []

    def senseless(self, row: Reminder) -> str:
        """Why the reminder makes no sense any more; empty when it does."""
        proposal = row.run.proposal
        if not row.recipient.is_active:
            return "inactive"
        if proposal.deleted_at or proposal.archived_at:
            return "deleted" if proposal.deleted_at else "archived"
        is_author = "authors" in self.named(row) and row.recipient_id in self.circles.concerned[row.run_id].authors
        if not is_author and (proposal.pk, row.recipient_id) in self.circles.barred:
            return "conflict"
        if round := self.round_of(row):
            watch, circle = self.watch_of(round), self.circles.at(round.visit.run, stage_of(round.visit))
            if row.rule != ABSENT:
                return senseless(watch, self.line(row), circle, now=self.circles.now)
            return self._absence_senseless(row, watch, row.recipient_id in circle.may_be(["coordinators"]))
        visit = self.visits.get(subject(row)[1])
        if visit is None:
            return "left"
        circle = self.circles.at(visit.run, stage_of(visit))
        return senseless_of_visit(self.visit_watches[visit.pk], self.line(row), circle)

    def _absence_senseless(self, row: Reminder, watch: RoundWatch, coordinates: bool) -> str:
        reviewer = self.assignments[subject(row)[1]].reviewer_id
        if watch.over or watch.closed_at or self.circles.now >= watch.deadline:
            return watch.over or "closed"
        if reviewer not in watch.waited_for:
            return watch.done.get(reviewer, "conflict")
        if not coordinates:
            return "no-role"
        return "" if self.circles.is_away(reviewer) else "back"


def subject(row: Reminder) -> tuple[str, int]:
    """The kind and the id of the thing that a reminder is about."""
    kind, _colon, pk = row.about.partition(":")
    return kind, int(pk)


def scene_of(rows: Sequence[Reminder], *, now: datetime) -> Scene:
    """What is known about reminders, whose recipients and runs are loaded. Constant number of queries."""
    wanted: dict[str, set[int]] = {"round": set(), "visit": set(), "assignment": set()}
    for row in rows:
        kind, pk = subject(row)
        wanted[kind].add(pk)
    about = list(Assignment.objects.filter(pk__in=wanted["assignment"]).select_related("reviewer"))
    rounds = _rounds(wanted["round"] | {each.round_id for each in about})
    seen = watches(rounds.values())
    visits = {
        each.pk: each for each in Visit.objects.filter(pk__in=wanted["visit"]).select_related("run__proposal__area")
    }
    stays = visit_watches(visits.values())
    runs, further = people_of(
        [
            *((row.run, (row.recipient_id,)) for row in rows),
            *((each.visit.run, seen[each.pk].waited_for) for each in rounds.values()),
            *((each.run, stays[each.pk].waited_for) for each in visits.values()),
        ]
    )
    asked = Assignment.objects.filter(round__in=rounds).select_related("reviewer")
    return Scene(
        rounds=rounds,
        round_watches=seen,
        visits=visits,
        visit_watches=stays,
        assignments={each.pk: each for each in about},
        asked={(each.round_id, each.reviewer_id): each for each in asked},
        lacks=lacking(list(rounds.values())),
        circles=circles_of(runs, further, now=now),
    )


def _rounds(ids: Collection[int]) -> dict[int, Round]:
    rows = Round.objects.filter(pk__in=ids).select_related("visit__run__proposal__area")
    return {each.pk: each for each in rows}
