"""The words of a definition: a text, or texts by language, or texts by language and audience."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

DEFAULT = "default"
AUDIENCES = ("public", "author", "reviewer", "coordinator")


def by_audience(words: Any, languages: Sequence[str]) -> dict[str, str]:
    """Texts by audience, in the first of `languages` that is written; "default" is always among them."""
    if isinstance(words, str):
        return {DEFAULT: words}
    spoken = next((words[each] for each in languages if each in words), None) or next(iter(words.values()))
    return {DEFAULT: spoken} if isinstance(spoken, str) else dict(spoken)


def text(words: Any, languages: Sequence[str]) -> str:
    """What everybody reads who is no audience of its own."""
    return by_audience(words, languages)[DEFAULT]


def spoken_by(data: Mapping[str, Any], language: str | None) -> tuple[str, ...]:
    """The languages to look in, the wished one first, then that in which the definition was written."""
    languages = data.get("languages") or ["en"]
    return (languages[0],) if language is None else (language, languages[0])
