"""Which reminders are owed, to whom, and whether one still makes sense. Every rung of a ladder stands for itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from engine.process.values import Rung

# A round that should have closed and has not (its run is set aside, say) is asked again after this.
ASKED_AGAIN = timedelta(minutes=5)
BY_HAND = "by-hand"
ABSENT = "absent"


@dataclass(frozen=True)
class Circle:
    """Those who are concerned, by the names of `engine.process.values.RECIPIENTS`; `absent` are away today."""

    by_name: Mapping[str, frozenset[int]]
    absent: frozenset[int] = frozenset()

    def of(self, names: Iterable[str]) -> frozenset[int]:
        """Those whom a rung names. Deputies stand in where every coordinator whom it names is away."""
        names = tuple(names)
        found = frozenset(person for name in names for person in self.by_name.get(name, ()))
        return found | self.stand_ins(names)

    def stand_ins(self, names: Iterable[str]) -> frozenset[int]:
        """Those who are reminded only because no coordinator is in."""
        names = tuple(names)
        coordinators = self.by_name.get("coordinators", frozenset())
        if "coordinators" not in names or "deputies" in names or coordinators - self.absent:
            return frozenset()
        return self.by_name.get("deputies", frozenset()) - coordinators

    def may_be(self, names: Iterable[str]) -> frozenset[int]:
        """Those whom a rung may have named, whoever was away when it fell due."""
        return replace(self, absent=self.by_name.get("coordinators", frozenset())).of(tuple(names))


@dataclass(frozen=True)
class RoundWatch:
    """A round as its reminders see it.

    `moved_at` is when its deadline was last set after the opening, `over` why nobody waits for it any more
    ("cancelled", "left"), `settled` why a round that closed needs nobody ("quorum", "reopened"). `waited_for` are those
    who have yet to hand in; `done` says of the others why not: "handed-in", "declined", "removed".
    """

    id: int
    key: str
    rungs: tuple[Rung, ...]
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None
    moved_at: datetime | None = None
    over: str = ""
    settled: str = ""
    waited_for: frozenset[int] = frozenset()
    done: Mapping[int, str] = field(default_factory=dict)

    @property
    def about(self) -> str:
        """What its rows in the ledger are about."""
        return f"round:{self.id}"

    @property
    def deadline(self) -> datetime:
        """When it closes, or was closed before that."""
        return min(self.closes_at, self.closed_at or self.closes_at)

    def rule(self, rung: Rung) -> str:
        """The rule of a rung, as the ledger names it."""
        return f"round:{self.key}:{rung.key}"

    def falls(self, rung: Rung) -> datetime:
        """The instant at which a rung falls due."""
        return self.deadline - (rung.before or timedelta()) + (rung.after or timedelta())

    def rung(self, rule: str) -> Rung | None:
        """The rung of that rule, or None."""
        return next((each for each in self.rungs if self.rule(each) == rule), None)


@dataclass(frozen=True)
class VisitWatch:
    """A stay in a stage as its reminders see it: its timers with their due instants, and whom each names.

    `awaits` names those who act there, whom a reminder by hand reaches; `waited_for` are reviewers of its open rounds.
    """

    id: int
    stage: str
    timers: Mapping[str, tuple[datetime, tuple[str, ...]]]
    awaits: tuple[str, ...] = ()
    is_left: bool = False
    waited_for: frozenset[int] = frozenset()

    @property
    def about(self) -> str:
        """What its rows in the ledger are about."""
        return f"visit:{self.id}"

    def rule(self, timer: str) -> str:
        """The rule of a timer, as the ledger names it."""
        return f"timer:{self.stage}:{timer}"


@dataclass(frozen=True)
class Owed:
    """One line of the ledger; with a `reason` it is dropped at once."""

    rule: str
    about: str
    recipient: int
    due_at: datetime
    reason: str = ""


def owed(watch: RoundWatch, circle: Circle, *, had: Collection[tuple[str, int]], now: datetime) -> tuple[Owed, ...]:
    """What the rungs that have fallen due owe, whether or not the ledger has it already.

    A rung whose instant lay before the opening is not owed. One whose instant lay before the deadline was moved is not
    owed to those who `had` it, as (rule, recipient): they were reminded of the earlier deadline.
    """
    if watch.over:
        return ()
    found = []
    for rung in watch.rungs:
        at = watch.falls(rung)
        if at > now or (rung.before is not None and at < watch.opened_at):
            continue
        if rung.before is None and (watch.closed_at is None or watch.settled):
            continue
        reason = "past" if rung.before is not None and now >= watch.deadline else ""
        rule, is_moved = watch.rule(rung), watch.moved_at is not None and at < watch.moved_at
        found += [
            Owed(rule, watch.about, person, at, reason)
            for person in sorted(_circle_of(watch, rung, circle).of(rung.to))
            if not (is_moved and (rule, person) in had)
        ]
    return tuple(found)


def owed_by_timer(watch: VisitWatch, timer: str, circle: Circle) -> tuple[Owed, ...]:
    """What a timer that has fired owes."""
    if timer not in watch.timers:  # the run has gone over to a version that does not know it
        return ()
    at, names = watch.timers[timer]
    people = _with_reviewers(circle, watch.waited_for).of(names)
    return tuple(Owed(watch.rule(timer), watch.about, person, at) for person in sorted(people))


def next_look(watch: RoundWatch, *, now: datetime) -> datetime | None:
    """When the next rung falls due; None when nothing is to come unless the deadline moves."""
    if watch.over or not watch.rungs:
        return None
    late = [now + ASKED_AGAIN] if watch.closed_at is None and now >= watch.closes_at else []
    return min([*late, *(at for rung in watch.rungs if (at := watch.falls(rung)) > now)], default=None)


def senseless(watch: RoundWatch, owed: Owed, circle: Circle, *, now: datetime) -> str:
    """Why a reminder of a round makes no sense any more; empty when it does."""
    if watch.over:
        return watch.over
    if owed.rule == BY_HAND:
        return _waits_no_more(watch, owed.recipient, now)
    rung = watch.rung(owed.rule)
    if rung is None:
        return "rule-gone"
    if rung.before is not None and watch.closed_at is not None:
        return "closed"
    if owed.due_at != watch.falls(rung):
        return "moved"
    if rung.before is not None and now >= watch.deadline:
        return "past"
    if rung.before is None and watch.settled:
        return watch.settled
    if owed.recipient in _circle_of(watch, rung, circle).may_be(rung.to):
        return ""
    return watch.done.get(owed.recipient, "no-role") if "reviewers" in rung.to else "no-role"


def senseless_of_visit(watch: VisitWatch, owed: Owed, circle: Circle) -> str:
    """Why a reminder of a stay in a stage makes no sense any more; empty when it does."""
    if watch.is_left:
        return "left"
    names = watch.awaits
    if owed.rule != BY_HAND:
        timer = next((each for each in watch.timers if watch.rule(each) == owed.rule), None)
        if timer is None:
            return "rule-gone"
        at, names = watch.timers[timer]
        if at != owed.due_at:
            return "moved"
    people = _with_reviewers(circle, watch.waited_for).may_be(names)
    return "" if owed.recipient in people else "no-role"


def superseded(lines: Iterable[Owed]) -> frozenset[Owed]:
    """Those of several lines, all due, beside which a later one about the same thing goes to the same person.

    What a person sends by hand stands for itself.
    """
    rules = [line for line in lines if line.rule not in (BY_HAND, ABSENT)]
    latest: dict[tuple[str, int], datetime] = {}
    for line in rules:
        key = line.about, line.recipient
        latest[key] = max(line.due_at, latest.get(key, line.due_at))
    return frozenset(line for line in rules if line.due_at < latest[line.about, line.recipient])


def _waits_no_more(watch: RoundWatch, recipient: int, now: datetime) -> str:
    if watch.closed_at is not None:
        return "closed"
    if now >= watch.deadline:
        return "past"
    return "" if recipient in watch.waited_for else watch.done.get(recipient, "no-role")


def _circle_of(watch: RoundWatch, rung: Rung, circle: Circle) -> Circle:
    """The circle with the round's reviewers: those who can still hand in, so nobody once the deadline has come."""
    return _with_reviewers(circle, watch.waited_for if rung.before is not None else frozenset())


def _with_reviewers(circle: Circle, people: frozenset[int]) -> Circle:
    return replace(circle, by_name={**circle.by_name, "reviewers": people})
