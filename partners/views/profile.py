"""One's own account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from partners import permissions, selectors
from partners.accounts.fields import AboutYou


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """What others see of a person, how the person reads the site, and what the person belongs to."""
    person = request.user
    known = {"name": person.name, "language": person.language, "time_zone": person.time_zone}
    form = AboutYou(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        person.name = form.cleaned_data["name"]
        person.language = form.cleaned_data["language"]
        person.time_zone = form.cleaned_data["time_zone"]
        person.save(update_fields=["name", "sort_key", "language", "time_zone"])
        messages.success(request, _("Your profile is saved."))
        return redirect("partners:profile")
    context = {
        "form": form,
        "memberships": selectors.live_memberships(person),
        "role_grants": selectors.live_role_grants(person),
        "has_second_factor": selectors.has_second_factor(person),
        "needs_second_factor": permissions.needs_second_factor(person),
    }
    return render(request, "partners/profile.html", context, status=422 if form.errors else 200)


@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why a second factor is needed, and the two ways to set one up."""
    if not permissions.needs_second_factor(request.user) or selectors.has_second_factor(request.user):
        wanted = request.GET.get("next", "")
        safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
        return redirect(wanted if wanted and safe else "mfa_index")
    return render(request, "partners/second_factor.html")
