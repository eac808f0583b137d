"""A text as HTML. Safe by construction: every word is escaped, every tag and attribute is written here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from recommendations.text.blocks import (
    Block,
    Footnote,
    Heading,
    Image,
    ListItem,
    Paragraph,
    Quote,
    Table,
    Text,
    labels,
    slots,
)
from recommendations.text.inline import Marks, Run
from recommendations.text.languages import short_lang
from recommendations.text.links import safe_href, safe_src
from recommendations.text.lists import ListCounter


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set into its page.

    `lang` is the language of the page around it; only departures from it are marked. `number_from`, the
    number of the first passage, gives each block an id and its own number (`data-passage`); 0 gives none.
    `heading_offset` is added to the level of every heading. `id_prefix` stands before block ids, and must
    differ between texts on one page.
    """

    lang: str
    number_from: int = 0
    heading_offset: int = 0
    id_prefix: str = "b-"


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with its runs already written: one string of safe HTML for each of its slots."""

    block: Block
    inner: tuple[str, ...]
    classes: str = ""
    anchored: bool = True  # may carry an id; not where the same block appears twice on the page


def to_html(text: Text, *, lang: str, number_from: int = 0, heading_offset: int = 0, id_prefix: str = "b-") -> str:
    """The text as semantic HTML for a page in `lang`; see `Style` for the options."""
    style = Style(lang, number_from, heading_offset, id_prefix)
    referred: set[str] = set()
    pieces = (
        Piece(block, tuple(inline_html(runs, block.lang, style, referred) for runs in slots(block))) for block in text
    )
    return assemble(pieces, style, labels(text))


def inline_html(runs: Iterable[Run], lang: str, style: Style, referred: set[str]) -> str:
    """Runs as HTML inside a block in `lang`. `referred` gathers the footnotes that already have a reference."""
    return "".join(_inline(runs, lang, style, referred))


def _inline(runs: Iterable[Run], lang: str, style: Style, referred: set[str]) -> Iterator[str]:
    for (link, note), stretch in groupby(runs, key=lambda run: (run.marks.link, run.marks.note)):
        inner = "".join(_spoken(stretch, lang))
        if note:
            target = escape(f"{style.id_prefix}{note}")
            back = "" if note in referred else f' id="{target}-ref"'
            referred.add(note)
            yield f'<sup><a role="doc-noteref" href="#{target}"{back}>{inner}</a></sup>'
        elif safe_href(link):
            yield f'<a href="{escape(safe_href(link))}">{inner}</a>'
        else:
            yield inner


def _spoken(runs: Iterable[Run], lang: str) -> Iterator[str]:
    for foreign, stretch in groupby(runs, key=lambda run: run.marks.lang):
        inner = "".join(_stressed(stretch))
        marked = foreign != lang and short_lang(foreign)
        yield f'<span lang="{escape(foreign)}">{inner}</span>' if marked else inner


def _stressed(runs: Iterable[Run]) -> Iterator[str]:
    for strong, stretch in groupby(runs, key=lambda run: run.marks.strong):
        inner = "".join(_emphasised(run.text, run.marks) for run in stretch)
        yield f"<strong>{inner}</strong>" if strong else inner


def _emphasised(words: str, marks: Marks) -> str:
    html = escape(words).replace("\n", "<br>")
    return f"<em>{html}</em>" if marks.emphasis else html


def assemble(pieces: Iterable[Piece], style: Style, names: dict[str, str]) -> str:
    """The pieces as one document, with the nesting of lists rebuilt. `names` are the labels of footnotes."""
    return "".join(_assembled(pieces, style, names))


def _assembled(pieces: Iterable[Piece], style: Style, names: dict[str, str]) -> Iterator[str]:
    open_lists: list[str] = []
    langs: list[str] = []  # of the open items, whose language the items inside them inherit
    counter = ListCounter()
    for passage, piece in enumerate(pieces, start=style.number_from):
        block = piece.block
        if isinstance(block, ListItem):
            depth = min(block.depth, len(open_lists))
            del langs[depth:]
            attributes = _attributes(piece, passage, style, langs[-1] if langs else style.lang)
            langs.append(block.lang)
            yield from _item(piece, block, attributes, open_lists, counter)
        else:
            langs.clear()
            counter.number(block)
            yield from _close(open_lists, 0)
            yield _standing(piece, _attributes(piece, passage, style, style.lang), style, names)
    yield from _close(open_lists, 0)


def _item(piece: Piece, item: ListItem, attributes: str, open_lists: list[str], counter: ListCounter) -> Iterator[str]:
    depth = min(item.depth, len(open_lists))
    tag = "ol" if item.ordered else "ul"
    number = counter.number(item)
    yield from _close(open_lists, depth + 1)
    if len(open_lists) > depth and (open_lists[depth] != tag or item.start):
        yield from _close(open_lists, depth)
    if len(open_lists) > depth:
        yield "</li>"
    else:
        open_lists.append(tag)
        yield f'<{tag} start="{number}">' if number > 1 else f"<{tag}>"
    yield f"<li{attributes}>{piece.inner[0]}"


def _close(open_lists: list[str], depth: int) -> Iterator[str]:
    while len(open_lists) > depth:
        yield f"</li></{open_lists.pop()}>"


def _attributes(piece: Piece, passage: int, style: Style, around: str) -> str:
    block = piece.block
    html = ""
    if piece.anchored and (style.number_from or isinstance(block, Footnote)):
        html += f' id="{escape(style.id_prefix + block.id)}"'
    if style.number_from:
        html += f' data-passage="{passage}"'
    if piece.classes:
        html += f' class="{escape(piece.classes)}"'
    if block.lang != around and short_lang(block.lang):
        html += f' lang="{escape(block.lang)}"'
    return html


def _standing(piece: Piece, attributes: str, style: Style, names: dict[str, str]) -> str:
    """A block that is no list item."""
    block, inner = piece.block, piece.inner
    match block:
        case Heading():
            level = max(1, min(6, block.level + style.heading_offset))
            return f"<h{level}{attributes}>{inner[0]}</h{level}>"
        case Quote():
            return f"<blockquote{attributes}><p>{inner[0]}</p></blockquote>"
        case Table():
            return _table(block, inner, attributes)
        case Image():
            return _image(block, inner[0], attributes)
        case Footnote():
            return _footnote(block, inner[0], attributes, style, names)
        case Paragraph() | ListItem():
            return f"<p{attributes}>{inner[0]}</p>"


def _table(block: Table, inner: tuple[str, ...], attributes: str) -> str:
    cells = iter(inner[1:])
    rows = []
    for n, row in enumerate(block.rows):
        tag, scope = ("th", ' scope="col"') if block.header and n == 0 else ("td", "")
        rows.append("<tr>" + "".join(f"<{tag}{scope}>{next(cells)}</{tag}>" for _ in row) + "</tr>")
    head = f"<thead>{rows.pop(0)}</thead>" if block.header and rows else ""
    body = f"<tbody>{''.join(rows)}</tbody>" if rows else ""
    caption = f"<caption>{inner[0]}</caption>" if inner[0] else ""
    # The wrapper scrolls on a narrow screen, and so must be reachable by keyboard.
    return f'<div class="table-scroll" tabindex="0"><table{attributes}>{caption}{head}{body}</table></div>'


def _image(block: Image, caption: str, attributes: str) -> str:
    src = safe_src(block.src)
    picture = f'<img src="{escape(src)}" alt="{escape(block.alt)}" loading="lazy">' if src else escape(block.alt)
    return f"<figure{attributes}>{picture}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"


def _footnote(block: Footnote, inner: str, attributes: str, style: Style, names: dict[str, str]) -> str:
    back = ""
    if block.id in names:
        target = escape(f"{style.id_prefix}{block.id}-ref")
        back = f'<a role="doc-backlink" href="#{target}">{escape(names[block.id])}</a> '
    return f'<aside role="doc-footnote"{attributes}><p>{back}{inner}</p></aside>'
