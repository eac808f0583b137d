"""Opening a round, and how it goes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from ekip.shared import clock, doorbell
from ekip.shared.errors import Invalid, NotNow
from ekip.shared.folding import fold
from engine.forms.rounds import OpenRoundForm
from engine.models import Round
from engine.permissions import may_coordinate
from engine.selectors.candidates import Candidate, candidates
from engine.selectors.reviews import review_views, score_lines
from engine.selectors.rounds import round_view
from engine.selectors.runs import RunView, run_view
from engine.services import rounds
from engine.views.kept import back_to, keeping
from partners.tasks import deliver
from recommendations.drafting.locking import enforce
from recommendations.drafting.selectors import proposal_for
from recommendations.models import Proposal


@login_required
@back_to("proposal")
def open_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose reviewers and a deadline. Those with a conflict of interest cannot be chosen, and the page says why."""
    proposal = proposal_for(request.user, pk)
    run = run_view(proposal)
    enforce(may_coordinate(request.user, proposal))
    if run.stage.round is None:
        raise NotNow
    if running := Round.objects.filter(visit=run.visit_id, closed_at=None, cancelled_at=None).first():
        return redirect("engine:round", pk=running.pk)
    people = candidates(proposal)
    form = _form(request, run, people)
    if request.method == "POST" and "search" not in request.POST and form.is_valid():
        try:
            with keeping(form):
                opened = _open(request, proposal, run, form)
        except Invalid as refusal:
            form.add_refusal(refusal)
        else:
            doorbell.ring(deliver)
            messages.success(request, _("The round is open. The reviewers are being told."))
            return redirect("engine:round", pk=opened.pk)
    is_rejected = request.method == "POST" and "search" not in request.POST
    return render(
        request,
        "engine/open_round.html",
        {
            "proposal": proposal,
            "run": run,
            "bar": run.bar,
            "form": form,
            **_choice(request, people),
        },
        status=422 if is_rejected else 200,
    )


def _form(request: HttpRequest, run: RunView, people: list[Candidate]) -> OpenRoundForm:
    template, now = run.stage.round, clock.now()
    if template is None:
        raise NotNow
    proposed = timezone.localtime(now + template.period)
    return OpenRoundForm(
        request.POST or None,
        allowed={each.person.pk: each.person.name for each in people if each.verdict},
        quorum=template.quorum,
        now=now,
        initial={
            "visit_id": run.visit_id,
            "closes_on": proposed.date(),
            "closes_time": "17:00",
        },
    )


def _choice(request: HttpRequest, people: list[Candidate]) -> dict[str, object]:
    """Candidates as the list shows them: those who fit the search, and always those who were ticked."""
    source = request.POST if request.method == "POST" else request.GET
    words = source.get("q", "").replace("\0", "").strip()[:100]
    ticked = set(source.getlist("reviewers"))
    wanted = fold(words)
    shown = [
        {"candidate": each, "chosen": str(each.person.pk) in ticked}
        for each in people
        if not wanted
        or str(each.person.pk) in ticked
        or wanted in fold(f"{each.person.name} {' '.join(each.organisations)}")
    ]
    return {"people": shown, "words": words, "chosen": len(ticked), "total": len(people)}


def _open(request: HttpRequest, proposal: Proposal, run: RunView, form: OpenRoundForm) -> Round:
    if run.stage.round is None:
        raise NotNow
    data = form.cleaned_data
    return rounds.open_round(
        proposal_id=proposal.pk,
        person=request.user,
        visit_id=data["visit_id"],
        template=run.stage.round.key,
        reviewer_ids=data["reviewers"],
        closes_at=data["closes_at"],
        now=clock.now(),
    )


@login_required
def round(request: HttpRequest, pk: int) -> HttpResponse:
    """How a round goes: who was asked and who answered, for those who oversee; the reviews once it has closed."""
    view = round_view(request.user, pk)
    reviews = review_views(view.round, by_name=view.oversees) if view.shows_reviews else []
    context = {
        "view": view,
        "round": view.round,
        "proposal": view.proposal,
        "bar": run_view(view.proposal).bar,
        "reviews": reviews,
        "scores": score_lines(view.round, reviews),
    }
    return render(request, "engine/round.html", context)
