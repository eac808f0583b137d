"""Which block is which after a text has been through an editor that knows nothing of ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from recommendations.text.align import Pair, gaps, matches
from recommendations.text.blocks import Block, Footnote, IdMaker, Text, rename_notes
from recommendations.text.similarity import MOST_STEPS, alike, likeness, profile

_MOVED_ALIKE = 0.75  # a block that has both moved and changed must be this like what it was


def keep_ids(new: Text, previous: Text) -> Text:
    """The new text with the ids of the previous one, block by block, and no id twice.

    A block that is equal or similar to a previous block gets its id, also when it has moved; any other
    block gets an id that the previous text does not use. References to footnotes follow their footnote.
    """
    origin = dict(_origins(new, previous))
    kept = {previous[x].id for x in origin.values()}
    ids = IdMaker({block.id for block in previous} | kept)
    named: list[str] = []
    fresh: set[str] = set()
    before = {block.id for block in previous}
    for y, block in enumerate(new):
        if y in origin:
            named.append(previous[origin[y]].id)
        elif block.id and block.id not in before and block.id not in fresh:
            named.append(block.id)
            fresh.add(block.id)
        else:
            named.append("")
    ids.reserve(fresh)
    blocks = [replace(block, id=name or ids.make(block)) for block, name in zip(new, named, strict=True)]
    notes = {old.id: block.id for old, block in zip(new, blocks, strict=True) if isinstance(old, Footnote)}
    return tuple(rename_notes(block, notes) for block in blocks)


def _origins(new: Text, previous: Text) -> Iterator[Pair]:
    """Pairs of a position in the new text and the position of the same block in the previous one."""
    old_keys, new_keys = _keys(previous), _keys(new)
    pairs = matches(old_keys, new_keys)
    free_old, free_new = _free(pairs, len(previous), len(new))
    moved = list(_moved(old_keys, new_keys, free_old, free_new))
    taken_old, taken_new = {x for x, _ in moved}, {y for _, y in moved}
    yield from ((y, x) for x, y in pairs + moved)

    changed: list[Pair] = []
    for from_x, to_x, from_y, to_y in gaps(pairs, len(previous), len(new)):
        xs = [x for x in range(from_x, to_x) if x not in taken_old]
        ys = [y for y in range(from_y, to_y) if y not in taken_new]
        found = alike(tuple(previous[x] for x in xs), tuple(new[y] for y in ys))
        changed += [(xs[p], ys[q]) for p, q in found]
    yield from ((y, x) for x, y in changed)
    taken_old |= {x for x, _ in changed}
    taken_new |= {y for _, y in changed}

    rest_old = [x for x in free_old if x not in taken_old]
    rest_new = [y for y in free_new if y not in taken_new]
    yield from _moved_and_changed(new, previous, rest_old, rest_new)


def _keys(text: Text) -> list[Block]:
    """For each block what it says, without ids, its own and those of footnotes."""
    same = dict.fromkeys((block.id for block in text), "note")
    return [replace(rename_notes(block, same), id="") for block in text]


def _free(pairs: list[Pair], size_old: int, size_new: int) -> tuple[list[int], list[int]]:
    used_old, used_new = {x for x, _ in pairs}, {y for _, y in pairs}
    return [x for x in range(size_old) if x not in used_old], [y for y in range(size_new) if y not in used_new]


def _moved(old: list[Block], new: list[Block], free_old: list[int], free_new: list[int]) -> Iterator[Pair]:
    """Equal blocks in another order."""
    places: defaultdict[Block, list[int]] = defaultdict(list)
    for x in reversed(free_old):
        places[old[x]].append(x)
    for y in free_new:
        if places.get(new[y]):
            yield places[new[y]].pop(), y


def _moved_and_changed(new: Text, previous: Text, rest_old: list[int], rest_new: list[int]) -> Iterator[Pair]:
    """The most alike of what is left, best first; nothing when there is too much of it to compare."""
    old = {x: profile(previous[x]) for x in rest_old}
    fresh = {y: profile(new[y]) for y in rest_new}
    if len(rest_old) * sum(one.cost for one in fresh.values()) > MOST_STEPS:
        return
    rated = [(likeness(old[x], fresh[y]), y, x) for x in rest_old for y in rest_new]
    done_old: set[int] = set()
    done_new: set[int] = set()
    for rate, y, x in sorted(rated, key=lambda each: (-each[0], each[1], each[2])):
        if rate < _MOVED_ALIKE:
            return
        if x not in done_old and y not in done_new:
            done_old.add(x)
            done_new.add(y)
            yield y, x
