"""Answering an invitation to review: before accepting, title and summary only."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ekip.shared import clock, doorbell
from ekip.shared.errors import NotFound
from engine.forms.rounds import DeclineForm
from engine.selectors.assignments import assignment_for
from engine.services import rounds
from engine.views.kept import keeping
from partners.tasks import deliver


@login_required
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept, or decline with a reason."""
    assignment = assignment_for(request.user, pk)
    if assignment.round.kind == "consultation":
        return redirect("engine:consultation", pk=assignment.round_id)
    form = DeclineForm(request.POST if request.POST.get("answer") == "decline" else None)
    if request.method == "POST":
        if request.POST.get("answer") == "accept":
            return _accept(request, pk)
        if form.is_valid():
            with keeping(form):
                rounds.decline(
                    assignment_id=pk, person=request.user, reason=form.cleaned_data["reason"], now=clock.now()
                )
            doorbell.ring(deliver)
            messages.success(request, _("You declined. The coordinator is told."))
            return redirect("engine:invitation", pk=pk)
    content = assignment.round.revision.content
    context = {
        "assignment": assignment,
        "round": assignment.round,
        "review": getattr(assignment, "review", None),
        "title": content["title"],
        "summary": content["summary"],
        "language": content["language"],
        "is_city_test": assignment.round.kind == "city-test",
        "form": form,
    }
    return render(request, "engine/invitation.html", context, status=422 if form.errors else 200)


def _accept(request: HttpRequest, pk: int) -> HttpResponse:
    answered = rounds.accept(assignment_id=pk, person=request.user, now=clock.now())
    if answered.barred_at:
        # Since the invitation a conflict of interest has come up: from now on there is nothing here for them.
        raise NotFound(_("You cannot review this proposal, because a conflict of interest has come up."))
    if answered.round.kind == "city-test":
        messages.success(request, _("Thank you. Read the text, test it, and record below what you met."))
        return redirect("engine:case", pk=pk)
    messages.success(request, _("Thank you. Read the text and write your review below; it is kept as you type."))
    return redirect("engine:review", pk=pk)
