"""Addresses of the REST API, version 1."""

from django.urls import path, register_converter

from recommendations.api.converters import EditionId, RecommendationId
from recommendations.api.views import editions, publications, start, vocabularies
from recommendations.api.views import recommendations as statements

register_converter(EditionId, "edition_id")
register_converter(RecommendationId, "recommendation_id")

app_name = "api"
urlpatterns = [
    path("", start.Start.as_view(), name="start"),
    path("schema/", start.Schema.as_view(), name="schema"),
    path("publications/", publications.PublicationList.as_view(), name="publications"),
    path("publications/<slug:slug>/", publications.PublicationDetail.as_view(), name="publication"),
    path("editions/<edition_id:id>/", editions.EditionDetail.as_view(), name="edition"),
    path("editions/<edition_id:id>/body/<slug:content_hash>/", editions.EditionBody.as_view(), name="body"),
    path("recommendations/", statements.RecommendationList.as_view(), name="recommendations"),
    path("recommendations/<recommendation_id:id>/", statements.RecommendationDetail.as_view(), name="recommendation"),
    path("policy-areas/", vocabularies.PolicyAreaList.as_view(), name="policy-areas"),
    path("building-blocks/", vocabularies.BuildingBlockList.as_view(), name="building-blocks"),
    path("clusters/", vocabularies.ClusterList.as_view(), name="clusters"),
    path("target-actors/", vocabularies.TargetActorList.as_view(), name="target-actors"),
    path("organisations/", vocabularies.OrganisationList.as_view(), name="organisations"),
]
