"""Deciding on a proposal."""

from collections.abc import Collection

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ekip.shared import clock, doorbell
from ekip.shared.errors import Invalid, NotNow
from engine.forms.decisions import DecisionForm
from engine.permissions import decides_for, deciding_bodies, may_decide
from engine.process.values import Transition
from engine.selectors.changes import correction
from engine.selectors.decisions import decision_view, successors_for
from engine.selectors.runs import RunView, StagePosition, run_view, was_done_by
from engine.services import decisions
from engine.views.changes import change_modes
from engine.views.kept import back_to, keeping
from partners.tasks import deliver
from recommendations.drafting.selectors import proposal_for


@login_required
@back_to("proposal")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Weigh scores, advice, points and the revision; choose with a reason, look at it once more, decide."""
    proposal = proposal_for(request.user, pk)
    run = run_view(proposal)
    bodies = decides_for(request.user, proposal, deciding_bodies(proposal) or {""})
    at = run.deciding(bodies)
    visit_id = at.visit_id if at else None
    successors = _successors(run, at)
    form = DecisionForm(
        request.POST or None,
        ways=_ways(at, bodies, successors),
        successors=successors,
        initial={"visit_id": visit_id},
    )
    is_sent = request.method == "POST" and "confirmed" in request.POST
    if is_sent and (done := _repeated(request, pk, visit_id)):
        return done
    with keeping(form):
        may_decide(request.user, proposal).enforce()
        if at is None:
            raise NotNow
    if request.method == "POST" and form.is_valid():
        if not is_sent and "back" not in request.POST:
            way = form.ways[form.cleaned_data["outcome"]]
            context = {
                "proposal": proposal,
                "form": form,
                "outcome": way.label,
                "successor": dict(successors).get(form.cleaned_data.get("successor")),
                "consequences": _consequences(run, way),
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
        "is_published": run.run.publication_id is not None,
        "reissues": _reissues(at),
        **change_modes(request),
    }
    if _reissues(at):
        context["correction"] = correction(proposal, run.run, page_language=get_language())
    return render(request, "engine/decision.html", context, status=422 if form.errors else 200)


def _reissues(at: StagePosition | None) -> bool:
    """Whether a corrected edition can be published from here."""
    return at is not None and any("reissue" in way.effects for way in at.stage.transitions)


def _ways(at: StagePosition | None, bodies: Collection[str], successors: list[tuple[int, str]]) -> list[Transition]:
    """What those who decide for these bodies may choose; nothing is superseded while nothing can take its place."""
    ways = [each for each in at.stage.transitions if each.by == "decider" and each.body in bodies] if at else []
    return [each for each in ways if successors or "supersede" not in each.effects]


def _successors(run: RunView, at: StagePosition | None) -> list[tuple[int, str]]:
    """Editions that can take the place of one that is superseded or withdrawn; none where neither is possible."""
    if at is None or not any({"supersede", "withdraw"} & set(way.effects) for way in at.stage.transitions):
        return []
    return successors_for(run.run)


def _consequences(run: RunView, way: Transition) -> list[str]:
    first = _first_consequence(run, way)
    return [first, _("The authors are told your reason."), _("The decision is recorded with what is known now.")]


def _first_consequence(run: RunView, way: Transition) -> str:
    to = run.definition.stage(way.to)
    if "publish" in way.effects:
        return _("The revision is published as an edition. It stays in the library and cannot be changed.")
    if "reissue" in way.effects:
        return _("The text is published as the next edition. The one before says that it was corrected, and why.")
    if "supersede" in way.effects:
        return _("Readers see your reason and are led to what takes its place. The text stays readable.")
    if "withdraw" in way.effects:
        return _("The edition is withdrawn for good. At its address a notice with your reason takes its place.")
    if way.kind == "end":
        return _("The run ends. The text is not published.")
    if to.round:
        return _("A further round on the revised text follows; the coordinator chooses the reviewers.")
    if to.is_open_ended:
        return _("The published edition stays as it is.")
    if "submit" not in to.capabilities:
        return _("The authors can change the text. The edition stays in the library until you publish the next one.")
    return _("The authors revise the text once more, and submit it again.")


def _repeated(request: HttpRequest, pk: int, open_visit: int | None) -> HttpResponse | None:
    """A decision sent twice by the same person: the second finds it taken, and that is no fault."""
    visit_id, outcome = request.POST.get("visit_id", ""), request.POST.get("outcome", "")
    if not visit_id.isdecimal() or int(visit_id) == open_visit:
        return None
    if was_done_by(request.user, int(visit_id), transition=outcome):
        return redirect("engine:proposal", pk=pk)
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
                successor_id=data.get("successor"),
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
