from django.apps import AppConfig


class EngineConfig(AppConfig):
    """How: the process, its rounds and decisions."""

    name = "engine"

    def ready(self) -> None:
        """Register what the engine tells people."""
        from engine import notices

        notices.register_all()
