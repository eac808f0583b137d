"""Starting a proposal."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ekip.shared import clock
from ekip.shared.errors import Invalid
from engine.forms.proposals import StartForm
from engine.selectors.areas import areas_open_to_proposals, managers_of
from engine.selectors.versions import process_choices
from engine.services import runs
from engine.views.kept import keeping
from engine.views.once import one_at_a_time
from partners.permissions import drafting_organisations
from recommendations import access
from recommendations.models import Proposal

SAME = timedelta(minutes=10)


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Choose area, title and organisation; a person without a drafting membership learns how to get one."""
    organisations = drafting_organisations(request.user)
    if not organisations.exists():
        return render(request, "engine/cannot_start.html", {"managers": managers_of(request.user)})
    areas = areas_open_to_proposals()
    only = organisations.first() if organisations.count() == 1 else None
    offered = process_choices()
    form = StartForm(
        request.POST or None,
        areas=areas,
        organisations=organisations,
        # Whoever has chosen is told when that choice is gone, also when one process is left.
        processes=offered if len(offered) > 1 or "process" in request.POST else (),
        initial={"area": request.GET.get("area", ""), "lead_organisation": only},
    )
    if request.method == "POST" and form.is_valid():
        try:
            with keeping(form):
                proposal = _start_once(request, form)
        except Invalid as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _started(proposal))
            return redirect("engine:proposal", pk=proposal.pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "has_areas": areas.exists(), "has_process": bool(offered)}
    return render(request, "engine/start.html", context, status=status)


def _started(proposal: Proposal) -> str:
    if access.is_open(proposal.pk, "edit"):
        return _("Your proposal is started. Fill the sections, then submit it for review.")
    return _("Your proposal is started. You are told when drafting opens.")


def _start_once(request: HttpRequest, form: StartForm) -> Proposal:
    now, data = clock.now(), form.cleaned_data
    with one_at_a_time(request.user):
        same = Proposal.objects.filter(
            started_by=request.user,
            title=data["title"],
            area=data["area"],
            started_at__gt=now - SAME,
            deleted_at=None,
        ).first()
        return same or runs.start(
            person=request.user,
            title=data["title"],
            area_id=data["area"].pk,
            lead_organisation_id=data["lead_organisation"].pk,
            language=data["language"],
            summary=data["summary"],
            version_id=data.get("process"),
            now=now,
        )
