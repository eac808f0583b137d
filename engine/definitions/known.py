"""What definitions may speak of in this installation."""

import holidays

from engine.process.checker import Known
from partners.models import Organisation, RoleGrant
from recommendations.models import SectionKind


def known() -> Known:
    """Roles, sections of the template once it is loaded, countries whose holidays are known, kinds of organisations."""
    return Known(
        roles=frozenset(RoleGrant.Role.values),
        sections=frozenset(SectionKind.objects.values_list("key", flat=True)) or None,
        countries=frozenset(holidays.list_supported_countries(include_aliases=False)),
        kinds=frozenset(Organisation.Kind.values),
    )
