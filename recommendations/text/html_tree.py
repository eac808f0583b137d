"""Any HTML string as a small tree of harmless elements."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

from recommendations.text.inline import clean

HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
# They divide paragraphs, even where nothing else is known of them.
BREAKING = frozenset(
    {"address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend", "li", "main"}
    | {"menu", "nav", "ol", "option", "p", "pre", "search", "section", "summary", "ul"}
    | {"table", "caption", "thead", "tbody", "tfoot", "tr"}
    | set(HEADINGS)
)
_INLINE = {"a", "b", "br", "em", "i", "img", "span", "strong", "td", "th"}
_VOID = {"br", "hr", "img"}
_ATTRIBUTES = {
    "*": {"lang", "id", "role"},
    "a": {"href"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "img": {"src", "alt"},
}
_MAX_DEPTH = 60  # deeper elements are read as if they were not there; their words stay


@dataclass(slots=True, eq=False)
class Node:
    """An element with its attributes and what it holds."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)


def parse(html: str) -> Node:
    """The tree of an HTML string, under one nameless root. Unknown elements leave their words behind."""
    tame = nh3.clean(
        clean(html),
        tags={*BREAKING, *_INLINE},
        clean_content_tags={"script", "style"},
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    builder = _Builder()
    builder.feed(tame)
    builder.close()
    return builder.root


class _Builder(HTMLParser):
    """Builds the tree from HTML that is known to be well formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self.open = [self.root]
        self.too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(self.open) >= _MAX_DEPTH and tag not in _VOID:
            self.too_deep += 1
            return
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self.too_deep:
            self.too_deep -= 1
        elif len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)
