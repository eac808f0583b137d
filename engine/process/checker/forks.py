"""Branches that run beside each other: they stay apart, and all meet at one join."""

from __future__ import annotations

from collections.abc import Iterator

from engine.process.checker.faults import Fault
from engine.process.checker.sketch import Sketch, Way


def faults_of(drawn: Sketch) -> Iterator[Fault]:
    """What is wrong with the forks of a definition."""
    # A branch that cannot be read whole may lead to the join after all.
    if not drawn.is_whole:
        return
    for node in drawn.nodes.values():
        for way in node.ways:
            if way.forks:
                yield from _fork(drawn, way)


def _fork(drawn: Sketch, fork: Way) -> Iterator[Fault]:
    passed: dict[str, str] = {}
    joins: set[str] = set()
    met: set[str] = set()
    for branch in fork.onto:
        region = _region(drawn, branch)
        found = {key for key in _onward(drawn, region) if drawn.nodes[key].is_join}
        joins |= found
        if not found and not drawn.nodes[branch].is_join:
            yield fork.spot.fault("no-join", branch=branch)
        elif drawn.nodes[branch].is_join or len(joins) > 1 or any(drawn.nodes[key].is_end for key in region):
            yield fork.spot.fault("join-never-completes", branch=branch)
        for way in (way for key in region for way in drawn.nodes[key].ways):
            if way.forks and way.kind == "advance":
                yield way.spot.fault("fork-in-branch")
        met |= {key for key in region if passed.setdefault(key, branch) != branch}
    for key in sorted(met):
        yield fork.spot.fault("branches-meet", stage=key)


def _region(drawn: Sketch, branch: str) -> set[str]:
    """The stages that a branch passes by ways on before it comes to a join."""
    reached = drawn.reached([branch], lambda node, way: way.kind == "advance" and not node.is_join)
    return {key for key in reached if not drawn.nodes[key].is_join}


def _onward(drawn: Sketch, region: set[str]) -> set[str]:
    return {key for each in region for way in drawn.nodes[each].ways if way.kind == "advance" for key in way.onto}
