"""Recommendations: single statements, as they stand in the newest editions."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from ekip.shared.errors import NotFound
from recommendations.api import parameters
from recommendations.api.documentation import a_list, one
from recommendations.api.envelope import envelope
from recommendations.api.serializers import RecommendationSerializer
from recommendations.api.views.base import FORM, PublicView, list_tag
from recommendations.library import selectors
from recommendations.library.addresses import absolute
from recommendations.library.choice import Choice
from recommendations.library.conditional import answer, weak_tag
from recommendations.library.documents import PublicEdition, public_editions, public_rows
from recommendations.library.facets import BUILDING_BLOCK, LEVEL, TARGET_ACTOR
from recommendations.models.library import Edition, EditionRecommendation

OF_STATEMENTS = (BUILDING_BLOCK, LEVEL, TARGET_ACTOR)  # these tell single recommendations apart


class RecommendationList(PublicView):
    """The recommendations of everything that is published now."""

    @a_list(RecommendationSerializer, name="recommendations", filters=True)
    def get(self, request: Request) -> HttpResponse:
        """The recommendations that fit the filters, in the order of their publications, newest first.

        Level, target actor and building block are those of the recommendation; `q`, area, cluster and
        language those of the publication in which it stands.
        """
        asked = request.query_params
        parameters.refuse_unknown(asked, (*parameters.FILTERS, *parameters.PAGE))
        wanted, choice = parameters.read_page(asked), parameters.read_filters(asked)

        def make() -> Response:
            return Response(envelope(request, _fitting(choice), wanted, _present))

        return answer(request, list_tag(request), make)


class RecommendationDetail(PublicView):
    """One recommendation in the newest edition that has it."""

    @one(
        RecommendationSerializer,
        name="recommendation",
        about="The recommendation's id: the publication's key, a full stop, the recommendation's key.",
    )
    def get(self, request: Request, id: tuple[str, str]) -> HttpResponse:
        """The recommendation. Its standing is that of the edition: a key that was dropped is still found here."""
        slug, key = id
        editions = Edition.objects.filter(publication__slug=slug, recommendations__key=key).order_by("-number")
        found = public_editions(public_rows(editions)[:1])
        if not found or found[0].row.is_redacted:
            raise NotFound
        tag = weak_tag(FORM, *id, *found[0].tag_parts)
        return answer(request, tag, lambda: Response(_statements(found[0], {key})[0]))


def _fitting(choice: Choice) -> QuerySet[EditionRecommendation]:
    editions = selectors.narrow(selectors.current_editions(), choice)
    own = Q(*(facet.condition(choice.of(facet.name)) for facet in OF_STATEMENTS if choice.of(facet.name)))
    return EditionRecommendation.objects.filter(own, edition__in=editions).order_by("-edition__serial", "position")


def _present(rows: QuerySet[EditionRecommendation]) -> list[dict[str, Any]]:
    """The rows as their editions' documents have them; four queries, however many there are."""
    wanted: dict[int, set[str]] = {}
    for edition, key in rows.values_list("edition", "key"):
        wanted.setdefault(edition, set()).add(key)
    editions = public_editions(public_rows(Edition.objects.filter(pk__in=wanted)).order_by("-serial"))
    return [entry for edition in editions for entry in _statements(edition, wanted[edition.row.pk])]


def _statements(edition: PublicEdition, keys: Iterable[str]) -> list[dict[str, Any]]:
    """The edition's recommendations with these keys, each with what it cites and where it stands."""
    document = edition.document
    evidence = {entry["key"]: entry for entry in document["evidence"]}
    return [
        {
            **entry,
            "id": f"{document['publication']}.{entry['key']}",
            "publication": document["publication"],
            "edition": edition.id,
            "standing": edition.standing.value,
            "notices": edition.public_notices,
            "title": document["title"],
            "language": document["language"],
            "area": document["area"],
            "evidence": [evidence[key] for key in entry["evidence"] if key in evidence],
            "licence": document["licence"],
            "is_example": document["is_example"],
            "links": {
                "self": absolute(reverse("api:recommendation", args=[f"{document['publication']}.{entry['key']}"])),
                "page": absolute(f"{edition.page}#r-{entry['key']}"),
                "edition": absolute(reverse("api:edition", args=[edition.id])),
            },
        }
        for entry in document["recommendations"]
        if entry["key"] in keys
    ]
