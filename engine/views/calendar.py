"""One's own deadlines in one's own calendar: the address, and what it answers."""

from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ekip.shared import clock
from ekip.shared.errors import NotFound
from engine.calendar import calendar_of
from engine.selectors.calendar import entries
from partners.calendar_tokens import person_of, token_of
from partners.models import CalendarAddress
from partners.services.calendars import make_address, revoke_address

RULE = "private, no-cache"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """What stands in the calendar, its address if it has one, and the buttons to make, replace and remove it."""
    address = CalendarAddress.objects.filter(person=request.user).first()
    if request.method == "POST":
        if address is None or "again" in request.POST:
            make_address(person=request.user, now=clock.now())
            messages.success(request, _("Your calendar has an address. Copy it into your calendar program."))
        return redirect("engine:calendar")
    path = reverse("engine:calendar_feed", args=[token_of(address)]) if address else ""
    context = {
        "address": settings.BASE_URL + path if address else "",
        "made_at": address.made_at if address else None,
        "entries": entries(request.user, now=clock.now()),
    }
    response = render(request, "engine/calendar.html", context)
    response["Cache-Control"] = "private, no-store"  # the address is a key
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest) -> HttpResponse:
    """Ask, then take the address away."""
    if request.method == "POST":
        if revoke_address(person=request.user):
            messages.success(request, _("The address is removed. Calendars that use it are empty from now on."))
        return redirect("engine:calendar")
    context = {
        "title": _("Remove the calendar address"),
        "consequences": [
            _("The address opens nothing any more, for nobody."),
            _("Calendar programs that use it show an error or nothing at all; take it out there too."),
            _("You can make another address at any time."),
        ],
        "submit": _("Remove the address"),
        "danger": True,
        "cancel_url": reverse("engine:calendar"),
    }
    return render(request, "engine/calendar_revoke.html", context)


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The deadlines of the person whose address this is. Any other address is nothing, and all are nothing alike."""
    person = person_of(token)
    if person is None:
        raise NotFound
    body = calendar_of(entries(person, now=clock.now()))
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=tag) or HttpResponse(
        body, content_type="text/calendar; charset=utf-8"
    )
    response["ETag"] = tag
    response["Cache-Control"] = RULE
    response["X-Robots-Tag"] = "noindex"
    return response
