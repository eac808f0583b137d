"""Runs: stretches of words that carry the same marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """What is said about a stretch of words. `lang` is empty where it is the block's own."""

    strong: bool = False
    emphasis: bool = False
    link: str = ""  # http, https or mailto
    lang: str = ""
    note: str = ""  # id of the footnote block this run refers to; the run's text is the label


PLAIN = Marks()


@dataclass(frozen=True, slots=True)
class Run:
    """Words with one set of marks. A newline in the text is a line break inside the block."""

    text: str
    marks: Marks = PLAIN


Runs = tuple[Run, ...]

# Control characters, halves of surrogate pairs, the byte order mark: nothing that a reader can see.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n?|[\u2028\u2029]")
_SPACE = re.compile(r"([ \t\n\x0b\x0c]+)")


def clean(text: str) -> str:
    """The text without control characters, with `\\n` as the only line end, in Unicode form NFC."""
    # Controls go last: once one between a letter and its accent is gone, the two must still be composed.
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _LINE_END.sub("\n", text)))


def squeeze(text: str) -> str:
    """Clean text on one line: every stretch of white space is one space, none at the ends."""
    return _SPACE.sub(" ", clean(text)).strip(" ")


def tidy(runs: Iterable[Run]) -> Runs:
    """The one form of a sequence of runs: clean, single spaces, equal neighbours joined, nothing empty."""
    parts: list[tuple[Marks, list[str]]] = []

    def append(text: str, marks: Marks) -> None:
        if parts and parts[-1][0] == marks:
            parts[-1][1].append(text)
        else:
            parts.append((marks, [text]))

    gap: tuple[str, Marks] | None = None  # white space seen but not yet followed by words
    for run in runs:
        for piece in _SPACE.split(clean(run.text)):
            if not piece:
                continue
            if _SPACE.fullmatch(piece):
                mark = gap[1] if gap else run.marks
                gap = ("\n" if "\n" in piece or (gap and gap[0] == "\n") else " ", mark)
                continue
            if gap and parts:
                append(*gap)
            gap = None
            append(piece, run.marks)
    return tuple(Run(unicodedata.normalize("NFC", "".join(texts)), marks) for marks, texts in parts)


def words_of(runs: Iterable[Run]) -> str:
    """The bare words of the runs."""
    return "".join(run.text for run in runs)
