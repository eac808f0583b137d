"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from engine.permissions import may_design, may_see_board
from partners.permissions import may_keep_deliveries
from partners.selectors.notifications import unread_count


def site(request: HttpRequest) -> dict[str, Any]:
    """Name of the site, operator, whether this is the demonstration, and the zone in which times are shown.

    `places` and `entrance_aside` tell the templates of the apps below where the pages up here are, and what stands
    beside the sign-in form: they name neither themselves.
    """
    return {
        "site_name": "ekip Engine",
        "base_url": settings.BASE_URL,
        "operator": settings.OPERATOR,
        "demo": settings.DEMO,
        "places": places(),
        "entrance_aside": "demo/sign_in_people.html" if settings.DEMO else "",
        # Asked only where the account menu is drawn.
        "designs_processes": SimpleLazyObject(lambda: bool(may_design(request.user))),
        "sees_board": SimpleLazyObject(lambda: bool(may_see_board(request.user))),
        "keeps_deliveries": SimpleLazyObject(lambda: bool(may_keep_deliveries(request.user))),
        "unread_notifications": SimpleLazyObject(lambda: unread_count(request.user)),
        "reader_zone": timezone.get_current_timezone_name(),
    }


def places() -> dict[str, str]:
    """Addresses of pages of the site by what they are for; `mail` in the demonstration only."""
    names = {"home": "pages:home", "organisations": "pages:organisations", "operator": "pages:imprint"}
    names["records"] = "engine:records"
    if settings.DEMO:
        names["mail"] = "demo:mail"
    return {place: reverse(name) for place, name in names.items()}
