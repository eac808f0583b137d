"""What became of a text: blocks are aligned first, then the words within a block that has changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from recommendations.text.align import Pair, gaps, matches
from recommendations.text.blocks import Block, Image, Table, Text, kind_of, slots
from recommendations.text.inline import Marks, Run, Runs, tidy
from recommendations.text.similarity import alike

BlockFate = Literal["kept", "changed", "added", "removed"]
RunFate = Literal["kept", "added", "removed"]
Token = tuple[str, Marks]

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class RunChange:
    """A run and whether it was kept, added or removed. A change of marks is a removal and an addition."""

    fate: RunFate
    run: Run


@dataclass(frozen=True, slots=True)
class Change:
    """A block before and after. `slots` holds the changes within each of its places (a table: its cells)."""

    fate: BlockFate
    before: Block | None
    after: Block | None
    slots: tuple[tuple[RunChange, ...], ...]

    @property
    def block(self) -> Block:
        """The block as it is now, or as it was when it was removed."""
        block = self.after or self.before
        if block is None:
            raise ValueError("a change has a block on at least one side")
        return block


@dataclass(frozen=True, slots=True)
class Tally:
    """How much has changed: blocks by fate, and words that came and went."""

    kept: int
    changed: int
    added: int
    removed: int
    words_added: int
    words_removed: int


def diff(before: Text, after: Text) -> tuple[Change, ...]:
    """The changes that lead from one text to the other, in the order of reading.

    Blocks are matched by id where ids are shared, then by equal content, then by likeness. A block moved
    past others shows as removed and added. Bounded: two texts at their limits take about a second.
    """
    pairs = _aligned(before, after)
    changes: list[Change] = []
    for n, (x, to_x, y, to_y) in enumerate(gaps(pairs, len(before), len(after))):
        changes += [_one_sided("removed", block) for block in before[x:to_x]]
        changes += [_one_sided("added", block) for block in after[y:to_y]]
        if n < len(pairs):
            changes.append(_two_sided(before[to_x], after[to_y]))
    return tuple(changes)


def tally(changes: Sequence[Change]) -> Tally:
    """The counts of a diff, for summaries that agree with what is shown."""
    fates = [change.fate for change in changes]
    counted = {"added": 0, "removed": 0, "kept": 0}
    for change in changes:
        for slot in change.slots:
            for part in slot:
                counted[part.fate] += len(_WORD.findall(part.run.text))
    return Tally(
        kept=fates.count("kept"),
        changed=fates.count("changed"),
        added=fates.count("added"),
        removed=fates.count("removed"),
        words_added=counted["added"],
        words_removed=counted["removed"],
    )


def runs_before(slot: Sequence[RunChange]) -> Runs:
    """The runs of a slot as they were."""
    return tidy(part.run for part in slot if part.fate != "added")


def runs_after(slot: Sequence[RunChange]) -> Runs:
    """The runs of a slot as they are now."""
    return tidy(part.run for part in slot if part.fate != "removed")


def _one_sided(fate: Literal["added", "removed"], block: Block) -> Change:
    parts = tuple(tuple(RunChange(fate, run) for run in place) for place in slots(block))
    return Change(fate, block if fate == "removed" else None, block if fate == "added" else None, parts)


def _two_sided(before: Block, after: Block) -> Change:
    parts = tuple(_run_changes(old, new) for old, new in zip(slots(before), slots(after), strict=True))
    same = replace(before, id="") == replace(after, id="")
    return Change("kept" if same else "changed", before, after, parts)


def _run_changes(before: Runs, after: Runs) -> tuple[RunChange, ...]:
    if before == after:
        return tuple(RunChange("kept", run) for run in after)
    numbers: dict[Marks, int] = {}
    old_keys, old = _tokens(before, numbers)
    new_keys, new = _tokens(after, numbers)
    pairs = _without_islands(matches(old_keys, new_keys), old, new)
    parts: list[tuple[RunFate, Token]] = []
    for n, (x, to_x, y, to_y) in enumerate(gaps(pairs, len(old), len(new))):
        parts += [("removed", token) for token in old[x:to_x]]
        parts += [("added", token) for token in new[y:to_y]]
        if n < len(pairs):
            parts.append(("kept", new[to_y]))
    return tuple(_joined(parts))


def _tokens(runs: Runs, numbers: dict[Marks, int]) -> tuple[list[str], list[Token]]:
    """The words and signs of the runs, each with a key that is quicker to compare than its marks."""
    keys: list[str] = []
    tokens: list[Token] = []
    for run in runs:
        number = numbers.setdefault(run.marks, len(numbers))
        for piece in _TOKEN.findall(run.text):
            keys.append(f"{number} {piece}")
            tokens.append((piece, run.marks))
    return keys, tokens


def _without_islands(pairs: list[Pair], old: list[Token], new: list[Token]) -> list[Pair]:
    """The pairs less those spaces and signs that stand alone between changed words on both sides.

    A space kept between two replaced words says nothing, and chops one replacement into many.
    """
    kept: list[Pair] = []
    for n, (x, y) in enumerate(pairs):
        joined_before = n > 0 and pairs[n - 1] == (x - 1, y - 1)
        joined_after = n + 1 < len(pairs) and pairs[n + 1] == (x + 1, y + 1)
        at_edge = (x == 0 and y == 0) or (x == len(old) - 1 and y == len(new) - 1)
        if joined_before or joined_after or at_edge or _WORD.match(old[x][0]):
            kept.append((x, y))
    return kept


def _joined(parts: list[tuple[RunFate, Token]]) -> Iterator[RunChange]:
    """Neighbouring tokens of one fate and one set of marks as one run."""
    texts: list[str] = []
    for n, (fate, (piece, marks)) in enumerate(parts):
        texts.append(piece)
        following = parts[n + 1] if n + 1 < len(parts) else None
        if following is None or following[0] != fate or following[1][1] != marks:
            yield RunChange(fate, Run("".join(texts), marks))
            texts = []


def _aligned(before: Text, after: Text) -> list[Pair]:
    """Pairs of blocks that are states of one block."""
    same_id = matches([block.id for block in before], [block.id for block in after])
    by_id = [(x, y) for x, y in same_id if _comparable(before[x], after[y])]
    said_a, said_b = [replace(b, id="") for b in before], [replace(b, id="") for b in after]
    by_content: list[Pair] = []
    for n, (x, to_x, y, to_y) in enumerate(gaps(by_id, len(before), len(after))):
        by_content += [(x + p, y + q) for p, q in matches(said_a[x:to_x], said_b[y:to_y])]
        by_content += by_id[n : n + 1]
    pairs: list[Pair] = []
    for n, (x, to_x, y, to_y) in enumerate(gaps(by_content, len(before), len(after))):
        pairs += [(x + p, y + q) for p, q in alike(before[x:to_x], after[y:to_y], _comparable)]
        pairs += by_content[n : n + 1]
    return pairs


def _comparable(old: Block, new: Block) -> bool:
    """Whether two blocks can be shown as one with changes in it."""
    match old, new:
        case Table(), Table():
            return list(map(len, old.rows)) == list(map(len, new.rows)) and old.header == new.header
        case Image(), Image():
            return old.src == new.src
        case _:
            return not {kind_of(old), kind_of(new)} & {"table", "image"}
