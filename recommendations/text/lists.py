"""The numbers of list items. One rule for reading and for every way of writing."""

from __future__ import annotations

from recommendations.text.blocks import Block, ListItem


class ListCounter:
    """Walks over the blocks of a text and tells the number of each item."""

    def __init__(self) -> None:
        self._open: list[tuple[bool, int]] = []  # for each depth: numbered or not, last number

    def natural(self, *, ordered: bool, depth: int) -> int:
        """The number an item would have here if it did not say where it starts."""
        if depth < len(self._open) and self._open[depth][0] == ordered:
            return self._open[depth][1] + 1
        return 1

    def number(self, block: Block) -> int:
        """The number of this block in its list; 0 for a block that is no item, which ends all lists."""
        if not isinstance(block, ListItem):
            self._open.clear()
            return 0
        depth = min(block.depth, len(self._open))
        number = block.start or self.natural(ordered=block.ordered, depth=depth)
        self._open[depth:] = [(block.ordered, number)]
        return number
