"""Editions: the one that carries its standing, and the body that never changes."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from ekip.shared.errors import Gone
from recommendations.api.documentation import body, one
from recommendations.api.serializers import EditionSerializer
from recommendations.api.views.base import FORM, PublicView
from recommendations.library.conditional import FOR_EVER, answer, weak_tag
from recommendations.library.documents import body_of, find_edition


class EditionDetail(PublicView):
    """One edition, whatever its standing."""

    @one(EditionSerializer, name="edition", about="The edition's id: the publication's key, a full stop, the number.")
    def get(self, request: Request, id: tuple[str, int]) -> HttpResponse:
        """The edition's document with its standing today. 410 when its text was removed."""
        edition = find_edition(*id)
        if edition.row.is_redacted:
            raise Gone
        return answer(request, weak_tag(FORM, edition.id, *edition.tag_parts), lambda: Response(edition.public()))


class EditionBody(PublicView):
    """The document of an edition at the address of its content: it may be kept for ever."""

    @body
    def get(self, request: Request, id: tuple[str, int], content_hash: str) -> HttpResponse:
        """The bytes whose SHA-256 is in the address. 410 when they were removed."""
        content = body_of(*id, content_hash)
        return answer(
            request,
            f'"{content_hash}"',
            lambda: HttpResponse(content, content_type="application/json"),
            cache_control=FOR_EVER,
        )
