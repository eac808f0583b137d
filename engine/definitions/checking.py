"""What is wrong with a definition's text, line by line: what cannot be read, and what the checker finds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from engine.definitions.known import known
from engine.definitions.reader import UNREADABLE, DefinitionUnreadable, line_of, read_definition
from engine.process.checker import MESSAGES, Fault, faults
from engine.process.checker.kinds import KEY as ANY_KEY

# What a page takes for a new process; a text may also have the low line, which the checker lets pass.
KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_KEY = 60
LONGEST_TITLE = 120


@dataclass(frozen=True)
class FoundFault:
    """One fault of a text: its line (from 1), what that line says, the class of the fault and how to mend it."""

    line: int
    text: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message} ({self.code})"


def checked(text: str) -> tuple[Any, list[FoundFault]]:
    """The plain data of a text and everything wrong with it; a text that cannot be read has no data and one fault."""
    lines = text.splitlines()
    try:
        data, places = read_definition(text)
    except DefinitionUnreadable as error:
        message = gettext(UNREADABLE[error.code]) % error.names
        return None, [_found(lines, error.line, error.code, message)]
    found = faults(data, known())
    return data, [_found(lines, line_of(fault.path, places), fault.code, _message(fault)) for fault in found]


def _found(lines: list[str], line: int, code: str, message: str) -> FoundFault:
    return FoundFault(line, lines[line - 1].strip() if line <= len(lines) else "", code, message)


def _message(fault: Fault) -> str:
    """What the fault says, in the reader's language."""
    names = {name: gettext(value) if name == "reason" else value for name, value in fault.names.items()}
    return gettext(MESSAGES[fault.code]) % names


def heading(text: str) -> tuple[str, str]:
    """Key and title of a text that may still have faults; empty where there is none to be read."""
    try:
        data, _places = read_definition(text)
    except DefinitionUnreadable:
        return "", ""
    if not isinstance(data, dict):
        return "", ""
    key, title = data.get("key"), data.get("title")
    while isinstance(title, dict):
        title = next(iter(title.values()), "")
    return (
        key if isinstance(key, str) and re.fullmatch(ANY_KEY, key) else "",
        title[:LONGEST_TITLE] if isinstance(title, str) else "",
    )
