"""Nobody is waited for without end: every stage passes by itself, has a timer that takes a way, or says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from engine.process.checker.faults import Fault
from engine.process.checker.sketch import Node, Sketch


def faults_of(drawn: Sketch) -> Iterator[Fault]:
    """Stages that wait for people and that nothing else can end. A timer that only reminds ends nothing."""
    for node in drawn.nodes.values():
        if not (node.is_end or node.is_open_ended or passes(node)):
            yield node.spot.fault("no-timer", stage=node.key)


def passes(node: Node) -> bool:
    """Whether the stage is surely left some time, whatever people do or leave undone."""
    return any(way.is_sure and (way.by == "system" or way.key in node.timed) for way in node.ways)
