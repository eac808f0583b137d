"""Any HTML string as a small tree of harmless elements."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

from recommendations.text.html_tame import AMPERSAND, ATTRIBUTES, KNOWN, VOID, tame
from recommendations.text.inline import clean


@dataclass(slots=True, eq=False)
class Node:
    """An element with its attributes and what it holds."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)


def parse(html: str) -> Node:
    """The tree of an HTML string, under one nameless root. Unknown elements leave their words behind."""
    builder = _Builder()
    builder.feed(
        nh3.clean(
            tame(clean(html)),
            tags=set(KNOWN),
            attributes=ATTRIBUTES,
            url_schemes={"http", "https", "mailto"},
            link_rel=None,
        )
    )
    builder.close()
    return builder.root


class _Builder(HTMLParser):
    """Builds the tree from HTML that is known to be well formed and not deep."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data.replace(AMPERSAND, "&"))
