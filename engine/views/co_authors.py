"""Who writes with whom."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ekip.shared import clock
from ekip.shared.errors import Invalid, NotFound
from engine.forms.proposals import CoAuthorForm
from engine.selectors.workspace import co_authors as co_authors_of
from engine.selectors.workspace import organisations_of
from engine.views.kept import back_to, keeping
from recommendations.drafting import services as drafting
from recommendations.drafting.locking import enforce
from recommendations.drafting.selectors import proposal_for
from recommendations.permissions import may_edit


@login_required
@back_to("proposal")
def co_authors(request: HttpRequest, pk: int) -> HttpResponse:
    """The co-authors, and a field to add one."""
    proposal = proposal_for(request.user, pk)
    form = CoAuthorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with keeping(form):
                added = drafting.add_co_author(
                    proposal_id=pk, person=request.user, email=form.cleaned_data["email"], now=clock.now()
                )
        except Invalid as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("%(name)s can now write in this proposal.") % {"name": added.name})
            return redirect("engine:co_authors", pk=pk)
    context = {
        "proposal": proposal,
        "form": form,
        "can_edit": bool(may_edit(request.user, proposal)),
        "authors": [(grant.person, organisations_of(grant.person)) for grant in co_authors_of(proposal)],
    }
    return render(request, "engine/co_authors.html", context, status=422 if form.errors else 200)


@login_required
@back_to("proposal")
def remove(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Ask once, then end what a co-author was given."""
    proposal = proposal_for(request.user, pk)
    grant = next((each for each in co_authors_of(proposal) if each.person_id == person), None)
    if request.method == "POST":
        if grant is not None:
            drafting.remove_co_author(proposal_id=pk, person=request.user, user_id=person, now=clock.now())
        messages.success(request, _("They no longer write in this proposal."))
        return redirect("engine:my_proposals") if person == request.user.pk else redirect("engine:co_authors", pk=pk)
    if grant is None or grant.person is None:
        raise NotFound
    enforce(may_edit(request.user, proposal))
    context = {
        "proposal": proposal,
        "title": _("Remove a co-author"),
        "text": grant.person.name,
        "consequences": [
            _("They can no longer read or change this proposal."),
            _("What they wrote stays."),
        ],
        "submit": _("Remove the co-author"),
        "cancel_url": reverse("engine:co_authors", args=[pk]),
    }
    return render(request, "engine/confirm.html", context)
