"""The members of an organisation, for its managers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ekip.shared import clock
from ekip.shared.errors import Invalid, NotAllowed
from partners import permissions, selectors
from partners.forms import InviteForm, RoleForm, show_refusal
from partners.models import Organisation
from partners.services import invitations, people


def _managed(request: HttpRequest, slug: str) -> Organisation:
    organisation = selectors.organisation_by_slug(slug)
    permissions.may_manage(request.user, organisation).enforce()
    return organisation


@login_required
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Who belongs to the organisation and who is invited."""
    organisation = _managed(request, slug)
    context = {
        "organisation": organisation,
        "memberships": selectors.live_members(organisation),
        "invitations": selectors.open_invitations(organisation, now=clock.now()),
    }
    return render(request, "partners/members.html", context)


@login_required
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite somebody by mail; inviting again replaces the earlier invitation."""
    organisation = _managed(request, slug)
    form = InviteForm(request.POST or None, initial={"email": request.GET.get("email", "")})
    if request.method == "POST" and form.is_valid():
        email, role = form.cleaned_data["email"], form.cleaned_data["role"]
        try:
            invitations.invite(organisation=organisation, email=email, role=role, by=request.user, now=clock.now())
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": email})
            return redirect("partners:members", slug=slug)
    context = {"organisation": organisation, "form": form}
    return render(request, "partners/invite.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def cancel_invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an unanswered invitation back."""
    organisation = _managed(request, slug)
    invitation = invitations.cancel_invitation(
        invitation_id=pk, organisation=organisation, by=request.user, now=clock.now()
    )
    messages.success(request, _("The invitation to %(email)s is taken back.") % {"email": invitation.email})
    return redirect("partners:members", slug=slug)


@login_required
def change_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give a member another role."""
    membership = selectors.live_member(_managed(request, slug), pk)
    form = RoleForm(request.POST or None, initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        role = form.cleaned_data["role"]
        try:
            people.change_role(membership_id=pk, role=role, by=request.user, now=clock.now())
        except NotAllowed as refusal:
            form.add_error("role", str(refusal))
        else:
            messages.success(request, _("The role of %(name)s is saved.") % {"name": membership.person.name})
            return redirect("partners:members", slug=slug)
    context = {"membership": membership, "organisation": membership.organisation, "form": form}
    return render(request, "partners/change_role.html", context, status=422 if form.errors else 200)


@login_required
def end_membership(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then end a membership: one's own, or as a manager."""
    membership = selectors.live_member(selectors.organisation_by_slug(slug), pk)
    permissions.may_end(request.user, membership).enforce()
    own = membership.person_id == request.user.pk
    if request.method == "POST":
        people.leave(membership_id=pk, by=request.user, now=clock.now())
        messages.success(request, _("The membership has ended."))
        return redirect("partners:profile") if own else redirect("partners:members", slug=slug)
    back = reverse("partners:profile") if own else reverse("partners:members", args=[slug])
    context = {
        "membership": membership,
        "organisation": membership.organisation,
        "own": own,
        "back": back,
        "is_last_manager": selectors.is_last_manager(membership),
    }
    return render(request, "partners/end_membership.html", context)
