"""Synthetic proposals on their way through a process, with people who act as assumed: how long it takes, and where.

Every step comes from `engine.process.plan`, so a simulated run does what a real one would. A proposal is followed
until it is published, has ended, or `LONGEST` has passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from math import ceil
from random import Random

from engine.process.durations import in_calendar_days
from engine.process.facts import Facts, RoundFacts, TimerFacts
from engine.process.plan import CloseRound, Command, FireTimer, Move, Refused, Step, plan
from engine.process.values import PEOPLE, Definition, RoundTemplate, Stage, Transition

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST = timedelta(days=3650)
ENOUGH = 1_000_000


@dataclass(frozen=True)
class Days:
    """At least `least` days, at most `most`, and `usual` is the most frequent."""

    least: float
    usual: float
    most: float

    def drawn(self, random: Random) -> timedelta:
        """A length of time, at random."""
        return timedelta(days=random.triangular(self.least, self.most, self.usual))


@dataclass(frozen=True)
class Behaviour:
    """How people are assumed to act. Days count from the moment at which they are waited for; shares are of 1.

    `spare` are invited beyond the quorum. Those who return, withdraw or end do so in that share of the stages that
    let them. In the share `silent` of the stays nobody acts, until a reminder that is heeded.
    """

    research: Days = Days(20, 60, 180)
    write: Days = Days(14, 45, 150)
    revise: Days = Days(3, 14, 45)
    coordinate: Days = Days(0, 3, 14)
    answer: Days = Days(0, 2, 10)
    review: Days = Days(2, 9, 20)
    decide: Days = Days(1, 7, 30)
    spare: int = 2
    accept: float = 0.7
    hand_in: float = 0.85
    send_back: float = 0.1
    withdraw: float = 0.02
    decline: float = 0.1
    silent: float = 0.03
    heed: float = 0.6


@dataclass(frozen=True)
class Spread:
    """What a tenth, half and nine tenths of the published proposals took at most, in days."""

    tenth: float
    half: float
    nine_tenths: float


@dataclass(frozen=True)
class Wait:
    """For how many days a proposal waited in a stage for somebody: the mean over those `proposals` that did.

    Where nothing happens any more, the time until the last thing that happened is counted.
    """

    stage: Stage
    who: str
    proposals: int
    days: float


@dataclass(frozen=True)
class Simulation:
    """What became of `proposals`: published, lapsed (a timer ended them), ended otherwise, or still under way."""

    behaviour: Behaviour
    proposals: int
    seed: int
    published: int
    lapsed: int
    ended: int
    under_way: int
    to_publication: Spread | None
    waits: tuple[Wait, ...]


def simulate(definition: Definition, behaviour: Behaviour, *, proposals: int, seed: int) -> Simulation:
    """Send so many proposals through a sound definition. The same seed gives the same result."""
    random = Random(seed)  # noqa: S311 - chance in a model, not a secret
    journeys = [_Journey(definition, behaviour, random) for _ in range(proposals)]
    for each in journeys:
        each.travel()
    took = [each.published_at - BEGINNING for each in journeys if each.published_at]
    unpublished = [each for each in journeys if not each.published_at]
    return Simulation(
        behaviour=behaviour,
        proposals=proposals,
        seed=seed,
        published=len(took),
        lapsed=sum(each.has_ended and each.has_lapsed for each in unpublished),
        ended=sum(each.has_ended and not each.has_lapsed for each in unpublished),
        under_way=sum(not each.has_ended for each in unpublished),
        to_publication=_spread(took),
        waits=tuple(_waits(definition, journeys)),
    )


Act = Callable[[], Command | None]


@dataclass(eq=False)
class _Stay:
    """One stay in a stage: since when it waits for whom."""

    stage: Stage
    since: datetime
    who: str


@dataclass
class _Journey:
    """One proposal; `agenda` holds what people do in a stay, if it still lasts by then."""

    definition: Definition
    behaviour: Behaviour
    random: Random
    now: datetime = BEGINNING
    published_at: datetime | None = None
    has_lapsed: bool = False
    stays: dict[str, _Stay] = field(default_factory=dict)
    silent: list[_Stay] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    waited: dict[tuple[str, str], timedelta] = field(default_factory=dict)
    agenda: list[tuple[datetime, int, _Stay, Act]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        start = self.definition.start.key
        self.facts = Facts(run_id=0, definition=self.definition, open_stages=(start,))
        self._enter(start)

    @property
    def has_ended(self) -> bool:
        """Whether nothing can happen any more."""
        return all(stay.stage.is_end for stay in self.stays.values())

    def travel(self) -> None:
        """Go from one instant at which something happens to the next, until there is none."""
        instant: datetime | None = self.now
        while instant is not None and instant - BEGINNING <= LONGEST and not self.published_at:
            self.now = instant
            self._happen()
            instant = self._next()
        for stay in self.stays.values():
            self._wait_for("", stay)

    def _next(self) -> datetime | None:
        instants = [each.closes_at for each in self.facts.rounds if not each.is_closed]
        instants += [each.due_at for each in self.facts.timers]
        instants += [self.agenda[0][0]] if self.agenda else []
        return min(instants, default=None)

    def _happen(self) -> None:
        """The first act of the agenda if it is its time, and what follows by itself."""
        if self.agenda and self.agenda[0][0] <= self.now:
            _at, _number, stay, act = heappop(self.agenda)
            if self.stays.get(stay.stage.key) is stay:
                self._do(stay, act)
        else:
            self._go_on()

    def _do(self, stay: _Stay, act: Act) -> None:
        """Somebody acts; where a gate is closed they try again later, and nothing comes of it if the stage was left."""
        command = act()
        if not self._go_on(command):
            self._later(self.behaviour.coordinate, stay, act)
            self._go_on()

    def _go_on(self, command: Command | None = None) -> bool:
        """What is due, then the command, then what the system does; False when the command is refused."""
        steps = plan(self.facts, now=self.now, command=command)
        if isinstance(steps, Refused):
            return False
        self._follow(steps)
        return True

    def _later(self, days: Days, stay: _Stay, act: Act) -> None:
        heappush(self.agenda, (self.now + days.drawn(self.random), next(self.numbers), stay, act))

    def _follow(self, steps: tuple[Step, ...]) -> None:
        for step in steps:
            match step:
                case CloseRound():
                    self._close(step)
                case FireTimer():
                    self._fire(step)
                case Move():
                    self._move(step)

    def _close(self, step: CloseRound) -> None:
        self.facts = self.facts.closing(step.round_id)
        stay = self.stays[step.stage]
        if not step.quorum_met:
            self._await_round(stay)

    def _fire(self, step: FireTimer) -> None:
        self.facts = self.facts.firing(step.timer_id)
        stay = self.stays[step.stage]
        if not step.takes and stay in self.silent and self._happens(self.behaviour.heed):
            self.silent.remove(stay)
            self._begin(stay)

    def _move(self, step: Move) -> None:
        way = self.definition.stage(step.stage).transition(step.transition)
        self.has_lapsed = way is not None and way.by == "timer"
        self.facts = self.facts.moved(step.leaves, step.enters, (step.stage, step.transition))
        for key in step.leaves:
            self._wait_for("", self.stays.pop(key))
        for key in step.enters:
            self._enter(key)
        if "publish" in step.effects:
            self.published_at = self.now

    def _enter(self, key: str) -> None:
        stage = self.definition.stage(key)
        stay = self.stays[key] = _Stay(stage, self.now, "coordinators" if stage.round else stage.who)
        timers = (TimerFacts(next(self.numbers), each.key, key, self.now + each.after) for each in stage.timers)
        self.facts = replace(self.facts, timers=(*self.facts.timers, *timers))
        if self._happens(self.behaviour.silent):
            self.silent.append(stay)
        else:
            self._begin(stay)

    def _begin(self, stay: _Stay) -> None:
        """Those who are waited for set to work."""
        self._await_round(stay)
        if any(gate.name != "quorum" for way in stay.stage.transitions if way.by == "system" for gate in way.gates):
            self._later(self.behaviour.research, stay, self._know)
        self._choose(stay)
        self.seen.add(stay.stage.key)

    def _choose(self, stay: _Stay) -> None:
        """Which way somebody will take, and when; none where the stage goes on without."""
        way = self._chosen(stay.stage)
        if way is None:
            return
        days = {"coordinator": self.behaviour.coordinate, "decider": self.behaviour.decide}.get(way.by)
        if days is None:
            first = stay.stage.kind == "draft" and stay.stage.key not in self.seen
            days = self.behaviour.write if first else self.behaviour.revise
        self._later(days, stay, partial(self._take, stay, way))

    def _chosen(self, stage: Stage) -> Transition | None:
        open_ways = [way for way in stage.transitions if way.by in PEOPLE and not self._is_spent(stage, way)]
        shares = {
            "withdraw": self.behaviour.withdraw,
            "return": self.behaviour.send_back,
            "end": self.behaviour.decline,
        }
        for kind, share in shares.items():
            ways = [way for way in open_ways if way.kind == kind]
            if ways and self._happens(share):
                return self.random.choice(ways)
        onward = [way for way in open_ways if way.kind == "advance"]
        goes_on = stage.round or any(way.by == "system" for way in stage.transitions)
        return next(iter(onward or ([] if goes_on else open_ways)), None)

    def _is_spent(self, stage: Stage, way: Transition) -> bool:
        return way.at_most is not None and self.facts.taken.get((stage.key, way.key), 0) >= way.at_most

    def _take(self, stay: _Stay, way: Transition) -> Command:
        self._know()
        return Command(stay.stage.key, way.key, way.by, reason="simulated")

    def _know(self) -> None:
        """Everything that gates ask for is there, but for what reviewers hand in."""
        self.facts = replace(self.facts, area_sources=ENOUGH, is_briefed=True, evidence=ENOUGH, missing=0, unanswered=0)

    def _await_round(self, stay: _Stay) -> None:
        if template := stay.stage.round:
            self._wait_for("coordinators", stay)
            self._later(self.behaviour.coordinate, stay, partial(self._open_round, stay, template))

    def _open_round(self, stay: _Stay, template: RoundTemplate) -> None:
        self._wait_for(stay.stage.who, stay)
        panel = _panel(template, self.behaviour)
        opened = RoundFacts(
            id=next(self.numbers),
            key=template.key,
            stage=stay.stage.key,
            closes_at=self.now + in_calendar_days(template.period),
            quorum=template.quorum,
            submitted=0,
            invited=panel,
        )
        self.facts = replace(self.facts, rounds=(*self.facts.rounds, opened))
        for number in range(panel):
            if self._happens(self.behaviour.accept) and self._happens(self.behaviour.hand_in):
                answered = partial(self._later, self.behaviour.review, stay, partial(self._hand_in, opened.id, number))
                self._later(self.behaviour.answer, stay, answered)

    def _hand_in(self, round_id: int, reviewer: int) -> None:
        """One more has handed in, unless the round is closed; kinds and countries asked for take turns in the panel."""
        self.facts = replace(
            self.facts,
            rounds=tuple(
                _with_review(each, reviewer) if each.id == round_id and not each.is_closed else each
                for each in self.facts.rounds
            ),
        )

    def _wait_for(self, who: str, stay: _Stay) -> None:
        """Count the time until now, and from now on wait for somebody else."""
        whom = (stay.stage.key, stay.who)
        self.waited[whom] = self.waited.get(whom, timedelta()) + self.now - stay.since
        stay.since, stay.who = self.now, who

    def _happens(self, share: float) -> bool:
        return self.random.random() < share


def _panel(template: RoundTemplate, behaviour: Behaviour) -> int:
    """How many are invited: the quorum and some to spare, as many as the panel takes."""
    quorum = template.quorum
    wanted = max(quorum.number, len(quorum.kinds), quorum.countries) + behaviour.spare
    return min(wanted, template.panel)


def _with_review(facts: RoundFacts, reviewer: int) -> RoundFacts:
    kinds, countries = sorted(facts.quorum.kinds), facts.quorum.countries
    return replace(
        facts,
        submitted=facts.submitted + 1,
        kinds=facts.kinds | ({kinds[reviewer % len(kinds)]} if kinds else set()),
        countries=facts.countries | ({str(reviewer % countries)} if countries else set()),
    )


def _spread(lengths: Iterable[timedelta]) -> Spread | None:
    days = sorted(length / timedelta(days=1) for length in lengths)
    if not days:
        return None
    tenth, half, nine_tenths = (days[ceil(share * len(days)) - 1] for share in (0.1, 0.5, 0.9))
    return Spread(tenth, half, nine_tenths)


def _waits(definition: Definition, journeys: Iterable[_Journey]) -> Iterator[Wait]:
    """In the definition's order; nobody waits where a stage is passed at once."""
    found: dict[tuple[str, str], list[timedelta]] = {}
    for journey in journeys:
        for whom, length in journey.waited.items():
            found.setdefault(whom, []).append(length)
    for stage in definition.stages:
        for (key, who), lengths in sorted(found.items()):
            if key == stage.key and who and not stage.is_end and any(lengths):
                yield Wait(stage, who, len(lengths), sum(lengths, timedelta()) / len(lengths) / timedelta(days=1))
