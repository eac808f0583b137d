"""Places in words."""

from django import template

from partners.countries import country_name
from partners.models import Organisation

register = template.Library()


@register.simple_tag
def place_of(organisation: Organisation) -> str:
    """City and country of an organisation, as far as they are known."""
    return ", ".join(word for word in (organisation.city, country_name(organisation.country)) if word)
