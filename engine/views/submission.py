"""What is done with a whole proposal: submit, withdraw, send back, put away, delete and undo."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ekip.shared import clock, doorbell
from ekip.shared.errors import Invalid, NotNow
from ekip.shared.verdicts import Verdict
from engine.forms.proposals import ReasonForm, SubmitForm
from engine.permissions import may_author, may_coordinate, may_withdraw
from engine.process.values import Stage
from engine.selectors.points import unanswered
from engine.selectors.runs import RunView, run_view, was_done_by
from engine.services import submission
from engine.views.kept import back_to, keeping
from partners.models import User
from partners.tasks import deliver
from recommendations.drafting.locking import enforce
from recommendations.drafting.selectors import authored_proposals, deleted_drafts, missing, proposal_for
from recommendations.models import Proposal
from recommendations.permissions import may_delete


@login_required
@back_to("proposal")
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, show what is missing, say what happens next; then freeze the text and send it onward."""
    proposal = proposal_for(request.user, pk)
    run = run_view(proposal)
    here = run.offering("advance", "author")
    form = SubmitForm(request.POST or None, initial={"visit_id": here.visit_id if here else None})
    if request.method == "POST" and form.is_valid():
        visit_id = form.cleaned_data["visit_id"]
        try:
            submission.submit(proposal_id=pk, person=request.user, visit_id=visit_id, now=clock.now())
        except NotNow as refusal:
            if refusal.code not in ("incomplete", "points-unanswered"):
                if not _was_done(request, refusal, visit_id, "advance"):
                    raise
                return redirect("engine:proposal", pk=pk)
        else:
            doorbell.ring(deliver)
            messages.success(request, _("Submitted. The text is frozen, and those who act next are told."))
            return redirect("engine:proposal", pk=pk)
    enforce(may_author(request.user, proposal, "submit"))
    if here is None:
        raise NotNow
    context = {"proposal": proposal, "form": form, "run": run, "bar": run.bar, **_ahead(proposal, run, here.stage)}
    return render(request, "engine/submit.html", context, status=422 if request.method == "POST" else 200)


def _ahead(proposal: Proposal, run: RunView, stage: Stage) -> dict[str, object]:
    """What stands in the way, and what follows."""
    onward = stage.way("advance", "author")
    is_revision = "dispose" in stage.capabilities
    waiting = unanswered(proposal) if is_revision else 0
    gaps = missing(proposal)
    return {
        "missing": gaps,
        "unanswered": waiting,
        "can_submit": not gaps and not waiting and not run.pause,
        "next_stages": [run.definition.stage(key) for key in onward.enters] if onward else [],
        "onward": onward,
        "is_revision": is_revision,
    }


@dataclass(frozen=True)
class WayBack:
    """A way from being judged back to drafting, with a reason: who may take it, and what its page says."""

    kind: str
    by: str
    may: Callable[[User, Proposal], Verdict]
    take: Callable[..., None]
    title: Promise
    read_by: Promise
    follows: Promise
    impossible: Promise
    done: Promise


WITHDRAWAL = WayBack(
    kind="withdraw",
    by="author",
    may=may_withdraw,
    take=submission.withdraw,
    title=gettext_lazy("Withdraw the submission"),
    read_by=gettext_lazy("The coordinators and the reviewers read it."),
    follows=gettext_lazy("The proposal goes back to drafting, and you can change the text again."),
    impossible=gettext_lazy("There is no submission to withdraw at this stage."),
    done=gettext_lazy("Withdrawn. You can change the text and submit it again."),
)
SENDING_BACK = WayBack(
    kind="return",
    by="coordinator",
    may=may_coordinate,
    take=submission.send_back,
    title=gettext_lazy("Send back to the authors"),
    read_by=gettext_lazy("The authors and the reviewers read it."),
    follows=gettext_lazy("The proposal goes back to drafting, and the authors can change the text again."),
    impossible=gettext_lazy("There is nothing to send back at this stage."),
    done=gettext_lazy("Sent back. The authors are told your reason."),
)


@login_required
@back_to("proposal")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """As an author, take a submission back with a reason."""
    return _back_to_drafting(request, pk, WITHDRAWAL)


@login_required
@back_to("proposal")
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """As a coordinator, return a submission to its authors with a reason."""
    return _back_to_drafting(request, pk, SENDING_BACK)


