"""Addresses of the whole site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path("", include("partners.urls")),
    path("", include("recommendations.urls")),
    path("api/v1/", include("recommendations.api.urls")),
    path("", include("engine.urls")),
    path("", include("ekip.pages.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("ekip.demo.urls")))

handler404 = "ekip.shared.handler.page_not_found"
handler500 = "ekip.shared.handler.server_error"
