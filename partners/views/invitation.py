"""Taking up an invitation: with the account that one has, or by opening one."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ekip.shared import clock
from ekip.shared.errors import Invalid
from partners import selectors
from partners.accounts.fields import guess
from partners.forms import JoinForm, show_refusal
from partners.models import Invitation
from partners.services import invitations


@sensitive_post_parameters("password1", "password2")
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of an invitation."""
    invited = selectors.invitation_by_token(token)
    if not invited.is_open(clock.now()):
        return render(request, "partners/invitation_closed.html", {"invitation": invited}, status=410)
    if request.user.is_authenticated:
        return _with_this_account(request, token, invited)
    if selectors.account_with_address(invited.email) is not None:
        return render(request, "partners/invitation_sign_in.html", {"invitation": invited})
    return _with_new_account(request, token, invited)


def _with_this_account(request: HttpRequest, token: str, invited: Invitation) -> HttpResponse:
    if not selectors.has_confirmed(request.user, invited.email):
        return render(request, "partners/invitation_other.html", {"invitation": invited})
    if request.method == "POST":
        invitations.accept_invitation(token=token, person=request.user, now=clock.now())
        messages.success(request, _("You have joined %(name)s.") % {"name": invited.organisation.name})
        return redirect("partners:profile")
    return render(request, "partners/invitation_join.html", {"invitation": invited})


def _with_new_account(request: HttpRequest, token: str, invited: Invitation) -> HttpResponse:
    first = guess(request.headers.get("Accept-Language", ""))
    form = JoinForm(request.POST or None, initial=first, email=invited.email)
    if request.method == "POST" and form.is_valid():
        try:
            person = invitations.accept_with_new_account(
                token=token,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password1"],
                language=form.cleaned_data["language"],
                time_zone=form.cleaned_data["time_zone"],
                now=clock.now(),
            )
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("You have joined %(name)s.") % {"name": invited.organisation.name})
            return perform_login(request, person)
    context = {"invitation": invited, "form": form}
    return render(request, "partners/invitation_new.html", context, status=422 if form.errors else 200)
