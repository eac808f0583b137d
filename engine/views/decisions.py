"""Deciding on a proposal."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ekip.shared import clock, doorbell
from ekip.shared.errors import Invalid, NotNow
from engine.forms.decisions import DecisionForm
from engine.permissions import may_decide
from engine.selectors.decisions import decision_view
from engine.selectors.runs import RunView, run_view, was_done_by
from engine.services import decisions
from engine.views.kept import back_to, keeping
from partners.tasks import deliver
from recommendations.drafting.selectors import proposal_for


@login_required
@back_to("proposal")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Weigh scores, advice, points and the revision; choose with a reason, look at it once more, decide."""
    proposal = proposal_for(request.user, pk)
    run = run_view(proposal)
    form = DecisionForm(request.POST or None, outcomes=_outcomes(run), initial={"visit_id": run.visit_id})
    is_sent = request.method == "POST" and "confirmed" in request.POST
    if is_sent and (done := _repeated(request, run)):
        return done
    with keeping(form):
        may_decide(request.user, proposal).enforce()
    if request.method == "POST" and form.is_valid():
        if not is_sent and "back" not in request.POST:
            context = {
                "proposal": proposal,
                "form": form,
                "outcome": _label(run, form),
                "consequences": _consequences(run, form.cleaned_data["outcome"]),
            }
            return render(request, "engine/decision_confirm.html", context)
        if is_sent and _decides(request, pk, form):
            return redirect("engine:proposal", pk=pk)
    context = {
        "proposal": proposal,
        "run": run,
        "bar": run.bar,
        "form": form,
        "view": decision_view(proposal, page_language=get_language()),
    }
    return render(request, "engine/decision.html", context, status=422 if form.errors else 200)


def _outcomes(run: RunView) -> list[tuple[str, str]]:
    return [(each.key, each.label) for each in run.stage.transitions if each.by == "decider"]


def _label(run: RunView, form: DecisionForm) -> str:
    return dict(_outcomes(run))[form.cleaned_data["outcome"]]


def _consequences(run: RunView, outcome: str) -> list[str]:
    way = run.stage.transition(outcome)
    kind = way.kind if way else ""
    if way and "publish" in way.effects:
        first = _("The revision is published as an edition. It stays in the library and cannot be changed.")
    elif kind == "return":
        first = _("The authors revise the text once more, and submit it again.")
    else:
        first = _("The run ends. The text is not published.")
    return [first, _("The authors are told your reason."), _("The decision is recorded with what is known now.")]


def _repeated(request: HttpRequest, run: RunView) -> HttpResponse | None:
    """A decision sent twice by the same person: the second finds it taken, and that is no fault."""
    visit_id, outcome = request.POST.get("visit_id", ""), request.POST.get("outcome", "")
    if not visit_id.isdecimal() or int(visit_id) == run.visit_id:
        return None
    if was_done_by(request.user, int(visit_id), transition=outcome):
        return redirect("engine:proposal", pk=run.run.proposal_id)
    return None


def _decides(request: HttpRequest, pk: int, form: DecisionForm) -> bool:
    data = form.cleaned_data
    try:
        with keeping(form):
            decisions.decide(
                proposal_id=pk,
                person=request.user,
                visit_id=data["visit_id"],
                outcome=data["outcome"],
                reason=data["reason"],
                now=clock.now(),
            )
    except Invalid as refusal:
        form.add_refusal(refusal)
        return False
    except NotNow as refusal:
        if not was_done_by(request.user, data["visit_id"], transition=data["outcome"]):
            raise refusal
        return True
    doorbell.ring(deliver)
    messages.success(request, _("Your decision is taken. All who took part are being told."))
    return True
