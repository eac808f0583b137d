"""Moving a deadline later, and closing a round before its deadline."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ekip.shared import clock, doorbell
from ekip.shared.errors import Invalid, NotFound, NotNow
from ekip.shared.look import length_words
from engine.forms.deadlines import READ_BY, ExtendForm
from engine.forms.proposals import ReasonForm
from engine.models import Round, Visit
from engine.permissions import may_schedule
from engine.selectors.concerned import concerned
from engine.selectors.panels import lacking, lacking_words
from engine.selectors.rounds import round_view
from engine.selectors.runs import run_view
from engine.services import deadlines
from engine.services.deadlines import CLOSED
from engine.views.kept import keeping
from partners.tasks import deliver
from recommendations.drafting.selectors import proposal_for
from recommendations.models import Proposal

WEEK = timedelta(days=7)


@login_required
def extend_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a later deadline for a round, look at what will happen, extend it."""
    with _back_to("round", pk):
        round = _round(request, pk)
        form = _extend_form(request, round.closes_at)
        with keeping(form):
            _refuse_closed(round)
        if request.method == "POST" and form.is_valid() and "back" not in request.POST:
            closes_at = form.cleaned_data["closes_at"]
            [look] = deadlines.look_at_extensions(round_ids=[pk], person=request.user, until=closes_at, now=clock.now())
            if isinstance(look.refusal, Invalid):
                form.add_refusal(look.refusal)
            elif "confirmed" in request.POST:
                with keeping(form):
                    deadlines.extend_round(
                        round_id=pk,
                        person=request.user,
                        closes_at=closes_at,
                        reason=form.cleaned_data["reason"],
                        now=clock.now(),
                    )
                return _done(request, "round", pk)
            else:
                return _confirm(request, round.revision.proposal, form, round.closes_at, _told(request, round))
    title = _("Extend the deadline")
    return _page(request, round.revision.proposal, form, title, round.closes_at, reverse("engine:round", args=[pk]))


@login_required
def extend_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a stage more time: choose the new date, look at what will happen, extend it."""
    visit = Visit.objects.filter(pk=pk).select_related("run").first()
    if visit is None:
        raise NotFound
    proposal = proposal_for(request.user, visit.run.proposal_id)
    with _back_to("proposal", proposal.pk):
        at = next((each for each in run_view(proposal).positions if each.visit_id == pk), None)
        due = at.due_at if at else None
        form = _extend_form(request, due or clock.now())
        with keeping(form):
            may_schedule(request.user, proposal).enforce()
            if at is None or due is None:
                raise NotNow
        if request.method == "POST" and form.is_valid() and "back" not in request.POST:
            until = form.cleaned_data["closes_at"]
            if message := deadlines.too_early_or_late(due, until, clock.now()):
                form.add_error("closes_on", message)
            elif "confirmed" in request.POST:
                with keeping(form):
                    deadlines.extend_visit(
                        visit_id=pk,
                        person=request.user,
                        until=until,
                        reason=form.cleaned_data["reason"],
                        now=clock.now(),
                    )
                return _done(request, "proposal", proposal.pk)
            else:
                told = concerned(visit.run, request.user).words
                return _confirm(request, proposal, form, due, [told, _every_date_of_the_stage(at.stage.label)])
    title = _("Extend “%(stage)s”") % {"stage": at.stage.label}
    return _page(request, proposal, form, title, due, reverse("engine:proposal", args=[proposal.pk]))


@login_required
def close_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a round before its deadline, with a reason; the page says what follows."""
    form = ReasonForm(request.POST or None, help_text=READ_BY)
    with _back_to("round", pk), keeping(form):
        round = _round(request, pk)
        _refuse_closed(round)
        if request.method == "POST" and form.is_valid():
            deadlines.close_round_now(
                round_id=pk, person=request.user, reason=form.cleaned_data["reason"], now=clock.now()
            )
            doorbell.ring(deliver)
            messages.success(request, _("The round is closed. Those concerned are told."))
            return redirect("engine:round", pk=pk)
    proposal = round.revision.proposal
    context = {
        "proposal": proposal,
        "form": form,
        "title": _("Close the round now"),
        "text": proposal.title,
        "consequences": [*_what_follows(round), *_told(request, round)],
        "submit": _("Close the round"),
        "danger": True,
        "cancel_url": reverse("engine:round", args=[pk]),
    }
    return render(request, "engine/confirm.html", context, status=422 if form.errors else 200)


