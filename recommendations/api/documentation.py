"""How views describe themselves: the same headers, the same problems, said once."""

from collections.abc import Callable, Iterable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers as s

from recommendations.api.parameters import MOST_PER_PAGE, PAGE_SIZE
from recommendations.api.serializers import ProblemSerializer
from recommendations.library.facets import FACETS
from recommendations.library.search import MOST_CHARACTERS

PROBLEM = "application/problem+json"
PROBLEMS = {
    400: "A parameter or its value is not known; `errors` says what is allowed.",
    404: "There is nothing at this address.",
    405: "Only reading is possible.",
    406: "The answer cannot be given in a type that you accept.",
    410: "The text was removed.",
    500: "Something went wrong on our side.",
}
EVERYWHERE = (405, 406, 500)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of the answer you have."
)
ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, description="Send it back as If-None-Match.", response=[200, 304]
)
WORDS = OpenApiParameter(
    "q",
    str,
    description=f"Search words, at most {MOST_CHARACTERS} characters. Quotes, OR and a leading minus work as usual; "
    "the last word also matches as a beginning.",
)
PAGES = (
    OpenApiParameter("page", int, description="Number of the page, from 1."),
    OpenApiParameter("page_size", int, description=f"1 to {MOST_PER_PAGE}; {PAGE_SIZE} unless given."),
)


def one(form: type[s.Serializer], *, name: str, about: str) -> Callable[[Any], Any]:
    """Describe an address of one thing; `about` says what its id is."""
    identifier = "slug" if name == "publication" else "id"
    parameters = [OpenApiParameter(identifier, str, OpenApiParameter.PATH, description=about), IF_NONE_MATCH, ETAG]
    codes = (404, 410, *EVERYWHERE) if name == "edition" else (404, *EVERYWHERE)
    return extend_schema(
        operation_id=f"read_{name}", tags=["library"], parameters=parameters, responses=_answers(form, codes)
    )


def a_list(
    form: type[s.Serializer], *, name: str, filters: bool = False, pages: bool = False, orderings: Iterable[str] = ()
) -> Callable[[Any], Any]:
    """Describe an address of a list; one with `filters` always comes in pages."""
    pages = pages or filters
    parameters = [IF_NONE_MATCH, ETAG]
    if filters:
        parameters += _filters()
    if pages:
        parameters += PAGES
    if orderings:
        parameters.append(OpenApiParameter("ordering", str, enum=list(orderings), description="Order of the list."))
    envelope = inline_serializer(
        name=f"{form.__name__.removesuffix('Serializer')}List",
        fields={
            "count": s.IntegerField(),
            "next": s.URLField(allow_null=True),
            "previous": s.URLField(allow_null=True),
            "results": form(many=True),
        },
    )
    codes = (400, 404, *EVERYWHERE) if pages else (400, *EVERYWHERE)
    return extend_schema(
        operation_id=f"list_{name.replace('-', '_')}",
        tags=["library" if filters else "vocabularies"],
        parameters=parameters,
        responses=_answers(envelope, codes),
    )


body = extend_schema(
    operation_id="read_body",
    tags=["library"],
    parameters=[
        OpenApiParameter("id", str, OpenApiParameter.PATH, description="The edition's id."),
        OpenApiParameter("content_hash", str, OpenApiParameter.PATH, description="SHA-256 of the bytes."),
        IF_NONE_MATCH,
        ETAG,
    ],
    responses={
        (200, "application/json"): OpenApiResponse(
            OpenApiTypes.OBJECT, description="An edition without standing, notices and links."
        ),
        304: OpenApiResponse(description="You have it already."),
        **{
            (code, PROBLEM): OpenApiResponse(ProblemSerializer, description=PROBLEMS[code])
            for code in (404, 410, *EVERYWHERE)
        },
    },
)


def _answers(success: Any, codes: Iterable[int]) -> dict[Any, Any]:
    return {
        200: OpenApiResponse(success, description="What you asked for."),
        304: OpenApiResponse(description="Nothing has changed since the answer with your ETag."),
        **{(code, PROBLEM): OpenApiResponse(ProblemSerializer, description=PROBLEMS[code]) for code in codes},
    }


def _filters() -> list[OpenApiParameter]:
    """The words and the facets; a facet may be given several times and then means any of its values."""
    facets = [
        OpenApiParameter(
            facet.name, str, many=True, description=f"{facet.label}: one key or several, any of which fits."
        )
        for facet in FACETS
    ]
    return [WORDS, *facets]
