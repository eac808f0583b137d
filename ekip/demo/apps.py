from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demonstration: example content, one-click sign-in, mail page. Installed only with EKIP_DEMO=1."""

    name = "ekip.demo"
    label = "demo"
