"""Walks through a process: what people may do at random, clocks that go on and jump, until the run has ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from engine.process.facts import Facts, RoundFacts, TimerFacts
from engine.process.plan import CloseRound, Command, FireTimer, Move, Refused, plan
from engine.process.quorum import together
from engine.process.values import PEOPLE, Definition, Stage

BEGINNING = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
MOST_ACTS = 60
MOST_LOOKS = 20_000


@dataclass(frozen=True)
class Walk:
    """A walk that has ended: how many moves it made, and how long it took."""

    moves: int
    time: timedelta


class Walker:
    """Somebody who walks one run through a definition.

    With `acts` people do what they like, permitted or not. A walker who `jumps` looks at the clock late.
    """

    def __init__(self, definition: Definition, random: Random, *, acts: bool, jumps: bool) -> None:
        self.random, self.acts, self.jumps = random, acts, jumps
        self.now = BEGINNING
        self.ids = iter(range(1, 1_000_000))
        self.moves = 0
        self.facts = Facts(run_id=1, definition=definition, open_stages=(definition.start.key,))
        self.set_timers((definition.start.key,))

    def walk(self) -> Walk:
        """Walk until the run has ended."""
        self.take()
        for number in range(MOST_LOOKS):
            if self.has_ended:
                return Walk(self.moves, self.now - BEGINNING)
            if self.acts and number < MOST_ACTS and self.random.random() < 0.8:
                self.act()
            else:
                self.wait()
        raise AssertionError(f"still at {self.facts.open_stages} after {MOST_LOOKS} looks at the clock")

    @property
    def has_ended(self) -> bool:
        return all(stage.is_end for stage in self.here)

    @property
    def here(self) -> list[Stage]:
        return [self.facts.definition.stage(key) for key in self.facts.open_stages]

    def act(self) -> None:
        """Anything that people may do, and some things that they may not."""
        stage = self.random.choice(self.here)
        match self.random.randrange(5):
            case 0 | 1 if stage.transitions:
                way = self.random.choice(stage.transitions)
                by = way.by if self.random.random() < 0.8 else self.random.choice([*PEOPLE, "system", "timer"])
                self.take(Command(stage.key, way.key, by, "because"))
            case 2 if stage.round and all(each.is_closed for each in self.facts.rounds_at(stage.key, stage.round.key)):
                closes_at = self.now + timedelta(days=self.random.randint(1, 60))
                opened = RoundFacts(next(self.ids), stage.round.key, stage.key, closes_at, stage.round.quorum, 0)
                self.facts = replace(self.facts, rounds=(*self.facts.rounds, replace(opened, invited=4)))
            case 3:
                self.facts = replace(self.facts, rounds=tuple(map(self.handed_in, self.facts.rounds)))
            case _:
                self.facts = replace(
                    self.facts,
                    area_sources=self.random.randint(0, 20),
                    missing=self.random.randint(0, 1),
                    unanswered=self.random.randint(0, 1),
                    evidence=self.random.randint(0, 6),
                    unwritten=frozenset(self.random.sample(["context", "problem"], self.random.randint(0, 1))),
                )
        if self.jumps and self.random.random() < 0.3:
            self.now += timedelta(hours=self.random.randint(1, 2000))
        self.take()

    def handed_in(self, round: RoundFacts) -> RoundFacts:
        if round.is_closed or round.submitted >= 4:
            return round
        kinds = frozenset(["academia", "government", "industry"][: round.submitted + 1])
        return replace(round, submitted=round.submitted + 1, kinds=kinds, countries=frozenset({"SE", "PT"}))

    def wait(self) -> None:
        """To the next instant at which something is due, or past it."""
        due = [each.due_at for each in self.facts.timers]
        due += [each.closes_at for each in self.facts.rounds if not each.is_closed]
        assert due, f"nobody does anything and nothing is due at {self.facts.open_stages}"
        self.now = max(self.now, min(due))
        if self.jumps:
            self.now += timedelta(days=self.random.randint(0, 500))
        self.take()

    def take(self, command: Command | None = None) -> None:
        """Carry out what follows now; a refusal changes nothing."""
        steps = plan(self.facts, now=self.now, command=command)
        if isinstance(steps, Refused):
            return
        for step in steps:
            match step:
                case CloseRound():
                    self.check_quorum(step)
                    self.facts = self.facts.closing(step.round_id)
                case FireTimer():
                    self.facts = self.facts.firing(step.timer_id)
                case Move():
                    self.moves += 1
                    self.facts = self.facts.moved(step.leaves, step.enters, (step.stage, step.transition))
                    self.set_timers(step.enters)
            assert len(set(self.facts.open_stages)) == len(self.facts.open_stages), self.facts.open_stages
            assert self.facts.open_stages
        if command is not None:
            assert command.by in PEOPLE

    def check_quorum(self, step: CloseRound) -> None:
        round = next(each for each in self.facts.rounds if each.id == step.round_id)
        panel = together(each.panel for each in self.facts.rounds_at(round.stage, round.key))
        assert step.quorum_met is round.quorum.reached(panel)

    def set_timers(self, stages: tuple[str, ...]) -> None:
        fresh = [
            TimerFacts(next(self.ids), timer.key, key, self.now + timer.after)
            for key in stages
            if key in self.facts.open_stages
            for timer in self.facts.definition.stage(key).timers
        ]
        self.facts = replace(self.facts, timers=(*self.facts.timers, *fresh))
