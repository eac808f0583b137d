"""The public documents as `publishing` rendered them, and what a query adds: standing, notices, addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery

from ekip.shared.errors import Gone, NotFound
from recommendations.library.addresses import changes_page, edition_id, edition_links, edition_page, publication_page
from recommendations.library.standing import (
    Standing,
    notices_by_edition,
    public_notice,
    standing,
)
from recommendations.models.library import Edition, EditionDocument, Notice

Document = dict[str, Any]

_newest_document = EditionDocument.objects.filter(edition=OuterRef("pk")).order_by("-pk")
# A redaction empties the bodies of an edition (the addresses of those bodies answer 410).
REDACTED = Exists(EditionDocument.objects.filter(edition=OuterRef("pk"), body=b""))
_newest_number = (
    Edition.objects.filter(publication=OuterRef("publication"))
    .order_by()
    .values("publication")
    .annotate(newest=Max("number"))
    .values("newest")
)
_newer = Edition.objects.filter(publication=OuterRef("edition__publication"), number__gt=OuterRef("edition__number"))
_withdrawal_of_newest = Notice.objects.filter(
    ~Exists(_newer), edition__publication=OuterRef("publication"), kind=Notice.Kind.WITHDRAWAL
)


def public_rows(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """`editions` with their publication and, as annotations, what `PublicEdition` needs to know of each."""
    return editions.select_related("publication").annotate(
        newest_number=Subquery(_newest_number),
        document_id=Subquery(_newest_document.values("pk")[:1]),
        content_hash=Subquery(_newest_document.values("content_hash")[:1]),
        is_redacted=REDACTED,
        is_publication_withdrawn=Exists(_withdrawal_of_newest),
    )


@dataclass
class PublicEdition:
    """An edition as the public knows it. `row` comes from `public_rows`; the body is read when it is asked for."""

    row: Edition
    notices: list[Notice]

    @cached_property
    def id(self) -> str:
        """Its public id."""
        return edition_id(self.row)

    @cached_property
    def document(self) -> Document:
        """The public document, as rendered when the last row of the edition was appended; Gone when redacted."""
        if self.row.is_redacted:
            raise Gone
        return orjson.loads(EditionDocument.objects.values_list("body", flat=True).get(pk=self.row.document_id))

    @cached_property
    def is_newest(self) -> bool:
        """Whether no edition of the publication has a higher number."""
        return self.row.number == self.row.newest_number

    @cached_property
    def standing(self) -> Standing:
        """How it stands today."""
        return standing(
            is_newest=self.is_newest,
            is_redacted=self.row.is_redacted,
            is_publication_withdrawn=self.row.is_publication_withdrawn,
            notices=self.notices,
        )

    @property
    def public_notices(self) -> list[Document]:
        """The notices about it as pages and clients receive them."""
        return [public_notice(notice) for notice in self.notices]

    @property
    def names_successor(self) -> bool:
        """Whether a notice says what to read instead."""
        return any(notice.successor_id for notice in self.notices)

    @property
    def tag_parts(self) -> tuple[str, str, int]:
        """What an entity tag of this edition is made of: it changes whenever anything shown of it does."""
        return self.row.content_hash, self.standing, len(self.notices)

    @property
    def page(self) -> str:
        """The path of its page."""
        return edition_page(self.row)

    @property
    def changes_page(self) -> str:
        """The path of the page that says what changed in it; nothing for a first edition."""
        return changes_page(self.row) if self.row.number > 1 else ""

    @property
    def publication_page(self) -> str:
        """The path of its publication, which always shows the newest edition."""
        return publication_page(self.row.publication.slug)

    @property
    def level_words(self) -> str:
        """The levels it speaks to, in words."""
        return ", ".join(level["label"] for level in self.document["levels"])

    @property
    def block_words(self) -> str:
        """The building blocks it acts on, in words."""
        return ", ".join(block["label"] for block in self.document["building_blocks"])

    @property
    def year(self) -> str:
        """The year in which it first appeared, as `first_year` knows it."""
        return first_year(self.document)

    def public(self) -> Document:
        """The one form in which pages and clients receive an edition: the document, its standing and notices."""
        return {
            **self.document,
            "standing": self.standing.value,
            "notices": self.public_notices,
            "links": edition_links(self.row, self.row.content_hash),
        }


def first_year(document: Document) -> str:
    """The year in which an edition first appeared, here or elsewhere; empty where nobody knows it."""
    is_from_elsewhere = document["origin"] == Edition.Origin.IMPORT
    return (document["first_published_on"] or ("" if is_from_elsewhere else document["published_at"]))[:4]


def public_editions(rows: Iterable[Edition]) -> list[PublicEdition]:
    """`rows` (from `public_rows`) as public editions, with their documents. Two queries."""
    rows = list(rows)
    notices = notices_by_edition(row.pk for row in rows)
    bodies = dict(EditionDocument.objects.filter(pk__in=[row.document_id for row in rows]).values_list("pk", "body"))
    editions = [PublicEdition(row, notices.get(row.pk, [])) for row in rows]
    for edition in editions:
        if not edition.row.is_redacted:
            edition.document = orjson.loads(bodies[edition.row.document_id])
    return editions


def find_edition(slug: str, number: int) -> PublicEdition:
    """An edition by its public id; NotFound."""
    editions = Edition.objects.filter(publication__slug=slug, number=number)
    row = public_rows(editions).first()
    if row is None:
        raise NotFound
    return PublicEdition(row, notices_by_edition([row.pk]).get(row.pk, []))


def editions_of(slug: str) -> list[PublicEdition]:
    """All editions of a publication, newest first; NotFound when there is none. Documents are not read yet."""
    rows = list(public_rows(Edition.objects.filter(publication__slug=slug)).order_by("-number"))
    if not rows:
        raise NotFound
    notices = notices_by_edition(row.pk for row in rows)
    return [PublicEdition(row, notices.get(row.pk, [])) for row in rows]


def body_of(slug: str, number: int, content_hash: str) -> bytes:
    """The bytes of one rendered document; NotFound, or Gone when they were removed."""
    found = EditionDocument.objects.filter(
        edition__publication__slug=slug, edition__number=number, content_hash=content_hash
    )
    document = found.first()
    if document is None:
        raise NotFound
    if document.is_redacted:
        raise Gone
    return bytes(document.body)
