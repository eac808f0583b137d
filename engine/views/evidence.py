"""Adding and removing the evidence that a proposal cites."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ekip.shared import clock
from ekip.shared.errors import Invalid, NotFound
from engine.forms.recommendations import EvidenceForm
from engine.views.kept import back_to, keeping
from engine.views.once import one_at_a_time
from recommendations.drafting import services as drafting
from recommendations.drafting.locking import enforce
from recommendations.drafting.selectors import proposal_for
from recommendations.drafting.services import EvidenceDraft
from recommendations.models import Proposal
from recommendations.permissions import may_edit


@login_required
@back_to("proposal")
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new piece of evidence."""
    proposal = proposal_for(request.user, pk)
    form = EvidenceForm(request.POST or None)
    if request.method != "POST":
        enforce(may_edit(request.user, proposal))
    elif form.is_valid():
        try:
            with keeping(form):
                _add_once(request, proposal, form)
        except Invalid as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The evidence is added. Recommendations can cite it now."))
            return _back(proposal)
    context = {"form": form, "proposal": proposal}
    return render(request, "engine/evidence.html", context, status=422 if form.errors else 200)


@login_required
@back_to("proposal")
def delete(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Ask once, then take the evidence out."""
    proposal = proposal_for(request.user, pk)
    row = proposal.evidence.filter(key=key).first()
    if request.method == "POST":
        if row is not None:
            drafting.remove_evidence(proposal_id=pk, key=key, person=request.user, now=clock.now())
        messages.success(request, _("The evidence is removed."))
        return _back(proposal)
    if row is None:
        raise NotFound
    enforce(may_edit(request.user, proposal))
    citing = row.recommendations.count()
    consequence = ngettext(
        "%(n)d recommendation that cites it does so no longer.",
        "%(n)d recommendations that cite it do so no longer.",
        citing,
    )
    context = {
        "proposal": proposal,
        "title": _("Remove this evidence"),
        "text": row.title,
        "consequences": [consequence % {"n": citing}] if citing else [_("No recommendation cites it.")],
        "submit": _("Remove the evidence"),
    }
    return render(request, "engine/confirm.html", context)


def _add_once(request: HttpRequest, proposal: Proposal, form: EvidenceForm) -> None:
    data = form.cleaned_data
    with one_at_a_time(request.user):
        title = " ".join(data["title"].split())
        if proposal.evidence.filter(title=title, address=data["address"], added_by=request.user).exists():
            return
        drafting.add_evidence(
            proposal_id=proposal.pk, person=request.user, draft=EvidenceDraft(**data), now=clock.now()
        )


def _back(proposal: Proposal) -> HttpResponse:
    return redirect(reverse("engine:proposal", args=[proposal.pk]) + "#evidence-list")
