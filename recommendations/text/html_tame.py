"""Any string as well-formed HTML of known elements, nested to a bounded depth, in time linear in its length.

HTML parsers that follow the standard take quadratic time on deep nesting: a megabyte of `<div>` holds
one up for minutes. So the tags are put in order here before a real parser sees them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
VOID = frozenset({"br", "hr", "img"})
# They divide paragraphs, even where nothing else is known of them.
BREAKING = frozenset(
    {"address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend", "li", "main"}
    | {"menu", "nav", "ol", "option", "p", "pre", "search", "section", "summary", "ul"}
    | {"table", "caption", "thead", "tbody", "tfoot", "tr"}
    | set(HEADINGS)
)
ATTRIBUTES = {
    "*": {"lang", "id", "role"},
    "a": {"href"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "img": {"src", "alt"},
}
# Stands for `&` in the words until the parser is through; it cannot occur in clean text. Parsers of the
# standard take quadratic time on many ampersands, however they are written.
AMPERSAND = "\ufffe"
_MAX_VALUE = 8_000  # characters of an attribute
_MAX_DEPTH = 50  # the tags of deeper elements are left out; their words stay

_INLINE = frozenset({"a", "b", "em", "i", "span", "strong"})
KNOWN = BREAKING | VOID | _INLINE | {"td", "th"}

# Opening the one ends the others, where their end tags were left out.
_IMPLIES = {"li": {"p", "li"}, "dt": {"p", "dt", "dd"}, "dd": {"p", "dt", "dd"}, "option": {"p", "option"}}
_PARAGRAPH = {"p"}
_MOST_INLINE = 8  # open inline elements that are looked through for one that is ended so

_GROUPS = frozenset({"table", "thead", "tbody", "tfoot"})
# What a part of a table may stand in; whatever is open inside that has ended when the part begins.
_STANDS_IN = {
    "td": _GROUPS | {"tr"},
    "th": _GROUPS | {"tr"},
    "tr": _GROUPS,
    "thead": frozenset({"table"}),
    "tbody": frozenset({"table"}),
    "tfoot": frozenset({"table"}),
    "caption": frozenset({"table"}),
}
_RAW = {"script", "style"}

_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_REST = re.compile(r"(?:[^\"'>]|\"[^\"]*\"|'[^']*')*+>")
_ATTRIBUTE = re.compile(r"([^\s\"'>/=]+)(?:\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_RAW_END = {name: re.compile(rf"</{name}[^>]*>", re.IGNORECASE) for name in _RAW}


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    closing: bool
    rest: str


def tame(html: str) -> str:
    """Well-formed HTML with the words of `html` and the known elements among its tags."""
    return "".join(_Emitter().document(html))


def _tokens(html: str) -> Iterator[_Tag | str]:
    """The tags and the stretches between them, as they stand; comments, scripts and styles left out."""
    at = 0
    quotes_pair = True  # until a tag is found whose quotes never do; looking again each time would be quadratic
    while at < len(html):
        sign = html.find("<", at)
        if sign < 0:
            break
        if sign > at:
            yield html[at:sign]
        closing = html.startswith("</", sign)
        name = _NAME.match(html, sign + 1 + closing)
        if name is None:
            at = _skip(html, sign)
            if at == sign:
                yield "<"
                at += 1
            continue
        rest = _REST.match(html, name.end()) if quotes_pair else None
        end = rest.end() if rest else html.find(">", name.end()) + 1
        if not end:
            at = sign
            break
        quotes_pair = quotes_pair and rest is not None
        tag = _Tag(name[0].lower(), closing, html[name.end() : end - 1])
        at = end
        if tag.name in _RAW:
            stop = None if closing else _RAW_END[tag.name].search(html, end)
            at = end if closing else stop.end() if stop else len(html)
        else:
            yield tag
    yield html[at:]


def _skip(html: str, sign: int) -> int:
    """Where a comment, declaration or instruction that opens at `sign` ends; `sign` if none opens there."""
    if html.startswith("<!--", sign):
        if html.startswith((">", "->"), sign + 4):
            return html.index(">", sign) + 1
        end = html.find("-->", sign + 4)
        return end + 3 if end >= 0 else len(html)
    if html.startswith(("<!", "<?", "</"), sign):
        end = html.find(">", sign)
        return end + 1 if end >= 0 else sign
    return sign


class _Emitter:
    """Writes tags so that they pair. `open` holds the elements now open, with whether they were written."""

    def __init__(self) -> None:
        self.open: list[tuple[str, bool]] = []
        self.counts: Counter[str] = Counter()
        self.depth = 0

    def document(self, html: str) -> Iterator[str]:
        for token in _tokens(html):
            if isinstance(token, str):
                if token.strip():
                    yield from self.enter_cell()
                yield unescape(token).replace("&", AMPERSAND).replace("<", "&lt;").replace(">", "&gt;")
            elif token.name in KNOWN:
                yield from self.end(token.name) if token.closing else self.start(token)
        while self.open:
            yield from self.pop()

    def start(self, tag: _Tag) -> Iterator[str]:
        if tag.name in _STANDS_IN:
            if not self.counts["table"]:
                yield " " if tag.name in {"td", "th"} else "<br>"
                return
            while self.open[-1][0] not in _STANDS_IN[tag.name]:
                yield from self.pop()
        else:
            yield from self.enter_cell()
            if tag.name in BREAKING:
                yield from self.imply(_IMPLIES.get(tag.name, _PARAGRAPH))
        if tag.name in VOID:
            yield self.written(tag)
        else:
            yield from self.push(tag)

    def imply(self, ended: set[str]) -> Iterator[str]:
        """End what the coming element ends, also through inline elements left open."""
        depth = 1
        while depth <= min(_MOST_INLINE, len(self.open)):
            name = self.open[-depth][0]
            if name in ended:
                for _ in range(depth):
                    yield from self.pop()
                depth = 1
            elif name in _INLINE:
                depth += 1
            else:
                return

    def enter_cell(self) -> Iterator[str]:
        """Open a cell for words that stand in a table but in none of its cells.

        A parser would move each of them to before the table, which takes quadratic time.
        """
        if self.open and (self.open[-1][0] in _GROUPS or self.open[-1][0] == "tr"):
            yield from self.push(_Tag("td", False, ""))

    def push(self, tag: _Tag) -> Iterator[str]:
        written = self.depth < _MAX_DEPTH
        self.open.append((tag.name, written))
        self.counts[tag.name] += 1
        self.depth += written
        if written:
            yield self.written(tag)
        elif tag.name in BREAKING:
            yield "<br>"

    def end(self, name: str) -> Iterator[str]:
        if name in VOID or not self.counts[name]:
            return
        while self.open[-1][0] != name:
            yield from self.pop()
        yield from self.pop()

    def pop(self) -> Iterator[str]:
        name, written = self.open.pop()
        self.counts[name] -= 1
        self.depth -= written
        if written:
            yield f"</{name}>"

    def written(self, tag: _Tag) -> str:
        kept = ATTRIBUTES["*"] | ATTRIBUTES.get(tag.name, set())
        parts = []
        for match in _ATTRIBUTE.finditer(tag.rest):
            name = match[1].lower()
            value = match[2] or match[3] or match[4] or ""
            if name in kept and len(value) <= _MAX_VALUE:
                # References in a value are left for the parser: `?a=1&copy=2` holds none.
                parts.append(f' {name}="{escape(value).replace("&amp;", "&")}"')
        return f"<{tag.name}{''.join(parts)}>"
