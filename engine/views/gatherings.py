"""Recording where people met for a proposal."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ekip.shared import clock
from ekip.shared.errors import EditConflict, Invalid
from engine.forms.gatherings import GatheringForm, TakeGatheringForm
from engine.permissions import may_keep_gatherings
from engine.selectors.gatherings import gathering_of, gatherings_to_take, last_change
from engine.services import gatherings
from engine.views.kept import back_to, keeping
from partners.models import Gathering
from partners.services.gatherings import draft_of, faults_of
from recommendations.drafting.locking import enforce
from recommendations.drafting.selectors import proposal_for
from recommendations.models import Proposal


@login_required
@back_to("proposal")
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a gathering; or, below, take over one that another proposal of the area draws on."""
    proposal = proposal_for(request.user, pk)
    form = GatheringForm(request.POST or None)
    _enforce(request, proposal, form)
    if _is_sent(request) and _stores(request, form, lambda: _record(request, proposal, form)):
        messages.success(request, _("The gathering is recorded."))
        return _back(proposal)
    known = gatherings_to_take(proposal)
    context = {"take_form": TakeGatheringForm(gatherings=known) if known else None, "submit": _("Record the gathering")}
    return _page(request, proposal, form, title=_("Record a gathering"), **context)


@login_required
@back_to("proposal")
def change(request: HttpRequest, pk: int, gathering: int) -> HttpResponse:
    """Put what is recorded of a gathering right; two people who change it both see what the other wrote."""
    proposal = proposal_for(request.user, pk)
    form = GatheringForm(request.POST) if request.method == "POST" else _form_of(gathering_of(proposal, gathering))
    _enforce(request, proposal, form)
    if _is_sent(request):
        try:
            stored = _stores(request, form, lambda: _change(request, proposal, gathering, form))
        except EditConflict as conflict:
            return _conflict(request, form, proposal, conflict.context["theirs"])
        if stored:
            messages.success(request, _("The gathering is changed."))
            return _back(proposal)
    return _page(request, proposal, form, title=_("Change a gathering"), submit=_("Save the gathering"))


@login_required
@require_POST
@back_to("proposal")
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over a gathering that another proposal of the area draws on."""
    proposal = proposal_for(request.user, pk)
    form = TakeGatheringForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Choose a gathering first."))
        return redirect("engine:gathering_add", pk=pk)
    gatherings.take(proposal_id=pk, person=request.user, gathering_id=form.cleaned_data["gathering"], now=clock.now())
    messages.success(request, _("The gathering is added."))
    return _back(proposal)


@login_required
@back_to("proposal")
def remove(request: HttpRequest, pk: int, gathering: int) -> HttpResponse:
    """Ask once, then take the gathering from the proposal."""
    proposal = proposal_for(request.user, pk)
    if request.method == "POST":
        gatherings.remove(proposal_id=pk, person=request.user, gathering_id=gathering, now=clock.now())
        messages.success(request, _("The gathering is removed from this proposal."))
        return _back(proposal)
    row = gathering_of(proposal, gathering)
    enforce(may_keep_gatherings(request.user, proposal))
    last = _("No other proposal draws on it: what is recorded of it is deleted.")
    others = _("Other proposals draw on it and keep it.")
    context = {
        "proposal": proposal,
        "title": _("Remove this gathering"),
        "text": row.title,
        "consequences": [
            _("The proposal no longer draws on it, and the next edition does not tell of it."),
            _("Editions that are published keep what they say."),
            others if row.runs.exclude(run__proposal=proposal).exists() else last,
        ],
        "submit": _("Remove the gathering"),
    }
    return render(request, "engine/confirm.html", context)


def _enforce(request: HttpRequest, proposal: Proposal, form: GatheringForm) -> None:
    verdict = may_keep_gatherings(request.user, proposal)
    if not form.is_bound:
        enforce(verdict)
        return
    with keeping(form):
        enforce(verdict)


def _stores(request: HttpRequest, form: GatheringForm, store: Callable[[], object]) -> bool:
    """Whether it is stored now; if not, the form shows every fault at once."""
    form.is_valid()
    form.add_faults(faults_of(draft=form.draft(), person=request.user, now=clock.now()))
    if not form.is_valid():
        return False
    try:
        with keeping(form):
            store()
    except Invalid as refusal:
        form.add_refusal(refusal)
    return form.is_valid()


def _record(request: HttpRequest, proposal: Proposal, form: GatheringForm) -> None:
    gatherings.record(proposal_id=proposal.pk, person=request.user, draft=form.draft(), now=clock.now())


def _change(request: HttpRequest, proposal: Proposal, gathering: int, form: GatheringForm) -> None:
    gatherings.change(
        proposal_id=proposal.pk,
        person=request.user,
        gathering_id=gathering,
        draft=form.draft(),
        version=form.cleaned_data["version"] or 0,
        now=clock.now(),
    )


def _form_of(gathering: Gathering) -> GatheringForm:
    return GatheringForm(draft=draft_of(gathering), version=gathering.version)


def _conflict(request: HttpRequest, form: GatheringForm, proposal: Proposal, theirs: Gathering) -> HttpResponse:
    """Both side by side; the form now rests on theirs, so that saving it replaces theirs knowingly."""
    form.rest_on(theirs.version)
    change = last_change(proposal.run, theirs)
    context = {
        "form": form,
        "proposal": proposal,
        "title": _("Change a gathering"),
        "theirs_fields": list(_form_of(theirs).kept().items()),
        "mine_fields": list(form.kept().items()),
        "who": change.actor if change else None,
        "at": change.at if change else None,
    }
    return render(request, "engine/edit_conflict.html", context, status=409)


def _is_sent(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("action") != "more-groups"


def _page(request: HttpRequest, proposal: Proposal, form: GatheringForm, **context: object) -> HttpResponse:
    """The form as it was sent, or with more room for groups."""
    if request.method == "POST" and not _is_sent(request):
        form = GatheringForm.with_more_groups(request.POST)
    context |= {"proposal": proposal, "form": form}
    return render(request, "engine/gathering.html", context, status=422 if form.is_bound else 200)


def _back(proposal: Proposal) -> HttpResponse:
    return redirect(reverse("engine:proposal", args=[proposal.pk]) + "#gatherings")
