"""Where stages lead: one start, every stage reached, an end from everywhere, no going round for ever."""

from __future__ import annotations

from collections.abc import Iterator

from engine.process.checker.faults import Fault
from engine.process.checker.sketch import Node, Sketch


def faults_of(drawn: Sketch) -> Iterator[Fault]:
    """What is wrong with the graph of stages."""
    if not drawn.nodes:
        return
    yield from _start(drawn)
    for node in drawn.nodes.values():
        yield from _end(node)
        yield from _unbounded(node)
    yield from _loops(drawn)
    # A way whose end cannot be read may be just the one that is missed.
    if drawn.is_whole:
        yield from _unreachable(drawn)
        yield from _dead_ends(drawn)
    yield from _without_text(drawn)


def _start(drawn: Sketch) -> Iterator[Fault]:
    if drawn.nodes[drawn.start].is_end:
        yield drawn.nodes[drawn.start].spot.fault("no-start")


def _end(node: Node) -> Iterator[Fault]:
    for what in ("transitions", "timers", "round"):
        if node.is_end and node.spot.at(what).value:
            yield node.spot.at(what).fault("end-with-ways", what=what)


def _unbounded(node: Node) -> Iterator[Fault]:
    for way in node.ways:
        if way.kind in ("return", "withdraw") and not way.spot.has("at_most"):
            yield way.spot.at("at_most").fault("unbounded")


def _loops(drawn: Sketch) -> Iterator[Fault]:
    """Ways that may be taken without bound must lead onward only."""
    for node in drawn.nodes.values():
        onward = {key for way in node.ways if way.is_free for key in way.onto}
        if node.key in drawn.reached(onward, lambda node, way: way.is_free):
            yield node.spot.fault("loop", stage=node.key)


def _unreachable(drawn: Sketch) -> Iterator[Fault]:
    reached = drawn.reached([drawn.start])
    for node in drawn.nodes.values():
        if node.key not in reached:
            yield node.spot.fault("unreachable", stage=node.key)


def _dead_ends(drawn: Sketch) -> Iterator[Fault]:
    ends = {node.key for node in drawn.nodes.values() if node.is_end}
    for node in drawn.nodes.values():
        if not drawn.reached([node.key]) & ends:
            yield node.spot.fault("dead-end", stage=node.key)


def _without_text(drawn: Sketch) -> Iterator[Fault]:
    """Rounds and decisions are about a frozen text, so a way that freezes it comes before."""
    unfrozen = drawn.reached([drawn.start], lambda node, way: "freeze" not in way.spot.texts("effects"))
    for node in drawn.nodes.values():
        decides = any(way.by == "decider" for way in node.ways)
        if node.key in unfrozen and (decides or node.spot.has("round")):
            yield node.spot.fault("no-text", stage=node.key)
