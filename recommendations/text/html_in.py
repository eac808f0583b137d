"""HTML from an editor or from elsewhere, read into blocks: any string, its words kept, all else dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from recommendations.text.blocks import (
    ID,
    Block,
    Footnote,
    Heading,
    IdMaker,
    Image,
    ListItem,
    Paragraph,
    Quote,
    Table,
    Text,
    rename_notes,
    slots,
    with_slots,
)
from recommendations.text.html_tame import BREAKING, HEADINGS
from recommendations.text.html_tree import Node, parse
from recommendations.text.inline import PLAIN, Marks, Run, Runs, squeeze, tidy
from recommendations.text.languages import short_lang
from recommendations.text.limits import MAX_ALT, MAX_BLOCKS, MAX_LIST_DEPTH, MAX_TABLE_COLUMNS, MAX_TABLE_ROWS
from recommendations.text.links import safe_href, safe_src
from recommendations.text.lists import ListCounter

_NOTE_ROLES = {"doc-footnote", "doc-endnote"}
_WHITE = re.compile(r"[ \t\r\n\f]+")
_PARAGRAPH = Paragraph(id="", lang="", runs=())
_QUOTE = Quote(id="", lang="", runs=())


def from_html(html: str, *, lang: str, id_prefix: str = "b-", salt: str = "") -> Text:
    """The blocks of any HTML string, in the language `lang` where it does not say otherwise.

    Never raises on what the string holds. Ids that `to_html` wrote (with the same prefix) are kept; other
    blocks get one derived from their words and `salt` (for instance the section's key). The result may
    still break a limit or lack an alternative text: `check` tells before it is stored.
    """
    reader = _Reader()
    place = _Place(shape=_PARAGRAPH, marks=PLAIN, lang=lang, block_lang=lang)
    reader.visit_all(parse(html), place)
    reader.flush(last=True)
    return _named(_numbered(reader.drafts), id_prefix, salt)


@dataclass(slots=True)
class _Draft:
    """A block before it has its id, with the `id` attribute its element had."""

    block: Block
    html_id: str = ""
    number: int = 0  # of a list item in its list, as the HTML counts


@dataclass(slots=True)
class _List:
    """An open list and the number of its latest item."""

    ordered: bool
    depth: int
    number: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the tree the reader is: what words met here become."""

    shape: Block  # the kind of block they belong to
    marks: Marks
    lang: str
    block_lang: str
    html_id: str = ""
    listing: _List | None = None
    captured: list[Run] | None = None  # they go here, whatever the elements between: a cell, a caption, a note
    preformatted: bool = False


class _Reader:
    """Walks the tree and gathers blocks. `shape` and `runs` are the block of words now open."""

    def __init__(self) -> None:
        self.drafts: list[_Draft] = []
        self.shape: Block | None = None
        self.shape_id = ""
        self.runs: list[Run] = []
        self.images: list[_Draft] = []  # met inside a block of words; they follow when it ends

    def visit_all(self, node: Node, place: _Place) -> None:
        for child in node.children:
            if isinstance(child, str):
                self.write(child if place.preformatted else _WHITE.sub(" ", child), place)
            else:
                self.visit(child, place)

    def visit(self, node: Node, place: _Place) -> None:
        lang = short_lang(node.attributes.get("lang", "")) or place.lang
        place = replace(place, lang=lang)
        if node.tag in BREAKING:
            held = place.block_lang if place.captured is not None else lang
            place = replace(place, block_lang=held, html_id=node.attributes.get("id") or place.html_id)
            self.visit_breaking(node, place)
            return
        match node.tag:
            case "strong" | "b":
                self.visit_all(node, replace(place, marks=replace(place.marks, strong=True)))
            case "em" | "i":
                self.visit_all(node, replace(place, marks=replace(place.marks, emphasis=True)))
            case "a":
                self.anchor(node, place)
            case "br":
                self.line_break(place)
            case "img":
                self.image(node, place)
            case "td" | "th":
                self.write(" ", place)
                self.visit_all(node, place)
            case _:
                self.visit_all(node, place)

    def visit_breaking(self, node: Node, place: _Place) -> None:
        self.divide(place)
        free = place.captured is None
        match node.tag:
            case "ul" | "ol" | "menu" if free:
                self.read_list(node, place)
            case "li" if free:
                self.item(node, place)
            case "table" if free:
                self.table(node, place)
            case "figure" if free:
                self.figure(node, place)
            case "blockquote" if free and place.listing is None:
                self.visit_all(node, replace(place, shape=_QUOTE))
            case "pre":
                self.visit_all(node, replace(place, preformatted=True))
            case tag if tag in HEADINGS and free and place.listing is None:
                shape = Heading(id="", lang="", runs=(), level=HEADINGS[tag])
                self.visit_all(node, replace(place, shape=shape))
            case _ if node.attributes.get("role") in _NOTE_ROLES and free:
                self.footnote(node, place)
            case _:
                self.visit_all(node, place)
        self.divide(place)

    # --- words

    def write(self, text: str, place: _Place) -> None:
        if place.captured is not None:
            foreign = place.lang if place.lang != place.block_lang else ""
            place.captured.append(Run(text, replace(place.marks, lang=foreign)))
            return
        if self.shape is None:
            if not text.strip(" \t\r\n\f"):
                return
            self.shape, self.shape_id = replace(place.shape, lang=place.block_lang), place.html_id
        foreign = place.lang if place.lang != self.shape.lang else ""
        self.runs.append(Run(text, replace(place.marks, lang=foreign)))

    def line_break(self, place: _Place) -> None:
        before = next((run.text for run in reversed(self.runs) if run.text.strip(" \t\r\f")), "")
        if before.endswith("\n") and place.captured is None and place.listing is None:
            self.flush()  # two line breaks in a row are how many editors write a new paragraph
        else:
            self.write("\n", place)

    def divide(self, place: _Place) -> None:
        """The end of a paragraph: of the block, or of a line where one block must hold it all."""
        if place.captured is not None:
            place.captured.append(Run("\n"))
        elif place.listing is not None and self.shape is not None:
            self.runs.append(Run("\n"))
        else:
            self.flush()

    def flush(self, listing: _List | None = None, *, last: bool = False) -> None:
        """End the open block of words."""
        if len(self.drafts) > MAX_BLOCKS and self.shape is not None and not last:
            self.runs.append(Run("\n"))  # too many already, as `check` will say; more would only take time
            return
        runs = tidy(self.runs)
        if self.shape is not None and runs:
            if listing:
                listing.number += 1
            block = with_slots(self.shape, (runs,))
            self.drafts.append(_Draft(block, self.shape_id, listing.number if listing else 0))
        self.shape, self.shape_id, self.runs = None, "", []
        self.drafts += self.images
        self.images = []

    def capture(self, node: Node, place: _Place) -> Runs:
        """The words of an element as runs, with line breaks where it has paragraphs."""
        runs: list[Run] = []
        lang = short_lang(node.attributes.get("lang", "")) or place.lang
        self.visit_all(node, replace(place, captured=runs, lang=lang))
        return tidy(runs)

    def anchor(self, node: Node, place: _Place) -> None:
        href = node.attributes.get("href", "")
        if node.attributes.get("role") == "doc-backlink":
            return
        if href.startswith("#"):
            marks = replace(place.marks, note=href[1:], link="")
        else:
            marks = replace(place.marks, link=safe_href(href), note="")
        self.visit_all(node, replace(place, marks=marks))

    # --- blocks

    def image(self, node: Node, place: _Place) -> None:
        src = safe_src(node.attributes.get("src", ""))
        alt = squeeze(node.attributes.get("alt", ""))[:MAX_ALT].strip(" ")
        if src:
            image = Image(id="", lang=place.lang, src=src, alt=alt)
            self.images.append(_Draft(image, place.html_id))
        elif alt:
            self.write(alt, place)

    def figure(self, node: Node, place: _Place) -> None:
        captions = [child for child in node.children if isinstance(child, Node) and child.tag == "figcaption"]
        rest = [child for child in node.children if child not in captions]
        self.flush(place.listing)
        before = len(self.drafts)
        self.visit_all(Node("figure", {}, rest), place)
        self.flush(place.listing)
        caption = tidy(run for each in captions for run in (*self.capture(each, place), Run("\n")))
        pictured = self.drafts[-1].block if len(self.drafts) > before else None
        if caption and isinstance(pictured, Image | Table) and not pictured.caption:
            self.drafts[-1].block = replace(pictured, caption=caption)
        elif caption:
            self.drafts.append(_Draft(Paragraph(id="", lang=place.block_lang, runs=caption)))

    def footnote(self, node: Node, place: _Place) -> None:
        self.flush(place.listing)
        runs = self.capture(node, place)
        if runs:
            self.drafts.append(_Draft(Footnote(id="", lang=place.block_lang, runs=runs), place.html_id))

    def read_list(self, node: Node, place: _Place) -> None:
        self.flush(place.listing)
        depth = min(place.listing.depth + 1, MAX_LIST_DEPTH) if place.listing else 0
        first = _count(node.attributes.get("start", ""), most=9_999)
        listing = _List(node.tag == "ol", depth, first - 1)
        shape = ListItem(id="", lang="", runs=(), ordered=listing.ordered, depth=depth)
        self.visit_all(node, replace(place, listing=listing, shape=shape, html_id=""))
        self.flush(listing)

    def item(self, node: Node, place: _Place) -> None:
        place = replace(place, html_id=node.attributes.get("id", ""))
        if place.listing is None:
            listing = _List(ordered=False, depth=0, number=0)
            place = replace(place, listing=listing, shape=ListItem(id="", lang="", runs=()))
        self.flush(place.listing)
        if node.attributes.get("role") in _NOTE_ROLES:
            self.footnote(node, place)
        else:
            self.visit_all(node, place)
        self.flush(place.listing)

    def table(self, node: Node, place: _Place) -> None:
        self.flush(place.listing)
        place = replace(place, block_lang=place.lang, marks=PLAIN)
        caption: list[Run] = []
        lines: list[Node] = []
        headed = False
        for part in (child for child in node.children if isinstance(child, Node)):
            if part.tag == "caption":
                caption += (*self.capture(part, place), Run("\n"))
            elif part.tag == "tr":
                lines.append(part)
            else:
                headed = headed or (part.tag == "thead" and not lines)
                lines += [line for line in part.children if isinstance(line, Node) and line.tag == "tr"]
        rows = self.rows(lines, place)
        cells = [cell for line in lines[:1] for cell in line.children if isinstance(cell, Node)]
        header = headed or (bool(cells) and all(cell.tag == "th" for cell in cells))
        if any(cell for row in rows for cell in row):
            table = Table(id="", lang=place.lang, rows=rows, caption=tidy(caption), header=header)
            self.drafts.append(_Draft(table, place.html_id))
        elif tidy(caption):
            self.drafts.append(_Draft(Paragraph(id="", lang=place.lang, runs=tidy(caption))))
        self.flush()

    def rows(self, lines: list[Node], place: _Place) -> tuple[tuple[Runs, ...], ...]:
        """The cells of the rows; where a cell spans several places, the others are empty."""
        rows: list[tuple[Runs, ...]] = []
        below: dict[int, int] = {}  # column -> rows that a cell above still covers
        for line in lines:
            row: list[Runs] = []
            for cell in (child for child in line.children if isinstance(child, Node)):
                while below.get(len(row), 0):
                    below[len(row)] -= 1
                    row.append(())
                width = _count(cell.attributes.get("colspan", ""), most=MAX_TABLE_COLUMNS)
                height = _count(cell.attributes.get("rowspan", ""), most=MAX_TABLE_ROWS)
                for column in range(len(row), min(len(row) + width, MAX_TABLE_COLUMNS)):
                    below[column] = height - 1
                row += [self.capture(cell, place), *([()] * (width - 1))]
            if row:
                rows.append(tuple(row))
        return tuple(rows)


def _count(value: str, *, most: int) -> int:
    """A count from an attribute; 1 where it does not hold one."""
    return max(1, min(int(value), most)) if re.fullmatch(r"[0-9]{1,6}", value) else 1


def _numbered(drafts: list[_Draft]) -> list[_Draft]:
    """The drafts with depths that rise by one at most, and a start where an item does not simply continue."""
    counter = ListCounter()
    deepest = -1
    for draft in drafts:
        if isinstance(draft.block, ListItem):
            depth = min(draft.block.depth, deepest + 1)
            natural = counter.natural(ordered=draft.block.ordered, depth=depth)
            start = draft.number if draft.block.ordered and draft.number != natural else 0
            draft.block = replace(draft.block, depth=depth, start=start)
            deepest = depth
        else:
            deepest = -1
        counter.number(draft.block)
    return drafts


def _named(drafts: list[_Draft], prefix: str, salt: str) -> Text:
    """The blocks with their ids, and references that lead to footnotes of this text only."""
    known: dict[str, int] = {}  # id -> the first draft that brought it
    for n, draft in enumerate(drafts):
        name = draft.html_id.removeprefix(prefix) if draft.html_id.startswith(prefix) else ""
        if ID.fullmatch(name):
            known.setdefault(name, n)
    kept = {n: name for name, n in known.items()}
    ids = IdMaker(known, salt=salt)
    blocks = [replace(draft.block, id=kept.get(n) or ids.make(draft.block)) for n, draft in enumerate(drafts)]
    notes = {
        draft.html_id: block.id
        for draft, block in zip(drafts, blocks, strict=True)
        if draft.html_id and isinstance(block, Footnote)
    }
    renamed = (rename_notes(block, notes) for block in blocks)
    return tuple(with_slots(block, tuple(tidy(place) for place in slots(block))) for block in renamed)