def _round(request: HttpRequest, pk: int) -> Round:
    """A round that this person may schedule; for anybody else there is none."""
    view = round_view(request.user, pk)
    may_schedule(request.user, view.proposal).enforce()
    return view.round


def _refuse_closed(round: Round) -> None:
    if round.paused_at is not None:
        raise NotNow(_("This proposal is paused. Resume it first."), code="paused")
    if round.closed_at or round.cancelled_at or round.has_run_out(clock.now()):
        raise NotNow(_("The round has closed."), code=CLOSED)


def _extend_form(request: HttpRequest, due: datetime) -> ExtendForm:
    """A week more is proposed, or a week from now where the date has passed."""
    proposed = timezone.localtime(max(due, clock.now()) + WEEK)
    initial = {"closes_on": proposed.date(), "closes_time": proposed.time()}
    return ExtendForm(request.POST or None, now=clock.now(), initial=initial)


def _page(
    request: HttpRequest, proposal: Proposal, form: ExtendForm, title: str, due: datetime, back: str
) -> HttpResponse:
    context = {"proposal": proposal, "form": form, "title": title, "due_at": due, "cancel_url": back}
    is_rejected = bool(form.errors) and "back" not in request.POST
    return render(request, "engine/extend.html", context, status=422 if is_rejected else 200)


def _confirm(
    request: HttpRequest, proposal: Proposal, form: ExtendForm, before: datetime, consequences: list[str]
) -> HttpResponse:
    after = form.cleaned_data["closes_at"]
    context = {"proposal": proposal, "form": form, "before": before, "after": after, "consequences": consequences}
    context["longer"] = length_words(after - before)
    return render(request, "engine/extend_confirm.html", context)


def _done(request: HttpRequest, page: str, pk: int) -> HttpResponse:
    doorbell.ring(deliver)
    messages.success(request, _("The deadline is extended. Those concerned are told."))
    return redirect(f"engine:{page}", pk=pk)


def _told(request: HttpRequest, round: Round) -> list[str]:
    return [concerned(round.visit.run, request.user, round_id=round.pk).words]


def _every_date_of_the_stage(label: str) -> str:
    return _("Every date of “%(stage)s” moves on by the same length; a reminder that was sent comes again.") % {
        "stage": label
    }


def _what_follows(round: Round) -> list[str]:
    look = deadlines.look_at_closing(round_id=round.pk, now=clock.now())
    lines = [_("Nobody can hand in any more. What was saved and not handed in does not count.")]
    if look.quorum_met:
        lines.append(_("Enough was handed in: the quorum is met."))
    else:
        lacks = lacking_words(lacking([round])[round.pk], round.kind)
        lines.append(_("The quorum is not met. Still missing: %(what)s.") % {"what": lacks})
    if look.enters:
        names = ", ".join(f"“{stage.label}”" for stage in look.enters)
        lines.append(_("The proposal goes on at once to %(stages)s.") % {"stages": names})
    elif look.quorum_met:
        lines.append(_("The proposal goes on when what runs beside it is done too."))
    else:
        lines.append(_("The proposal stays where it is, until a further round reaches the quorum."))
    return lines


@contextmanager
def _back_to(page: str, pk: int) -> Iterator[None]:
    """A refusal that comes too late leads back to where things stand as they are now."""
    try:
        yield
    except NotNow as refusal:
        refusal.context.setdefault("back_url", reverse(f"engine:{page}", args=[pk]))
        raise
