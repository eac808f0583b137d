from django.apps import AppConfig


class EngineConfig(AppConfig):
    """How: the process, its rounds and decisions."""

    name = "engine"
