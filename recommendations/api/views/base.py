"""What every address of the API does in the same way."""

from typing import Any

import orjson
from django.http import HttpResponse, HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from recommendations.library.conditional import answer, weak_tag
from recommendations.library.selectors import library_version

# Part of every entity tag: raise it when the form of an answer changes.
FORM = 1
METHODS = "GET, HEAD, OPTIONS"


class PublicView(APIView):
    """An address that everybody may read, from any page of the web, and nobody may write."""

    http_method_names = ["get", "head", "options"]

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """What may be done here: reading."""
        return HttpResponse(status=204, headers={"Access-Control-Allow-Methods": METHODS, "Allow": METHODS})

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Let pages of other sites read the answer, its tag included."""
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        response["Access-Control-Allow-Headers"] = "If-None-Match"
        return super().finalize_response(request, response, *args, **kwargs)


def list_tag(request: Request) -> str:
    """The entity tag of a list of published things: it changes with the library and with the address."""
    return weak_tag(FORM, *library_version(), request.get_full_path())


def answer_data(request: Request, data: Any) -> HttpResponse:
    """`data` that is quickly made, tagged by its content."""
    return answer(request, weak_tag(FORM, orjson.dumps(data)), lambda: Response(data))
