"""The controlled lists and the registers."""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from rest_framework.request import Request

from partners.models import Organisation
from recommendations.api.documentation import a_list
from recommendations.api.envelope import envelope, whole
from recommendations.api.parameters import PAGE, read_page, refuse_unknown
from recommendations.api.serializers import (
    AreaSerializer,
    BuildingBlockSerializer,
    ClusterSerializer,
    OrganisationSerializer,
    TermSerializer,
)
from recommendations.api.views.base import PublicView, answer_data
from recommendations.library import selectors
from recommendations.library.addresses import absolute
from recommendations.library.facets import AREA, BUILDING_BLOCK, CLUSTER, TARGET_ACTOR, Facet
from recommendations.models.areas import PolicyArea
from recommendations.models.library import EditionAuthor
from recommendations.models.vocabulary import BuildingBlock, Cluster, TargetActor


class PolicyAreaList(PublicView):
    """The register of policy areas."""

    @a_list(AreaSerializer, name="policy-areas")
    def get(self, request: Request) -> HttpResponse:
        """Every policy area, by title, with how it stands in the register and how many publications it has."""
        refuse_unknown(request.query_params, ())
        published = _published(AREA)
        areas = PolicyArea.objects.select_related("cluster")
        return answer_data(request, whole([_area(area, published.get(area.slug, 0)) for area in areas]))


class ClusterList(PublicView):
    """The clusters of policy areas."""

    @a_list(ClusterSerializer, name="clusters")
    def get(self, request: Request) -> HttpResponse:
        """Every cluster in its order."""
        refuse_unknown(request.query_params, ())
        published = _published(CLUSTER)
        results = [
            {**_term(each, published), "is_methodological": each.is_methodological} for each in Cluster.objects.all()
        ]
        return answer_data(request, whole(results))


class BuildingBlockList(PublicView):
    """The building blocks and the considerations beside them."""

    @a_list(BuildingBlockSerializer, name="building-blocks")
    def get(self, request: Request) -> HttpResponse:
        """Every building block in its order."""
        refuse_unknown(request.query_params, ())
        published = _published(BUILDING_BLOCK)
        results = [{**_term(each, published), "kind": each.kind} for each in BuildingBlock.objects.all()]
        return answer_data(request, whole(results))


class TargetActorList(PublicView):
    """The kinds of actors whom recommendations ask to act."""

    @a_list(TermSerializer, name="target-actors")
    def get(self, request: Request) -> HttpResponse:
        """Every kind of actor in its order."""
        refuse_unknown(request.query_params, ())
        published = _published(TARGET_ACTOR)
        return answer_data(request, whole([_term(each, published) for each in TargetActor.objects.all()]))


class OrganisationList(PublicView):
    """The register of organisations."""

    @a_list(OrganisationSerializer, name="organisations", pages=True)
    def get(self, request: Request) -> HttpResponse:
        """Every organisation, by name, with how many publications it stands for as author."""
        refuse_unknown(request.query_params, PAGE)
        organisations = Organisation.objects.order_by("sort_key", "pk")
        return answer_data(request, envelope(request, organisations, read_page(request.query_params), _organisations))


def _organisations(rows: QuerySet[Organisation]) -> list[dict[str, Any]]:
    rows = list(rows)
    authors = EditionAuthor.objects.filter(edition__in=selectors.current_editions(), organisation__in=rows)
    published = dict(authors.order_by().values_list("organisation").annotate(Count("pk")))
    return [
        {
            "key": row.slug,
            "name": row.name,
            "kind": row.kind,
            "country": row.country,
            "city": row.city,
            "website": row.website,
            "is_network": row.is_network,
            "is_example": row.is_example,
            "publications": published.get(row.pk, 0),
        }
        for row in rows
    ]


def _published(facet: Facet) -> dict[str, int]:
    return facet.counts(selectors.current_editions())


def _term(term: Cluster | BuildingBlock | TargetActor, published: dict[str, int]) -> dict[str, Any]:
    return {
        "key": term.key,
        "label": term.label,
        "description": term.description,
        "publications": published.get(term.key, 0),
    }


def _area(area: PolicyArea, publications: int) -> dict[str, Any]:
    status = "selected" if area.selected_at else "declined" if area.declined_at else "identified"
    return {
        "key": area.slug,
        "title": area.title,
        "summary": area.summary,
        "cluster": {"key": area.cluster.key, "label": area.cluster.label},
        "status": status,
        "lab_number": area.lab_number,
        "source": area.source,
        "is_example": area.is_example,
        "publications": publications,
        "links": {"library": absolute(f"{reverse('library:list')}?area={area.slug}")},
    }
