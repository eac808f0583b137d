"""The property tests of processes at any size, with their figures: `make proof-process N=20000`."""

from __future__ import annotations

import copy
import sys
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from time import perf_counter

from engine.process.bound import bound
from engine.process.checker import faults
from engine.process.values import definition_from
from tests.engine.process.generated import definition
from tests.engine.process.mutations import BASES, KNOWN, OPERATORS, messages, reported, written
from tests.engine.process.walks import Walker

# Who walks: nobody acts and the clock is looked at in time; people act in time; people act and clocks jump; only jumps.
WALKERS = ((False, False), (True, False), (True, True), (False, True))


@dataclass
class Longest:
    """The walk that came nearest to its bound in moves, and the longest one."""

    walks: int = 0
    moves: int = 0
    bound: int = 0
    nearest: float = 0
    time: timedelta = timedelta(0)


def main(number: int) -> int:
    """Make, check, walk and spoil so many definitions; the number of things that went wrong."""
    began, wrong, longest, spoiled = perf_counter(), 0, Longest(), 0
    for seed in range(number):
        wrong += _report(seed, messages(faults(definition(Random(seed)), KNOWN)))
        wrong += _report(seed, _walk(seed, longest))
    operators = [(code, each) for code, all_of_it in OPERATORS.items() for each in all_of_it]
    for seed in range(max(1, number // 1000)):
        random = Random(seed)
        for base in (*BASES, definition(random)):
            for code, operator in operators:
                data = copy.deepcopy(base)
                path = operator(data, random)
                line, found = reported(written(data), path)
                wrong += _report(seed, [] if (code, line) in found else [f"{code} is not found at line {line}"])
                spoiled += 1
    print(f"sound definitions, generated         {number:>9,}, none with a fault unless reported above")
    print(f"walks to an end within the bound     {longest.walks:>9,}")
    print(f"longest walk                         {longest.moves:>9,} moves, where {longest.bound:,} are the bound")
    print(f"nearest to its bound                 {longest.nearest:>9.0%}")
    print(f"longest in time, clock in time       {longest.time.days:>9,} days")
    print(f"classes of faults, operators         {len(OPERATORS):>9,}, {len(operators)}")
    print(f"spoiled definitions                  {spoiled:>9,}, each found with class and line unless reported above")
    print(f"went wrong                           {wrong:>9,}")
    print(f"seconds                              {perf_counter() - began:>9.0f}")
    return wrong


def _walk(seed: int, longest: Longest) -> list[str]:
    process = definition_from(definition(Random(seed), open_ended=False))
    most = bound(process)
    said = []
    for acts, jumps in WALKERS:
        walk = Walker(process, Random(seed), acts=acts, jumps=jumps).walk()
        if walk.moves > most.moves or (not jumps and most.time is not None and walk.time > most.time):
            said.append(f"{walk} outlasts {most}")
        longest.walks += 1
        longest.nearest = max(longest.nearest, walk.moves / most.moves)
        if walk.moves > longest.moves:
            longest.moves, longest.bound = walk.moves, most.moves
        if not jumps:
            longest.time = max(longest.time, walk.time)
    return said


def _report(seed: int, said: list[str]) -> int:
    for each in said:
        print(f"seed {seed}: {each}")
    return len(said)


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)))
