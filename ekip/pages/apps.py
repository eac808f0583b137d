from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Home, desk, organisations and the site's own pages."""

    name = "ekip.pages"
    label = "pages"
