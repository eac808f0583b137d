"""Template tags of the engine's pages."""

from typing import Any

from django import forms, template
from django.urls import reverse
from django.utils.safestring import SafeString
from js_asset import Media

from recommendations.models import Proposal

register = template.Library()


@register.simple_tag(takes_context=True)
def editor_media(context: dict[str, Any], form: forms.BaseForm) -> SafeString:
    """The scripts and style sheets of a form; the inline import map carries the nonce of the page's policy."""
    return Media.from_media(form.media, nonce=str(context["request"].csp_nonce)).render()


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
