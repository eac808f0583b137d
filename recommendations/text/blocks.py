"""The blocks a text consists of. Lists are flat: an item knows its depth, and the writers rebuild the nesting."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from recommendations.text.inline import Run, Runs, words_of

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of level 2, 3 or 4 (level 1 is the page's own)."""

    id: str
    lang: str
    runs: Runs
    level: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph."""

    id: str
    lang: str
    runs: Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem:
    """An item of a bulleted or numbered list.

    `depth` counts from 0 and is at most one more than the depth of the item before.
    `start` is 0 where the item continues the list before it, or opens one at number 1; otherwise a
    new numbered list opens here with that number.
    """

    id: str
    lang: str
    runs: Runs
    ordered: bool = False
    depth: int = 0
    start: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of inline cells; `header` says that the first row holds the column headings."""

    id: str
    lang: str
    rows: tuple[tuple[Runs, ...], ...]
    caption: Runs = ()
    header: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A paragraph in the words of someone else."""

    id: str
    lang: str
    runs: Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image from an https address or a path on this site, with the words that replace it."""

    id: str
    lang: str
    src: str
    alt: str
    caption: Runs = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """A note that runs refer to by its id; its label is the text of the first such run."""

    id: str
    lang: str
    runs: Runs


Block = Heading | Paragraph | ListItem | Table | Quote | Image | Footnote
Text = tuple[Block, ...]
Slots = tuple[Runs, ...]

KINDS: dict[str, type[Block]] = {
    "heading": Heading,
    "paragraph": Paragraph,
    "list_item": ListItem,
    "table": Table,
    "quote": Quote,
    "image": Image,
    "footnote": Footnote,
}
_NAMES = {kind: name for name, kind in KINDS.items()}


def kind_of(block: Block) -> str:
    """The name of the block's kind, as in the JSON form."""
    return _NAMES[type(block)]


def slots(block: Block) -> Slots:
    """Every place of the block that holds runs, in reading order (a table: its caption, then its cells)."""
    match block:
        case Table():
            return (block.caption, *(cell for row in block.rows for cell in row))
        case Image():
            return (block.caption,)
        case _:
            return (block.runs,)


def with_slots(block: Block, new: Slots) -> Block:
    """The block with other runs in its places; as many as `slots` gives."""
    match block:
        case Table():
            cells = iter(new[1:])
            return replace(block, caption=new[0], rows=tuple(tuple(next(cells) for _ in row) for row in block.rows))
        case Image():
            return replace(block, caption=new[0])
        case _:
            return replace(block, runs=new[0])


def words(block: Block) -> str:
    """The bare words of the block. Cells are divided by tabs, rows, captions and the like by newlines."""
    match block:
        case Table():
            lines = ["\t".join(words_of(cell) for cell in row) for row in block.rows]
            return "\n".join([words_of(block.caption), *lines] if block.caption else lines)
        case Image():
            return "\n".join([block.alt, words_of(block.caption)] if block.caption else [block.alt])
        case _:
            return words_of(block.runs)


def labels(text: Text) -> dict[str, str]:
    """For each footnote that is referred to: its id and its label."""
    found: dict[str, str] = {}
    for block in text:
        for runs in slots(block):
            for run in runs:
                if run.marks.note:
                    found.setdefault(run.marks.note, run.text)
    return found


def rename_notes(block: Block, names: dict[str, str]) -> Block:
    """The block with its references led to the new ids; a reference to an id not in `names` is dropped."""

    def renamed(run: Run) -> Run:
        return replace(run, marks=replace(run.marks, note=names.get(run.marks.note, "")))

    if not any(run.marks.note for runs in slots(block) for run in runs):
        return block
    return with_slots(
        block, tuple(tuple(renamed(run) if run.marks.note else run for run in runs) for runs in slots(block))
    )


class IdMaker:
    """Gives ids derived from kind and words: the same blocks in the same order get the same ids."""

    def __init__(self, taken: Iterable[str] = (), *, salt: str = "") -> None:
        self._taken = set(taken)
        self._salt = salt
        self._turns: dict[str, int] = {}  # so that a thousand equal blocks do not try a thousand ids each

    def reserve(self, ids: Iterable[str]) -> None:
        """Take these ids too."""
        self._taken.update(ids)

    def make(self, block: Block) -> str:
        """An id that is not taken, and from now on is."""
        seed = f"{self._salt}\0{kind_of(block)}\0{words(block)}"
        while True:
            turn = self._turns[seed] = self._turns.get(seed, -1) + 1
            digest = hashlib.sha256(f"{turn}\0{seed}".encode("utf-8", "replace")).hexdigest()[:10]
            if digest not in self._taken:
                self._taken.add(digest)
                return digest
