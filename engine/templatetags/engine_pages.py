"""Template tags of the engine's pages."""

from django import template
from django.urls import reverse

from recommendations.models import Proposal

register = template.Library()


@register.simple_tag
def mending_url(proposal: Proposal, place: str) -> str:
    """The page on which something that is missing can be mended; `place` as in `completeness.Missing`."""
    noun, _colon, key = place.partition(":")
    match noun:
        case "details":
            return reverse("engine:details", args=[proposal.pk])
        case "section":
            return reverse("engine:section", args=[proposal.pk, key])
        case "recommendation":
            return reverse("engine:recommendation", args=[proposal.pk, key])
        case _:
            return reverse("engine:recommendation_add", args=[proposal.pk])
