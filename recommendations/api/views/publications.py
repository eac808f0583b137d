"""Publications: the list, and one with its newest edition."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api import parameters
from recommendations.api.documentation import a_list, one
from recommendations.api.envelope import envelope
from recommendations.api.serializers import PublicationEntrySerializer, PublicationSerializer
from recommendations.api.views.base import FORM, PublicView, list_tag
from recommendations.library import selectors
from recommendations.library.addresses import absolute, edition_links, publication_page
from recommendations.library.conditional import answer, weak_tag
from recommendations.library.documents import PublicEdition, editions_of
from recommendations.library.standing import Standing, public_notice
from recommendations.models.library import Edition

COPIED = (
    "title",
    "summary",
    "language",
    "area",
    "authors",
    "levels",
    "building_blocks",
    "target_actors",
    "published_at",
    "first_published_on",
    "origin",
    "licence",
    "is_example",
)


class PublicationList(PublicView):
    """Everything that is published now: the newest edition of each publication, without withdrawn ones."""

    @a_list(PublicationEntrySerializer, name="publications", filters=True, orderings=parameters.ORDERINGS)
    def get(self, request: Request) -> HttpResponse:
        """The publications that fit the filters, the latest change first unless ordered otherwise."""
        asked = request.query_params
        parameters.refuse_unknown(asked, (*parameters.FILTERS, "ordering", *parameters.PAGE))
        wanted, ordering = parameters.read_page(asked), parameters.read_ordering(asked)
        choice = parameters.read_filters(asked)

        def make() -> Response:
            editions = selectors.narrow(selectors.current_editions(), choice)
            return Response(envelope(request, _in_order(editions, ordering), wanted, _present))

        return answer(request, list_tag(request), make)


class PublicationDetail(PublicView):
    """One publication: its newest edition, how it stands, what was said about it, and all its editions."""

    @one(PublicationSerializer, name="publication", about="The publication's key.")
    def get(self, request: Request, slug: str) -> HttpResponse:
        """The publication. Of a withdrawn one `edition` is null; its notices say why and what to read instead."""
        editions = editions_of(slug)
        tag = weak_tag(FORM, slug, *(part for each in editions for part in each.tag_parts))
        return answer(request, tag, lambda: Response(_publication(slug, editions)))


def _in_order(editions: QuerySet[Edition], ordering: str) -> QuerySet[Edition]:
    editions = selectors.with_last_change(editions)
    if ordering == "title":
        return selectors.in_order(editions, "title")
    return editions.order_by("changed" if ordering == "updated" else "-changed")


def _present(editions: QuerySet[Edition]) -> list[dict[str, Any]]:
    return [_entry(edition) for edition in selectors.entries(editions)]


def _entry(edition: PublicEdition) -> dict[str, Any]:
    slug = edition.row.publication.slug
    return {
        "id": slug,
        "edition": edition.id,
        "standing": edition.standing.value,
        "serial": edition.row.changed,
        **{name: edition.document[name] for name in COPIED},
        "recommendations": len(edition.document["recommendations"]),
        "links": _links(slug),
    }


def _publication(slug: str, editions: list[PublicEdition]) -> dict[str, Any]:
    newest = editions[0]
    is_open = newest.standing not in {Standing.WITHDRAWN, Standing.REDACTED}
    return {
        "id": slug,
        "standing": newest.standing.value,
        "edition": newest.public() if is_open else None,
        "notices": [
            {"edition": each.id, **public_notice(notice)} for each in reversed(editions) for notice in each.notices
        ],
        "editions": [
            {
                "id": each.id,
                "number": each.row.number,
                "published_at": each.row.published_at.isoformat(),
                "standing": each.standing.value,
                "content_hash": each.row.content_hash,
                "links": edition_links(each.row, each.row.content_hash),
            }
            for each in editions
        ],
        "links": _links(slug),
    }


def _links(slug: str) -> dict[str, str]:
    return {
        "self": absolute(reverse("api:publication", args=[slug])),
        "page": absolute(publication_page(slug)),
    }
