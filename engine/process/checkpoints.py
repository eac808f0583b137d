"""Checkpoints: one hash over the heads of many chains, from which a single head can be shown to have been among them.

The heads are the leaves of a hash tree. Leaves and inner nodes are hashed differently, so that neither passes for the
other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.process.chain import digest

EMPTY = "0" * 64


@dataclass
class Tree:
    """The root over leaves that come one by one; it keeps one hash per level, however many leaves there are."""

    size: int = 0
    _stack: list[tuple[int, str]] = field(default_factory=list)

    def add(self, leaf: str) -> None:
        """Take in the next leaf."""
        self.size += 1
        width = 1
        while self._stack and self._stack[-1][0] == width:
            leaf = _node(self._stack.pop()[1], leaf)
            width *= 2
        self._stack.append((width, leaf))

    @property
    def root(self) -> str:
        """The root over the leaves so far."""
        if not self._stack:
            return EMPTY
        *left, (_width, root) = self._stack
        for _wide, node in reversed(left):
            root = _node(node, root)
        return root


def leaf_of(run: int, number: int, hash: str) -> str:
    """The leaf that says: the chain of this run ended with this event."""
    return hashlib.sha256(f"leaf\n{run}\n{number}\n{hash}".encode()).hexdigest()


def proof(leaves: Sequence[str], place: int) -> list[tuple[str, str]]:
    """What leads from the leaf at `place` to the root: on which side the next neighbour stands, and its hash."""
    path, level = [], list(leaves)
    while len(level) > 1:
        neighbour = place ^ 1
        if neighbour < len(level):
            path.append(("left" if neighbour < place else "right", level[neighbour]))
        level = [
            _node(*level[start : start + 2]) if start + 1 < len(level) else level[start] for start in _pairs(level)
        ]
        place //= 2
    return path


def climbed(leaf: str, path: Iterable[tuple[str, str]]) -> str:
    """The root to which a leaf leads along its proof."""
    for side, neighbour in path:
        leaf = _node(neighbour, leaf) if side == "left" else _node(leaf, neighbour)
    return leaf


def checkpoint_hash(*, number: int, at: datetime, runs: int, events: int, heads: int, root: str, previous: str) -> str:
    """The hash of a checkpoint: of how many runs and events it knows, of the heads that moved, of the one before."""
    body = {
        "number": number,
        "at": at.isoformat(),
        "runs": runs,
        "events": events,
        "heads": heads,
        "root": root,
        "previous": previous,
    }
    return digest(body)


def _node(left: str, right: str) -> str:
    return hashlib.sha256(f"node\n{left}\n{right}".encode()).hexdigest()


def _pairs(level: Sequence[str]) -> range:
    return range(0, len(level), 2)
