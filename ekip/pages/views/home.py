"""The home page and the desk."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ekip.pages.selectors.front import front
from ekip.shared import clock
from engine.selectors.desk import desk_of
from engine.selectors.positions import DECIDING
from partners.permissions import drafting_organisations
from partners.selectors import live_role_grants


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, what is new, where proposals stand, who takes part."""
    return render(request, "pages/home.html", {"front": front()})


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the person, what they wait for, what they did last."""
    context = {
        "desk": desk_of(request.user, now=clock.now()),
        "drafts": drafting_organisations(request.user).exists(),
        "judges": live_role_grants(request.user).filter(role__in=DECIDING).exists(),
    }
    return render(request, "pages/desk.html", context)
