"""The words by which an edition is found: all of them, folded. A pure rule."""

from collections.abc import Iterable

from ekip.shared.folding import fold
from recommendations.content import Blocks
from recommendations.text import from_data, to_plain

MAX_BYTES = 400_000  # a search vector holds one megabyte and needs at most about twice its text


def search_text(parts: Iterable[str]) -> str:
    """The parts folded into one text; a very long one with each of its words once, so that none is lost."""
    folded = fold("\n".join(part for part in parts if part))
    if _size(folded) <= MAX_BYTES:
        return folded
    words = " ".join(dict.fromkeys(folded.split()))
    return words.encode()[:MAX_BYTES].decode(errors="ignore")


def plain(blocks: Blocks) -> str:
    """The words of a text in the JSON form."""
    return to_plain(from_data(blocks))


def _size(text: str) -> int:
    return len(text.encode())
