"""What is done for every request of a signed-in person. The API knows no sessions and is left alone."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from ekip.shared.errors import Invalid
from ekip.shared.handler import is_api, respond
from partners.permissions import needs_second_factor
from partners.selectors import has_second_factor, has_unreadable_key
from partners.zones import zone_of

logger = logging.getLogger(__name__)

# What reading a malformed key raises; other exceptions are how allauth asks for the password again.
FAULTS = (AttributeError, KeyError, TypeError, ValueError, ValidationError)
UNREADABLE = _("A security key of this account is stored in a form that cannot be read.")
REMEDY = _("Ask those who run the platform to remove the key; then add it anew.")


class ReaderZoneMiddleware:
    """Shows times in the reader's own zone (the site's zone for people without an account)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request) and request.user.is_authenticated:
            with timezone.override(zone_of(request.user.time_zone)):
                return self.get_response(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Sends administrators and holders of a role grant to set up a second factor before anything else.

    Their account pages stay open (that is where they set it up and sign out), and so do static files and the
    health pages. The demonstration waives it, and says so on the profile.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._stands_aside(request) or not needs_second_factor(request.user):
            return self.get_response(request)
        if has_second_factor(request.user):
            return self.get_response(request)
        back = {"next": request.get_full_path()} if request.method == "GET" else {}
        return redirect(f"{reverse('partners:second_factor')}?{urlencode(back)}".rstrip("?"))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Where a page of the second factor fails on a stored key that cannot be read, say so and what helps."""
        if not request.path.startswith("/account/") or not isinstance(exception, FAULTS):
            return None
        stage = getattr(request, "_login_stage", None)  # allauth's, between password and second factor
        person = stage.login.user if stage else request.user
        if not person.is_authenticated or not has_unreadable_key(person):
            return None
        logger.error("a stored security key of person %s cannot be read: %r", person.pk, exception)
        return respond(request, Invalid(UNREADABLE, code="key-unreadable", errors={"key": [str(REMEDY)]}))

    def _stands_aside(self, request: HttpRequest) -> bool:
        ways = (
            reverse("partners:second_factor"),
            "/account/",
            "/health/",
            settings.STATIC_URL,
        )
        return settings.DEMO or is_api(request) or request.path.startswith(ways)
