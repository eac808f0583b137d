"""When a run will be published, as a range, from how long earlier runs of its process stood at each stage.

From where the run stands, many ways onward are drawn: at each stage a length and a way on that some earlier run had
there. The range holds the middle of the draws. Ways that end without publication are left out: the range answers
"if it is published, when". Chance is fixed by the stage and the draw, so the same history gives the same range, and
a run that has stood longer at its stage is never forecast earlier.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from math import floor
from random import Random
from statistics import median

from engine.process.values import Definition, Transition

NEEDED = 8
"""Passages through each stage that lies ahead; with fewer, nothing is said."""
STILL_NEEDED = 3
"""Passages that took longer than the run has stood at its stage; with fewer, it is beyond what history tells."""
MEDIAN_NEEDED = 5
DRAWS = 200
LOW, HIGH = 0.2, 0.8
MOST_STAYS = 100

Taken = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Passage:
    """A stay of an earlier run at a stage that has ended: how long it was, and by which way it was left."""

    run: int
    stage: str
    way: str
    length: timedelta


@dataclass(frozen=True)
class Standing:
    """A stage at which the run stands, for how long, and how much longer at least (a round is open until then)."""

    stage: str
    age: timedelta
    at_least: timedelta = timedelta()


@dataclass(frozen=True)
class Forecast:
    """The middle of the draws: 60 of 100 lie between. `runs` told, each stage ahead by `passages` stays at least."""

    earliest: datetime
    latest: datetime
    runs: int
    passages: int


@dataclass(frozen=True)
class Silence:
    """Nothing is said: too few passages through a stage, or (`is_late`) too few that took as long as this one."""

    stage: str
    found: int
    needed: int
    is_late: bool = False


@dataclass(frozen=True)
class _Stage:
    """The passages through one stage that could lead on to publication, shortest first; some ways are `limited`."""

    lengths: tuple[float, ...]
    ways: tuple[Transition, ...]
    runs: frozenset[int]
    limited: tuple[Transition, ...] = ()


class History:
    """How earlier runs of one process went, as one of its versions understands them.

    Stages and ways are known by their keys, so passages under other versions count where the keys are the same.
    """

    def __init__(self, definition: Definition, passages: Iterable[Passage]) -> None:
        self.definition = definition
        found: dict[str, list[Passage]] = {}
        for each in passages:
            found.setdefault(each.stage, []).append(each)
        self._all = {key: sorted(each.length.total_seconds() for each in group) for key, group in found.items()}
        self._stages = {key: self._stage(group) for key, group in found.items()}

    def median(self, stage: str) -> timedelta | None:
        """The median length of stays at a stage, however they ended; None with too few."""
        lengths = self._all.get(stage, ())
        return timedelta(seconds=median(lengths)) if len(lengths) >= MEDIAN_NEEDED else None

    def count(self, stage: str) -> int:
        """How many stays at the stage are known."""
        return len(self._all.get(stage, ()))

    def forecast(self, standings: Sequence[Standing], taken: Taken, *, now: datetime) -> Forecast | Silence | None:
        """When a run that stands there and took these ways before will be published; None when it never will be."""
        for each in standings:
            stage = self._known(each.stage)
            if len(stage.lengths) < NEEDED:
                return Silence(each.stage, len(stage.lengths), NEEDED)
            longer = len(stage.lengths) - bisect_right(stage.lengths, each.age.total_seconds())
            if longer < STILL_NEEDED:
                return Silence(each.stage, longer, STILL_NEEDED, is_late=True)
        visited: set[str] = set()
        walks = [_Walk(self, n, visited).until_published(standings, taken) for n in range(DRAWS)]
        for key in sorted(visited):
            if (passages := len(self._known(key).lengths)) < NEEDED:
                return Silence(key, passages, NEEDED)
        lengths = sorted(each for each in walks if each is not None)
        if not lengths:
            return None
        low, high = (lengths[min(floor(share * len(lengths)), len(lengths) - 1)] for share in (LOW, HIGH))
        known = [self._known(key) for key in visited]
        return Forecast(
            now + timedelta(seconds=low),
            now + timedelta(seconds=high),
            runs=len(frozenset[int]().union(*(each.runs for each in known))),
            passages=min(len(each.lengths) for each in known),
        )

    def _stage(self, passages: list[Passage]) -> _Stage:
        onward = [
            (each, way)
            for each in sorted(passages, key=lambda each: (each.length, each.way, each.run))
            if (way := self.definition.way(each.stage, each.way)) and _leads_on(way)
        ]
        ways = sorted((way for _each, way in onward), key=lambda way: way.key)
        return _Stage(
            tuple(each.length.total_seconds() for each, _way in onward),
            tuple(ways),
            frozenset(each.run for each, _way in onward),
            tuple({way.key: way for way in ways if way.at_most is not None}.values()),
        )

    def _known(self, stage: str) -> _Stage:
        return self._stages.get(stage, _Stage((), (), frozenset()))


class _Walk:
    """One draw: from where the run stands, stay by stay, until it is published."""

    def __init__(self, history: History, number: int, visited: set[str]) -> None:
        self.history = history
        self.number = number
        self.visited = visited
        self.stays: Counter[str] = Counter()
        self.open: dict[str, float] = {}

    def until_published(self, standings: Sequence[Standing], taken: Taken) -> float | None:
        """Seconds from now; None when no way leads there."""
        times = Counter(taken)
        for each in standings:
            age = each.age.total_seconds()
            self.open[each.stage] = max(self._length(each.stage, longer_than=age) - age, each.at_least.total_seconds())
        for _step in range(MOST_STAYS):
            if not self.open:
                return None
            stage, at = min(self.open.items(), key=lambda item: (item[1], item[0]))
            way = self._way(stage, times)
            if way is None:
                return None
            if "publish" in way.effects:
                return at
            times[stage, way.key] += 1
            self._leave(stage, way, at)
        return None

    def _leave(self, stage: str, way: Transition, at: float) -> None:
        """As `plan` moves a run: a return closes what runs beside it, a join waits for the rest."""
        del self.open[stage]
        if way.kind != "advance":
            self.open.clear()
        elif self.open and self.history.definition.stage(way.to).is_join:
            return
        for key in way.enters:
            self.open[key] = at + self._length(key)

    def _length(self, stage: str, *, longer_than: float = -1) -> float:
        """The length of a stay, of those that took longer. A longer bound never gives a shorter length."""
        self.visited.add(stage)
        self.stays[stage] += 1
        lengths = self.history._known(stage).lengths
        first = bisect_right(lengths, longer_than)
        if first == len(lengths):
            return 0.0
        share = _shares("length", stage, self.stays[stage])[self.number]
        return lengths[first + floor(share * (len(lengths) - first))]

    def _way(self, stage: str, times: Counter[tuple[str, str]]) -> Transition | None:
        """A way on that earlier runs took, as often as they did, of those that can still be taken."""
        known = self.history._known(stage)
        ways: Sequence[Transition] = known.ways
        if any(_is_spent(stage, way, times) for way in known.limited):
            ways = [way for way in ways if not _is_spent(stage, way, times)]
        if not ways:
            return None
        return ways[floor(_shares("way", stage, self.stays[stage])[self.number] * len(ways))]


def _is_spent(stage: str, way: Transition, times: Counter[tuple[str, str]]) -> bool:
    return way.at_most is not None and times[stage, way.key] >= way.at_most


def _leads_on(way: Transition) -> bool:
    return way.kind != "end" or "publish" in way.effects


@cache
def _shares(what: str, stage: str, stay: int) -> tuple[float, ...]:
    """Chance, one number for each draw: the same for every run, whichever way it came."""
    random = Random(f"{what} {stage} {stay}")  # noqa: S311 - chance in a model, not a secret
    shares = [(n + random.random()) / DRAWS for n in range(DRAWS)]
    random.shuffle(shares)
    return tuple(shares)
