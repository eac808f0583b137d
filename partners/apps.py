from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Who, where, and how people are reached."""

    name = "partners"

    def ready(self) -> None:
        """Register the system checks, and the kinds of notification of this app."""
        from partners import checks, kinds  # noqa: F401 - the checks register on import

        kinds.register_own()
