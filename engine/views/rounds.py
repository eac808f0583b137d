"""Opening a round, and how it goes."""

from collections.abc import Collection

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ekip.shared import clock, doorbell
from ekip.shared.errors import Invalid, NotNow
from ekip.shared.folding import fold
from engine.definitions.calendars import deadline
from engine.forms.proposals import ReasonForm
from engine.forms.rounds import DeadlineForm, OpenRoundForm
from engine.models import Round
from engine.permissions import may_coordinate, may_schedule
from engine.process.values import HolidayCalendar, RoundTemplate
from engine.selectors.candidates import Candidate, candidates
from engine.selectors.cases import case_views
from engine.selectors.panels import kind_labels, panel_so_far
from engine.selectors.process import period_words
from engine.selectors.reminders import reminders_of
from engine.selectors.reviews import review_views, score_lines
from engine.selectors.rounds import assignment_to_remove, round_view
from engine.selectors.runs import RunView, StagePosition, run_view
from engine.services import rounds
from engine.views.kept import back_to, keeping
from partners.tasks import deliver
from recommendations.drafting.locking import enforce
from recommendations.drafting.selectors import proposal_for
from recommendations.models import Proposal


@login_required
@back_to("proposal")
def open_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose reviewers, or who leads a city test, and a deadline. `?stage=` says where when two stages wait.

    A consultation asks for its deadline only. Those with a conflict of interest cannot be chosen, and it says why.
    """
    proposal = proposal_for(request.user, pk)
    run = run_view(proposal)
    enforce(may_coordinate(request.user, proposal))
    at = run.holding_round(request.GET.get("stage", ""), request.POST.get("visit_id", ""))
    if at is None or at.stage.round is None:
        raise NotNow
    if at.round:
        return redirect("engine:round", pk=at.round.pk)
    if at.stage.round.kind == "consultation":
        return _open_consultation(request, proposal, run, at)
    people = candidates(proposal, visit_id=at.visit_id, stage=at.stage)
    form = _form(request, at, at.stage.round, people, run.definition.calendars)
    if request.method == "POST" and "search" not in request.POST and form.is_valid():
        try:
            with keeping(form):
                opened = _open(request, proposal, at.stage.round, form)
        except Invalid as refusal:
            form.add_refusal(refusal)
        else:
            doorbell.ring(deliver)
            messages.success(request, _("The round is open. Those who were asked are being told."))
            return redirect("engine:round", pk=opened.pk)
    is_rejected = request.method == "POST" and "search" not in request.POST
    return render(
        request,
        "engine/open_round.html",
        {
            "proposal": proposal,
            "template": at.stage.round,
            "is_city_test": at.stage.round.kind == "city-test",
            "needed": form.quorum,
            "period": period_words(at.stage.round.period, run.definition),
            "response": period_words(at.stage.round.response, run.definition) if at.stage.round.response else "",
            "kinds": kind_labels(at.stage.round.quorum.kinds),
            "countries": at.stage.round.quorum.countries,
            "bar": run.bar,
            "form": form,
            **choice(request, people),
        },
        status=422 if is_rejected else 200,
    )


def _open_consultation(request: HttpRequest, proposal: Proposal, run: RunView, at: StagePosition) -> HttpResponse:
    template = at.stage.round
    assert template is not None  # noqa: S101 - the caller looked
    form = DeadlineForm(
        request.POST or None, now=clock.now(), initial=_proposed(at, template, run.definition.calendars)
    )
    if request.method == "POST" and form.is_valid():
        try:
            with keeping(form):
                opened = _open(request, proposal, template, form)
        except Invalid as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The consultation is open. Everybody can read the text and take part."))
            return redirect("engine:round", pk=opened.pk)
    context = {"proposal": proposal, "bar": run.bar, "form": form, "quorum": template.quorum.number}
    context["period"] = period_words(template.period, run.definition)
    return render(request, "engine/open_consultation.html", context, status=422 if form.errors else 200)


def _proposed(at: StagePosition, template: RoundTemplate, calendars: Collection[HolidayCalendar]) -> dict[str, object]:
    zone = timezone.get_current_timezone()
    closes_at = deadline(template.period, start=clock.now(), zone=zone, calendars=calendars)
    return {"visit_id": at.visit_id, "closes_on": timezone.localdate(closes_at), "closes_time": "17:00"}


def _form(
    request: HttpRequest,
    at: StagePosition,
    template: RoundTemplate,
    people: list[Candidate],
    calendars: Collection[HolidayCalendar],
) -> OpenRoundForm:
    return OpenRoundForm(
        request.POST or None,
        allowed={each.person.pk: each.person.name for each in people if each.verdict},
        quorum=template.quorum.to_invite(panel_so_far(at.visit_id, template.key), template.panel),
        now=clock.now(),
        initial=_proposed(at, template, calendars),
    )


def choice(request: HttpRequest, people: list[Candidate]) -> dict[str, object]:
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


def _open(request: HttpRequest, proposal: Proposal, template: RoundTemplate, form: DeadlineForm) -> Round:
    data = form.cleaned_data
    return rounds.open_round(
        proposal_id=proposal.pk,
        person=request.user,
        visit_id=data["visit_id"],
        template=template.key,
        reviewer_ids=data.get("reviewers", ()),
        closes_at=data["closes_at"],
        now=clock.now(),
    )


@login_required
def round(request: HttpRequest, pk: int) -> HttpResponse:
    """How a round goes: who was asked and who answered, for those who oversee; the reviews once it has closed."""
    view = round_view(request.user, pk)
    reviews, cases = [], []
    if view.shows_reviews and view.is_city_test:
        cases = case_views(view.round, by_name=view.oversees)
    elif view.shows_reviews:
        reviews = review_views(view.round, by_name=view.oversees)
    may_keep_time = may_schedule(request.user, view.proposal)
    context = {
        "view": view,
        "round": view.round,
        "proposal": view.proposal,
        "bar": run_view(view.proposal).bar if view.reads_draft else None,
        "reviews": reviews,
        "cases": cases,
        "scores": score_lines(view.round, reviews),
        "may_invite": view.is_open and not view.is_consultation and bool(may_keep_time),
        "schedules": view.is_open and view.round.paused_at is None and bool(may_keep_time),
        "may_remind": view.is_open and view.round.paused_at is None and bool(may_keep_time),
        "reminders": reminders_of(view.round) if may_keep_time else [],
        "may_remove": view.round.visit.left_at is None and bool(may_coordinate(request.user, view.proposal)),
    }
    return render(request, "engine/round.html", context)


@login_required
def remove_reviewer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody who was asked out of a round, with a reason, also after they handed in."""
    assignment = assignment_to_remove(request.user, pk)
    proposal = assignment.round.revision.proposal
    form = ReasonForm(request.POST or None, help_text=_("It is kept with the round."))
    if request.method == "POST":
        if form.is_valid():
            with keeping(form):
                rounds.remove_reviewer(
                    assignment_id=pk, person=request.user, reason=form.cleaned_data["reason"], now=clock.now()
                )
            messages.success(request, _("Removed. What this person handed in no longer counts."))
            return redirect("engine:round", pk=assignment.round_id)
    else:
        enforce(may_coordinate(request.user, proposal))
    context = {
        "proposal": proposal,
        "form": form,
        "title": _("Remove from the round"),
        "text": assignment.reviewer.name,
        "consequences": [
            _("This person can no longer read the text or write in this round."),
            _("What they handed in no longer counts towards the quorum, and its points need no answer."),
            _("The round goes on with the others; after it, a further one can be opened."),
        ],
        "submit": _("Remove from the round"),
        "danger": True,
        "cancel_url": reverse("engine:round", args=[assignment.round_id]),
    }
    return render(request, "engine/confirm.html", context, status=422 if form.errors else 200)
