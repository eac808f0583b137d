"""Addresses of the building blocks."""

from django.urls import path

from recommendations.areas import block_views

app_name = "blocks"
urlpatterns = [
    path("building-blocks/", block_views.block_list, name="list"),
    path("building-blocks/<slug:key>/", block_views.block_detail, name="detail"),
]
