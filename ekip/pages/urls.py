"""Addresses of the home page, the desk, the register of organisations, the site's own pages, and health."""

from django.urls import path

from ekip.pages.views import health, home, register, site

app_name = "pages"
urlpatterns = [
    path("", home.home, name="home"),
    path("desk/", home.desk, name="desk"),
    path("organisations/", register.organisations, name="organisations"),
    path("organisations/<slug:slug>/", register.organisation, name="organisation"),
    path("ecosystems/<slug:slug>/", register.ecosystem, name="ecosystem"),
    path("territories/<slug:slug>/", register.territory, name="territory"),
    path("imprint/", site.imprint, name="imprint"),
    path("privacy/", site.privacy, name="privacy"),
    path("accessibility/", site.accessibility, name="accessibility"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
]
