from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    """What: the register of areas, drafting, and the library."""

    name = "recommendations"
