"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone


def site(request: HttpRequest) -> dict[str, Any]:
    """Name of the site, operator, whether this is the demonstration, and the zone in which times are shown."""
    return {
        "site_name": "ekip Engine",
        "base_url": settings.BASE_URL,
        "operator": settings.OPERATOR,
        "demo": settings.DEMO,
        "reader_zone": timezone.get_current_timezone_name(),
    }
