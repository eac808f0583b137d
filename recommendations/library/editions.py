"""What changed from one edition to the next: in the words of notice and tally, and as a diff."""

from __future__ import annotations

from dataclasses import dataclass

from ekip.shared.errors import NotFound
from recommendations.comparison import Comparison, compare
from recommendations.library.documents import PublicEdition
from recommendations.models.library import Notice


@dataclass(frozen=True)
class EditionChanges:
    """Two editions that follow each other, the notices that say why, and what differs."""

    before: PublicEdition
    after: PublicEdition
    notices: tuple[Notice, ...]
    comparison: Comparison


def edition_changes(editions: list[PublicEdition], number: int, *, page_language: str) -> EditionChanges:
    """What changed in edition `number`, among all editions of a publication.

    Raises:
        NotFound: there is no such edition, or none before it.
        Gone: the text of one of the two was removed.
    """
    by_number = {each.row.number: each for each in editions}
    before, after = by_number.get(number - 1), by_number.get(number)
    if before is None or after is None:
        raise NotFound
    comparison = compare(before.document, after.document, page_language=page_language)
    return EditionChanges(before, after, mended_by(after, [before]), comparison)


def mended_by(edition: PublicEdition, others: list[PublicEdition]) -> tuple[Notice, ...]:
    """The notices about other editions that name this one as what to read instead."""
    return tuple(notice for each in others for notice in each.notices if notice.successor_id == edition.row.pk)
