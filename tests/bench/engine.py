"""How fast rounds that are due at the same instant are closed: `make bench-engine`, `SIZES="1000 10000"` for others.

Each size has a world of its own. In the same run and the same world the same closing is done in two other ways: by a
naive loop of one task and one transaction for each round, and by set-based SQL that writes the same rows. What the
three wrote is compared. Says for each aim whether it was met; fails only when rows are wrong.
"""

from __future__ import annotations

import json
import logging
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import linear_regression, median
from time import perf_counter
from typing import Any

import django

SIZES = (1_000, 10_000, 100_000)
MOST_NAIVE = 10_000  # rounds; the loop would take half an hour for a hundred thousand
FEW = 7
MOST_COMPARED = 10_000  # runs whose rows are compared one by one
GROWTH, FASTER_THAN_NAIVE, SLOWER_THAN_SQL, MEMORY = 1.1, 10, 8, 1.25


@dataclass
class Figures:
    """What was measured at one size: seconds of each way, and memory of the engine's process in MB."""

    rounds: int
    seconds: dict[str, float] = field(default_factory=dict)
    memory_before: float = 0
    memory_peak: float = 0
    idle: float = 0
    few: float = 0
    by_index: bool = False
    longest_tick: float = 0
    wrong: list[str] = field(default_factory=list)

    def speed(self, way: str) -> float:
        """Rounds per second."""
        return self.rounds / self.seconds[way]


def main(sizes: Sequence[int]) -> int:
    """Measure each size and print; 1 when rows are wrong."""
    from django.core.management import call_command

    logging.getLogger("engine").setLevel(logging.ERROR)
    began = perf_counter()
    figures = []
    for size in sizes:
        call_command("flush", interactive=False, verbosity=0, reset_sequences=False)
        figures.append(_say(measure(size)))
    _conclude(figures)
    wrong = [line for each in figures for line in each.wrong]
    for line in wrong:
        print(f"WRONG  {line}")
    print(f"{perf_counter() - began:.0f} s in all, preparations included")
    return bool(wrong)


