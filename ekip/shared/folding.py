"""Folding: the stored key by which lists that people see are sorted, and texts are matched."""

from __future__ import annotations

import unicodedata

# Letters of European languages that carry no accent mark of their own to strip.
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ħ": "h",
        "ı": "i",
        "þ": "th",
        "ŋ": "n",
        "ŧ": "t",
        "ĸ": "k",
        "ŀ": "l",
        "ſ": "s",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
    }
)


def fold(text: str) -> str:
    """The text in lower case, without accents, on one line: `Łódź  STRASSE` is `lodz strasse`.

    For stored keys that search and sorting use. Folding what is folded changes nothing.
    """
    folded = text
    for _ in range(4):  # casefolding can bring up new accents and the other way round
        once = _fold(folded)
        if once == folded:
            break
        folded = once
    return folded


def _fold(text: str) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(unicodedata.normalize("NFKC", bare.casefold().translate(_LETTERS)).split())
