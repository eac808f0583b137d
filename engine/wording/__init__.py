"""The kinds of mail that a process sends: our own words for each, and the placeholders that may stand in them.

A text that somebody has changed for one process and language takes the place of ours (`engine.models.MailText`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.wording.course import COURSE
from engine.wording.dates import DATES
from engine.wording.reminders import REMINDERS
from engine.wording.rounds import ROUNDS
from engine.wording.values import PLACEHOLDERS, Placeholder, Wording

__all__ = ["BY_KEY", "PLACEHOLDERS", "WORDINGS", "Wording", "placeholders_of"]

WORDINGS: tuple[Wording, ...] = (*ROUNDS, *COURSE, *DATES, *REMINDERS)
BY_KEY: Mapping[str, Wording] = {each.key: each for each in WORDINGS}


def placeholders_of(wording: Wording) -> Iterator[tuple[str, Placeholder]]:
    """The placeholders that may stand in a text, with what they mean."""
    for name in wording.placeholders:
        yield name, PLACEHOLDERS[name]
