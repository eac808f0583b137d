"""Answering the reviewers' points."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ekip.shared import clock
from ekip.shared.errors import Invalid, NotAllowed, NotFound
from engine.forms.points import DispositionForm
from engine.permissions import bar_of, conflict_words, may_author
from engine.selectors.points import Ledger, PointView, ledger
from engine.selectors.runs import run_view
from engine.services.points import dispose
from engine.views.kept import back_to, keeping
from partners.models import User
from recommendations import access
from recommendations.drafting.selectors import proposal_for
from recommendations.models import Grant, Proposal

FILTERS = ("all", "open", "answered")


@login_required
@back_to("proposal")
def points(request: HttpRequest, pk: int) -> HttpResponse:
    """Every point with its passage; authors answer one at a time, others who may read them just read."""
    proposal = proposal_for(request.user, pk)
    _refuse_conflict(request.user, proposal)
    run = run_view(proposal)
    every = ledger(proposal, page_language=get_language())
    can_answer = bool(may_author(request.user, proposal, "dispose"))
    faulty: DispositionForm | None = None
    if request.method == "POST":
        view = _posted(request, every)
        faulty = DispositionForm(request.POST, prefix=_prefix(view))
        if faulty.is_valid() and _answers(request, view, faulty):
            messages.success(request, _("Your answer is kept. You can change it until the revision is submitted."))
            return redirect(f"{reverse('engine:points', args=[pk])}?{_kept_filter(request)}#point-{view.point.pk}")
    chosen = request.GET.get("show") if request.GET.get("show") in FILTERS else "all"
    context = {
        "proposal": proposal,
        "bar": run.bar,
        "ledger": every,
        "rows": [(view, _form(view, faulty) if can_answer else None) for view in _chosen(every, chosen)],
        "can_answer": can_answer,
        "chosen": chosen,
        "tabs": _tabs(pk, every, chosen),
    }
    return render(request, "engine/points.html", context, status=422 if faulty else 200)


def _refuse_conflict(person: User, proposal: Proposal) -> None:
    """Who oversees but has a conflict of interest sees no review; authors see theirs."""
    if Grant.Right.AUTHOR in access.rights(person, proposal.pk):
        return
    if tie := bar_of(person, proposal):
        raise NotAllowed(conflict_words(tie), code="conflict-of-interest")


def _posted(request: HttpRequest, every: Ledger) -> PointView:
    wanted = request.POST.get("point", "")
    found = next((each for each in every.points if str(each.point.pk) == wanted), None)
    if found is None:
        raise NotFound
    return found


def _prefix(view: PointView) -> str:
    return f"point-{view.point.pk}"


def _form(view: PointView, faulty: DispositionForm | None) -> DispositionForm:
    if faulty is not None and faulty.prefix == _prefix(view):
        return faulty
    answer = view.disposition
    initial = {"outcome": answer.outcome, "reason": answer.reason} if answer else {}
    return DispositionForm(prefix=_prefix(view), initial=initial)


def _answers(request: HttpRequest, view: PointView, form: DispositionForm) -> bool:
    data = form.cleaned_data
    try:
        with keeping(form):
            dispose(
                point_id=view.point.pk,
                person=request.user,
                outcome=data["outcome"],
                reason=data["reason"],
                now=clock.now(),
            )
    except Invalid as refusal:
        form.add_refusal(refusal)
        return False
    return True


def _chosen(every: Ledger, chosen: str) -> tuple[PointView, ...]:
    match chosen:
        case "open":
            return every.open
        case "answered":
            return every.answered
        case _:
            return every.points


def _kept_filter(request: HttpRequest) -> str:
    show = request.GET.get("show")
    # An answered point leaves the list of open ones; the whole list shows what became of it.
    return f"show={show}" if show == "answered" else ""


def _tabs(pk: int, every: Ledger, chosen: str) -> list[dict[str, object]]:
    address = reverse("engine:points", args=[pk])
    labels = {
        "all": (_("All"), len(every.points)),
        "open": (_("Open"), len(every.open)),
        "answered": (_("Answered"), len(every.answered)),
    }
    return [
        {"label": label, "count": count, "url": f"{address}?show={key}", "current": key == chosen}
        for key, (label, count) in labels.items()
    ]
