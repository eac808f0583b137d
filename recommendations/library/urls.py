"""Addresses of the library."""

from django.urls import path

from recommendations.library import views

app_name = "library"
urlpatterns = [
    path("library/", views.publication_list, name="list"),
    path("library/<slug:slug>/", views.publication, name="publication"),
    path("library/<slug:slug>/editions/<int:number>/", views.edition, name="edition"),
    path("library/<slug:slug>/editions/<int:number>/changes/", views.changes, name="changes"),
]
