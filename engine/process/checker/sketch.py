"""The stages and ways of a definition as a graph, as far as they can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.process.checker.reading import Spot


@dataclass(frozen=True)
class Way:
    """A way out of a stage; `onto` are the stages that it enters, those that exist."""

    spot: Spot
    key: str
    kind: str
    by: str
    onto: tuple[str, ...]
    forks: bool
    is_free: bool
    is_gated: bool

    @property
    def is_sure(self) -> bool:
        """Whether it can be taken at any time and any number of times."""
        return self.is_free and not self.is_gated


@dataclass(frozen=True)
class Node:
    """A stage; `timed` are the keys of the ways that its timers take."""

    spot: Spot
    key: str
    ways: tuple[Way, ...]
    timed: frozenset[str]
    is_end: bool
    is_join: bool
    is_open_ended: bool


@dataclass(frozen=True)
class Sketch:
    """A graph of stages; `is_whole` unless a stage or the end of a way could not be read."""

    nodes: Mapping[str, Node]
    start: str
    is_whole: bool

    def reached(self, start: Iterable[str], along: Callable[[Node, Way], bool] = lambda node, way: True) -> set[str]:
        """The stages that can be entered from some, those included, along ways of a sort."""
        seen, waiting = set(start), list(start)
        while waiting:
            node = self.nodes[waiting.pop()]
            for onward in (key for way in node.ways if along(node, way) for key in way.onto):
                if onward not in seen:
                    seen.add(onward)
                    waiting.append(onward)
        return seen


def sketch(root: Spot) -> Sketch:
    """The graph of a definition's stages."""
    items = root.at("stages").items()
    spots = {each.text("key"): each for each in reversed(items) if each.text("key")}
    nodes = {key: _node(spots[key], spots) for each in items if (key := each.text("key"))}
    targets = [each for node in nodes.values() for way in node.ways for each in _targets(way.spot)]
    is_whole = len(spots) == len(items) and all(isinstance(each, str) and each in spots for each in targets)
    return Sketch(nodes, next(iter(nodes), ""), is_whole)


def _node(spot: Spot, stages: Mapping[str, Spot]) -> Node:
    return Node(
        spot=spot,
        key=spot.text("key"),
        ways=tuple(_way(each, stages) for each in spot.parts("transitions")),
        timed=_timed(spot),
        is_end=spot.at("end").value is True,
        is_join=spot.at("join").value is True,
        is_open_ended=spot.at("open_ended").value is True,
    )


def _way(spot: Spot, stages: Mapping[str, Spot]) -> Way:
    onto = tuple(each for each in _targets(spot) if isinstance(each, str) and each in stages)
    return Way(
        spot=spot,
        key=spot.text("key"),
        kind=spot.text("kind"),
        by=spot.text("by"),
        onto=tuple(dict.fromkeys(onto)),
        forks=bool(spot.at("beside").items()),
        is_free=spot.count("at_most") is None,
        is_gated=bool(spot.at("when").value),
    )


def _targets(way: Spot) -> list[object]:
    return [way.at("to").value, *(each.value for each in way.at("beside").items())]


def _timed(stage: Spot) -> frozenset[str]:
    taken = {each.text("transition") for each in stage.parts("timers") if each.text("then") == "take"}
    return frozenset(each.text("key") for each in stage.parts("transitions") if each.text("by") == "timer") & taken
