"""Organisations, ecosystems and territories."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ekip.pages.selectors import profiles
from ekip.pages.selectors.organisations import directory
from partners.permissions import may_manage


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """The organisations, narrowed by words, kind, country and network."""
    return render(request, "pages/organisations.html", {"directory": directory(request.GET)})


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation."""
    profile = profiles.organisation_profile(slug)
    context = {
        "profile": profile,
        "manages": bool(may_manage(request.user, profile.organisation)),
        "crumbs": _crumbs(profile.organisation.name),
    }
    return render(request, "pages/organisation.html", context)


@require_safe
def ecosystem(request: HttpRequest, slug: str) -> HttpResponse:
    """One city or innovation district, and who takes part in it."""
    found = profiles.ecosystem(slug)
    context = {"ecosystem": found, "members": list(profiles.ecosystem_members(found)), "crumbs": _crumbs(found.name)}
    return render(request, "pages/ecosystem.html", context)


@require_safe
def territory(request: HttpRequest, slug: str) -> HttpResponse:
    """One country, region or municipality."""
    place = profiles.territory_profile(slug)
    return render(request, "pages/territory.html", {"place": place, "crumbs": _crumbs(place.territory.name)})


def _crumbs(name: str) -> list[tuple[str, str]]:
    return [(_("Organisations"), reverse("pages:organisations")), (name, "")]
