"""Asking further people into a round that is open."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ekip.shared import clock, doorbell
from ekip.shared.errors import Invalid, NotNow
from ekip.shared.verdicts import Denied
from engine.forms.rounds import InviteMoreForm
from engine.models.definitions import definition_of
from engine.permissions import may_schedule
from engine.selectors.candidates import Candidate, candidates
from engine.selectors.rounds import RoundView, round_view
from engine.services import inviting
from engine.views.kept import back_to, keeping
from engine.views.rounds import choice
from partners.tasks import deliver
from recommendations.drafting.locking import enforce


@login_required
@back_to("round")
def invite_more(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose more people for an open round, with the same rules as when it was opened."""
    view = round_view(request.user, pk)
    enforce(may_schedule(request.user, view.proposal))
    if not view.is_open or view.is_consultation:
        raise NotNow(_("The round has closed."), code="round-closed")
    people = _candidates(view)
    form = InviteMoreForm(
        request.POST or None, allowed={each.person.pk: each.person.name for each in people if each.verdict}
    )
    is_sent = request.method == "POST" and "search" not in request.POST
    if is_sent and form.is_valid():
        try:
            with keeping(form):
                inviting.invite_more(
                    round_id=pk, person_ids=form.cleaned_data["reviewers"], person=request.user, now=clock.now()
                )
        except Invalid as refusal:
            form.add_refusal(refusal)
        else:
            doorbell.ring(deliver)
            messages.success(request, _("They are being told."))
            return redirect("engine:round", pk=pk)
    context = {"proposal": view.proposal, "view": view, "round": view.round, "form": form, "is_sent": is_sent}
    context |= choice(request, people)
    return render(request, "engine/invite_more.html", context, status=422 if is_sent else 200)


def _candidates(view: RoundView) -> list[Candidate]:
    """Those who were asked in this round stand among the others, and cannot be chosen again."""
    visit = view.round.visit
    stage = definition_of(visit.run.version_id).stage(visit.stage)
    asked = {each.assignment.reviewer_id for each in view.asked}
    return [
        replace(each, verdict=Denied(_("was asked in this round already"), "asked"))
        if each.verdict and each.person.pk in asked
        else each
        for each in candidates(view.proposal, visit_id=visit.pk, stage=stage)
    ]