def _back_to_drafting(request: HttpRequest, pk: int, way: WayBack) -> HttpResponse:
    """Ask for the reason, say what closes with it, and take the way back."""
    proposal = proposal_for(request.user, pk)
    run = run_view(proposal)
    here = run.offering(way.kind, way.by)
    form = ReasonForm(
        request.POST or None,
        initial={"visit_id": here.visit_id if here else None},
        help_text=way.read_by,
    )
    if request.method == "POST":
        if form.is_valid() and _takes_back(request, pk, form, way):
            return redirect("engine:proposal", pk=pk)
    else:
        enforce(way.may(request.user, proposal))
        if here is None:
            raise NotNow(way.impossible, code="stage-moved")
    others = [at.stage.label for at in run.positions if at is not here]
    context = {
        "proposal": proposal,
        "form": form,
        "title": way.title,
        "text": proposal.title,
        "consequences": [
            way.follows,
            *(_("“%(stage)s”, which runs beside it, is closed too.") % {"stage": label} for label in others),
            _("Open rounds are cancelled; those who were asked are told."),
            _("What reviewers and cities wrote so far stays in the record."),
        ],
        "submit": way.title,
        "danger": True,
    }
    return render(request, "engine/confirm.html", context, status=422 if form.errors else 200)


def _takes_back(request: HttpRequest, pk: int, form: ReasonForm, way: WayBack) -> bool:
    data = form.cleaned_data
    try:
        with keeping(form):
            way.take(
                proposal_id=pk,
                person=request.user,
                visit_id=data["visit_id"],
                reason=data["reason"],
                now=clock.now(),
            )
    except Invalid as refusal:
        form.add_refusal(refusal)
        return False
    except NotNow as refusal:
        if not _was_done(request, refusal, data["visit_id"], way.kind):
            raise
        return True
    doorbell.ring(deliver)
    messages.success(request, way.done)
    return True


def _was_done(request: HttpRequest, refusal: NotNow, visit_id: int, kind: str) -> bool:
    """Whether the person did the same a moment ago: a form sent twice is no mistake."""
    return refusal.code in ("stage-moved", "not-open") and was_done_by(request.user, visit_id, kind=kind)


@login_required
@back_to("proposal")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one's own draft; the list then offers the undo."""
    if request.method == "POST":
        now = clock.now()
        if not deleted_drafts(request.user, now=now).filter(pk=pk).exists():
            submission.delete(proposal_id=pk, person=request.user, now=now)
        messages.success(request, _("The draft is deleted. You can bring it back for thirty days."))
        return redirect(reverse("engine:my_proposals") + "?state=deleted")
    proposal = proposal_for(request.user, pk)
    enforce(may_delete(request.user, proposal))
    context = {
        "proposal": proposal,
        "title": _("Delete this draft"),
        "text": proposal.title,
        "consequences": [
            _("It leaves the lists of everyone who writes in it."),
            _("You can bring it back for thirty days, from your list of deleted proposals."),
        ],
        "submit": _("Delete the draft"),
        "danger": True,
    }
    return render(request, "engine/confirm.html", context)


@login_required
@require_POST
@back_to("proposal")
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the deletion."""
    if not authored_proposals(request.user).filter(pk=pk).exists():
        submission.restore(proposal_id=pk, person=request.user, now=clock.now())
    messages.success(request, _("The draft is back."))
    return redirect("engine:proposal", pk=pk)


@login_required
@back_to("proposal")
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then put the proposal away."""
    if request.method == "POST":
        submission.archive(proposal_id=pk, person=request.user, now=clock.now())
        messages.success(request, _("Archived. You find it in your list of archived proposals."))
        return redirect(reverse("engine:my_proposals") + "?state=archived")
    proposal = proposal_for(request.user, pk)
    enforce(may_withdraw(request.user, proposal))
    context = {
        "proposal": proposal,
        "title": _("Archive this proposal"),
        "text": proposal.title,
        "consequences": [
            _("It leaves your list of active proposals and cannot be changed."),
            _("Every author can take it out of the archive again."),
        ],
        "submit": _("Archive the proposal"),
    }
    return render(request, "engine/confirm.html", context)


@login_required
@require_POST
@back_to("proposal")
def unarchive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the proposal out of the archive."""
    submission.unarchive(proposal_id=pk, person=request.user, now=clock.now())
    messages.success(request, _("The proposal is active again."))
    return redirect("engine:proposal", pk=pk)
