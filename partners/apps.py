from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Who, where, and how people are reached."""

    name = "partners"

    def ready(self) -> None:
        """Register the system checks."""
        from partners import checks  # noqa: F401 - registers on import
