"""Folding: the stored key by which lists that people see are sorted, and texts are matched."""

import unicodedata

_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ı": "i"}
)


def fold(text: str) -> str:
    """`text` in lower case without accents, runs of white space made one: "Košice  Łódź" → "kosice lodz"."""
    lowered = " ".join(text.casefold().translate(_LETTERS).split())
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
