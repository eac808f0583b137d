"""What is known of a run when something is decided, gathered after the lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.process.quorum import PanelFacts, Quorum
from engine.process.values import Definition


@dataclass(frozen=True)
class RoundFacts:
    """A round of one of the run's open visits; `kinds` and `countries` are of those who handed in."""

    id: int
    key: str
    stage: str
    closes_at: datetime
    quorum: Quorum
    submitted: int
    is_closed: bool = False
    invited: int = 0
    kinds: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()

    @property
    def panel(self) -> PanelFacts:
        """Those who were asked and those who handed in."""
        return PanelFacts(self.invited, self.submitted, self.kinds, self.countries)


@dataclass(frozen=True)
class TimerFacts:
    """A timer that waits in one of the run's open visits."""

    id: int
    key: str
    stage: str
    due_at: datetime


@dataclass(frozen=True)
class Facts:
    """A run as it stands: the stages it is at, how often it took which transition, and what the gates ask about.

    While it is paused, since `paused_at`, nothing in it falls due.
    """

    run_id: int
    definition: Definition
    open_stages: tuple[str, ...]
    taken: Mapping[tuple[str, str], int] = field(default_factory=dict)
    area_sources: int = 0
    is_briefed: bool = False
    missing: int = 0
    unwritten: frozenset[str] = frozenset()
    evidence: int = 0
    unanswered: int = 0
    rounds: tuple[RoundFacts, ...] = ()
    timers: tuple[TimerFacts, ...] = ()
    paused_at: datetime | None = None

    @property
    def paused(self) -> bool:
        """Whether its deadlines stand still, and nobody takes it onward."""
        return self.paused_at is not None

    def rounds_at(self, stage: str, key: str) -> tuple[RoundFacts, ...]:
        """The rounds of one template in the open visit to a stage."""
        return tuple(each for each in self.rounds if each.stage == stage and each.key == key)

    def closing(self, round_id: int) -> Facts:
        """The same run with one round closed."""
        return replace(
            self,
            rounds=tuple(replace(each, is_closed=True) if each.id == round_id else each for each in self.rounds),
        )

    def firing(self, timer_id: int) -> Facts:
        """The same run with one timer gone."""
        return replace(self, timers=tuple(each for each in self.timers if each.id != timer_id))

    def moved(self, leaves: tuple[str, ...], enters: tuple[str, ...], taken: tuple[str, str]) -> Facts:
        """The same run after leaving stages for others; what waited in the visits that ended is gone."""
        times = dict(self.taken)
        times[taken] = times.get(taken, 0) + 1
        return replace(
            self,
            open_stages=(*(each for each in self.open_stages if each not in leaves), *enters),
            taken=times,
            rounds=tuple(each for each in self.rounds if each.stage not in leaves),
            timers=tuple(each for each in self.timers if each.stage not in leaves),
        )
