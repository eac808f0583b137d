"""Where a client begins: the addresses of the lists, and the description of the API."""

from functools import cache
from hashlib import sha256

import orjson
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from recommendations.api.documentation import IF_NONE_MATCH
from recommendations.api.views.base import PublicView, answer_data
from recommendations.library.addresses import absolute
from recommendations.library.conditional import answer

LISTS = (
    "publications",
    "recommendations",
    "policy-areas",
    "building-blocks",
    "clusters",
    "target-actors",
    "organisations",
    "schema",
)


@extend_schema(exclude=True)
class Start(PublicView):
    """The beginning of the API."""

    def get(self, request: Request) -> HttpResponse:
        """The address of every list, and of the description."""
        return answer_data(request, {name: absolute(reverse(f"api:{name}")) for name in LISTS})


@extend_schema(exclude=True, parameters=[IF_NONE_MATCH])
class Schema(PublicView):
    """The description of the API."""

    def get(self, request: Request) -> HttpResponse:
        """The description in OpenAPI 3.1, as JSON."""
        content, tag = _description()
        return answer(request, tag, lambda: HttpResponse(content, content_type="application/vnd.oai.openapi+json"))


@cache
def _description() -> tuple[bytes, str]:
    """The description's bytes and their tag: made once per process, in English."""
    with translation.override("en"):
        content = orjson.dumps(SchemaGenerator().get_schema(public=True), option=orjson.OPT_NON_STR_KEYS)
    return content, f'"{sha256(content).hexdigest()[:32]}"'
