"""The signs within a line of simple text: strong, emphasis, links, references, breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from recommendations.text.inline import PLAIN, Marks, Run
from recommendations.text.links import safe_href

_TOKEN = re.compile(
    r"""
      \\(?P<escaped>[!-/:-@\[-`{-~])
    | (?P<line_break>\\\n|<br>)
    | \[\^(?P<note>[^\]\s\[]{1,40})\]
    | \[(?P<label>(?:\\.|[^\[\]\\])+)\]\((?P<href>[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)
    | (?P<stars>\*+)
    | (?P<words>[^\\<\[*]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(slots=True)
class _Star:
    """One sign `*` or `**`: opens (1), closes (-1), or is meant as itself (0)."""

    sign: str
    turn: int = 0


def read_signs(source: str, marks: Marks = PLAIN) -> Iterator[Run]:
    """The runs of one paragraph of simple text; a line end without a backslash is a space.

    Linear in the length of the source. Signs without a partner stay as they are. A link to an address
    that is not allowed stays as it was typed. A reference carries its label in place of the id.
    """
    strong = emphasis = 0
    for token in _paired(list(_tokens(source, marks))):
        if isinstance(token, Run):
            here = replace(
                token.marks,
                strong=token.marks.strong or strong > 0,
                emphasis=token.marks.emphasis or emphasis > 0,
            )
            yield Run(token.text, here)
        elif token.turn == 0:
            yield Run(token.sign, replace(marks, strong=strong > 0, emphasis=emphasis > 0))
        elif token.sign == "**":
            strong += token.turn
        else:
            emphasis += token.turn


def _tokens(source: str, marks: Marks) -> Iterator[Run | re.Match[str]]:
    for match in _TOKEN.finditer(source):
        match match.lastgroup:
            case "escaped":
                yield Run(match["escaped"], marks)
            case "line_break":
                yield Run("\n", marks)
            case "note":
                yield Run(match["note"], replace(marks, note=match["note"], link=""))
            case "href":
                href = safe_href(match["href"])
                if href:
                    yield from read_signs(match["label"], replace(marks, link=href))
                else:
                    yield Run(match[0].replace("\n", " "), marks)
            case "stars":
                yield match
            case _:
                yield Run(match["words"].replace("\n", " "), marks)


def _paired(tokens: list[Run | re.Match[str]]) -> list[Run | _Star]:
    """The tokens with each run of stars resolved into signs that open, close or stand for themselves."""
    result: list[Run | _Star] = []
    waiting: list[_Star] = []
    for token in tokens:
        if isinstance(token, Run):
            result.append(token)
            continue
        before = token.string[token.start() - 1 : token.start()] if token.start() else " "
        after = token.string[token.end() : token.end() + 1] or " "
        left = len(token[0])
        while left:
            star = _close(waiting, left) if not before.isspace() else None
            if star is None:
                star = _Star("**" if left >= 2 else "*")
                if not after.isspace():
                    waiting.append(star)
            result.append(star)
            left -= len(star.sign)
    return result


def _close(waiting: list[_Star], left: int) -> _Star | None:
    """The sign that closes the innermost waiting one of a fitting length, if there is one."""
    for depth in range(1, min(3, len(waiting)) + 1):
        opener = waiting[-depth]
        if len(opener.sign) <= left:
            del waiting[-depth:]
            opener.turn = 1
            return _Star(opener.sign, -1)
    return None
