"""What an edition is now. Nothing stores it: it follows from its number, its notices and its newest document."""

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from recommendations.library.addresses import absolute, changes_page, edition_id, edition_page
from recommendations.models.library import Notice


class Standing(StrEnum):
    """How an edition stands today."""

    CURRENT = "current"
    CORRECTED = "corrected"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    REDACTED = "redacted"


def standing(
    *, is_newest: bool, is_redacted: bool, is_publication_withdrawn: bool, notices: Iterable[Notice]
) -> Standing:
    """The standing of an edition. The gravest fact wins: removed, withdrawn, corrected, superseded.

    Withdrawing (or removing) the newest edition withdraws the publication, and every earlier edition with it.
    """
    kinds = {notice.kind for notice in notices}
    if is_redacted:
        return Standing.REDACTED
    if is_publication_withdrawn or Notice.Kind.WITHDRAWAL in kinds:
        return Standing.WITHDRAWN
    if Notice.Kind.CORRECTION in kinds and not is_newest:
        return Standing.CORRECTED
    if Notice.Kind.SUPERSESSION in kinds or not is_newest:
        return Standing.SUPERSEDED
    return Standing.CURRENT


def notices_by_edition(edition_ids: Iterable[int]) -> dict[int, list[Notice]]:
    """The notices about each of the editions, oldest first, in one query."""
    found: dict[int, list[Notice]] = defaultdict(list)
    for notice in Notice.objects.filter(edition__in=edition_ids).select_related("edition", "successor__publication"):
        found[notice.edition_id].append(notice)
    return found


def public_notice(notice: Notice) -> dict[str, Any]:
    """A notice as pages and clients receive it; it needs its edition loaded, and the successor's publication."""
    return {
        "kind": notice.kind,
        "text": notice.text,
        "issued_at": notice.issued_at.isoformat(),
        "successor": edition_id(notice.successor) if notice.successor else None,
        "successor_page": absolute(edition_page(notice.successor)) if notice.successor else None,
        "changes_page": absolute(changes_page(notice.successor)) if notice.successor and _is_next(notice) else None,
    }


def _is_next(notice: Notice) -> bool:
    """Whether the successor is the very next edition of the same publication."""
    here, there = notice.edition, notice.successor
    return there is not None and (there.publication_id, there.number) == (here.publication_id, here.number + 1)
