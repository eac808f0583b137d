"""The template tag of pages that have the editor."""

from typing import Any

from django import forms, template
from django.utils.safestring import SafeString
from js_asset import Media

register = template.Library()


@register.simple_tag(takes_context=True)
def editor_media(context: dict[str, Any], form: forms.BaseForm) -> SafeString:
    """The scripts and style sheets of a form; the inline import map carries the nonce of the page's policy."""
    return Media.from_media(form.media, nonce=str(context["request"].csp_nonce)).render()