def measure(size: int, *, closing: Callable[[], dict[str, Any]] | None = None) -> Figures:
    """So many due rounds in an empty database, closed in each of the three ways."""
    from django.db import transaction

    from tests.bench import in_sql, naive
    from tests.bench.rows import closings, faults, runs_of, signatures
    from tests.bench.world import DUE_AT, due_rounds, make_world, tidy

    one_by_one = size if size <= MOST_NAIVE else 0
    make_world(size + one_by_one)
    due = due_rounds()
    by_naive, rest = due[:one_by_one], due[one_by_one:]
    figures = Figures(size)
    figures.idle = median(_idle() for _time in range(5))
    _find_few(due[:FEW], figures)
    some = runs_of(rest)[:: max(1, size // MOST_COMPARED)]
    written = {}
    if by_naive:
        with _timed(figures, "naive"):
            naive.close_all(by_naive, now=DUE_AT)
        written["naive"] = signatures(runs_of(by_naive), now=DUE_AT)
        figures.wrong += faults(runs_of(by_naive))
        tidy()
    with transaction.atomic():
        with _timed(figures, "sql"):
            in_sql.close_all(rest, now=DUE_AT)
        written["sql"] = signatures(some, now=DUE_AT)
        figures.wrong += faults(some)
        transaction.set_rollback(True)
    tidy()
    done = (closing or _in_another_process)()
    figures.seconds["engine"] = sum(tick["seconds"] for tick in done["ticks"])
    figures.longest_tick = max(tick["seconds"] for tick in done["ticks"])
    figures.memory_before, figures.memory_peak = done["memory_before"], done["memory_peak"]
    written["engine"] = signatures(some, now=DUE_AT)
    figures.wrong += faults(some)
    for way, said in written.items():
        if said != written["engine"]:
            figures.wrong.append(f"{way}, {size} rounds: {sorted(said ^ written['engine'])}")
    if closings(now=DUE_AT) != (len(due), len(due)) or due_rounds():
        figures.wrong.append(f"{closings(now=DUE_AT)} rounds and events instead of {len(due)}")
    return figures


def _idle() -> float:
    from engine.services import clockwork
    from tests.bench.world import JUST_BEFORE

    began = perf_counter()
    clockwork.tick(now=JUST_BEFORE)
    return perf_counter() - began


def _find_few(due: Sequence[int], figures: Figures) -> None:
    """How long it takes to find and claim the few that are due earlier than all others."""
    from django.db import transaction

    from engine.models import Round
    from engine.services.clockwork import QUEUES
    from engine.services.gather import claimed
    from tests.bench.world import DUE_AT

    earlier = DUE_AT - timedelta(days=1)
    with transaction.atomic():
        Round.objects.filter(pk__in=due).update(closes_at=earlier)
        found = claimed(QUEUES[0](earlier), wait=False)[:500]
        figures.by_index = "round_due" in found.explain()
        began = perf_counter()
        if len(found) != len(due):
            figures.wrong.append(f"{len(found)} instead of {len(due)} due rounds are found")
        figures.few = perf_counter() - began
        transaction.set_rollback(True)


@contextmanager
def _timed(figures: Figures, way: str) -> Iterator[None]:
    began = perf_counter()
    yield
    figures.seconds[way] = perf_counter() - began


def _in_another_process() -> dict[str, Any]:
    from tests.bench.world import DUE_AT

    command = [sys.executable, "-m", "tests.bench.closing", DUE_AT.isoformat()]
    done: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return done


def _say(figures: Figures) -> Figures:
    print(f"{figures.rounds:,} rounds due at the same instant", flush=True)
    for way, what in (
        ("engine", "the engine, batches of 500"),
        ("naive", "a task and a transaction for each"),
        ("sql", "set-based SQL, the same rows"),
    ):
        if way in figures.seconds:
            print(f"  {what:<36}{figures.seconds[way]:>9.2f} s {figures.speed(way):>10,.0f} rounds/s", flush=True)
    print(f"  {'longest tick':<36}{figures.longest_tick:>9.2f} s")
    print(f"  {'idle tick, as many open and none due':<36}{figures.idle * 1000:>9.1f} ms")
    by = "by their index" if figures.by_index else "NOT by their index"
    print(f"  {f'claiming the {FEW} that are due':<36}{figures.few * 1000:>9.1f} ms, {by}")
    print(f"  {'memory, before and at its highest':<36}{figures.memory_before:>9.0f} MB {figures.memory_peak:>9.0f} MB")
    return figures


def _conclude(figures: Sequence[Figures]) -> None:
    if len(figures) > 1:
        sizes = [math.log(each.rounds) for each in figures]
        seconds = [math.log(each.seconds["engine"]) for each in figures]
        growth = linear_regression(sizes, seconds).slope
        _aim("growth exponent", growth, growth <= GROWTH, f"at most {GROWTH}")
        peaks = [each.memory_peak for each in figures]
        _aim("peak memory, largest to smallest size", peaks[-1] / peaks[0], peaks[-1] / peaks[0] <= MEMORY, "flat")
    for each in figures:
        engine = each.speed("engine")
        if "naive" in each.seconds:
            times = engine / each.speed("naive")
            _aim(f"{each.rounds:,}: times the naive loop", times, times >= FASTER_THAN_NAIVE, f"{FASTER_THAN_NAIVE}")
        times = each.speed("sql") / engine
        _aim(f"{each.rounds:,}: times slower than SQL", times, times <= SLOWER_THAN_SQL, f"within {SLOWER_THAN_SQL}")


def _aim(what: str, figure: float, met: bool, aim: str) -> None:
    print(f"{what:<40}{figure:>9.2f}   aim {aim}: {'met' if met else 'MISSED'}", flush=True)


@contextmanager
def _own_database() -> Iterator[None]:
    """A new database beside the one that DATABASE_URL names, for this process and those that it starts."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    given, name = os.environ["DATABASE_URL"], f"ekip_bench_{os.getpid()}"
    server, _slash, rest = given.rpartition("/")
    _database, _mark, options = rest.partition("?")

    def execute(statement: str) -> None:
        with psycopg.connect(given, autocommit=True) as connection:
            connection.execute(SQL(statement).format(Identifier(name)))

    execute("CREATE DATABASE {}")
    os.environ["DATABASE_URL"] = f"{server}/{name}" + (f"?{options}" if options else "")
    try:
        yield
    finally:
        execute("DROP DATABASE {} WITH (FORCE)")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ekip.settings")
    wanted = [int(each) for each in os.environ.get("SIZES", "").replace(",", " ").split()]
    with _own_database():
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        status = main(sorted(wanted) or SIZES)
    sys.exit(status)
