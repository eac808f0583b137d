"""Addresses."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("recommendations.library.urls")),
    path("", include("recommendations.areas.urls")),
    path("", include("recommendations.areas.block_urls")),
]
