"""Keys made of words, for areas, recommendations and evidence: readable, and never one that is taken."""

from collections.abc import Callable

from django.utils.text import slugify

from ekip.shared.folding import fold

WORDS = 6
LENGTH = 50  # leaves room for a number within the sixty characters of the column


def new_key(words: str, *, fallback: str, taken: Callable[[str], bool]) -> str:
    """A key made of the first words ("Share the studios" → "share-the-studios"), numbered where it is taken.

    `fallback` serves for words in a script that has no Latin form.
    """
    stem = slugify(fold(" ".join(words.split()[:WORDS])))[:LENGTH].strip("-") or fallback
    key, number = stem, 1
    while taken(key):
        number += 1
        key = f"{stem}-{number}"
    return key
