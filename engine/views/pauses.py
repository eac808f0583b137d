"""Pausing a run, and resuming it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ekip.shared import clock, doorbell
from ekip.shared.errors import Invalid, NotNow
from ekip.shared.look import length_words
from ekip.shared.look import words as instant_words
from engine.forms.commands import CommandForm
from engine.forms.deadlines import PauseForm
from engine.models import Pause
from engine.permissions import may_schedule
from engine.selectors.concerned import concerned
from engine.selectors.runs import RunView, run_view
from engine.services import pauses
from engine.views.kept import back_to, keeping
from partners.models import User
from partners.tasks import deliver
from recommendations.drafting.selectors import proposal_for


@login_required
@back_to("proposal")
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a proposal stand still, with a reason and perhaps an end; the page says what stands still."""
    proposal = proposal_for(request.user, pk)
    run = run_view(proposal)
    here = run.positions[0].visit_id if run.positions else None
    form = PauseForm(request.POST or None, initial={"visit_id": here})
    with keeping(form):
        may_schedule(request.user, proposal).enforce()
        if request.method == "POST" and form.is_valid() and _pauses(request, run, form):
            return redirect("engine:proposal", pk=pk)
        if run.pause and request.method != "POST":
            return redirect("engine:resume", pk=pk)
    dates = [
        _standing_still(at.stage.label, length_words(at.due_at - clock.now())) for at in run.positions if at.due_at
    ]
    context = {
        "proposal": proposal,
        "form": form,
        "title": _("Pause"),
        "text": proposal.title,
        "consequences": [
            *dates,
            _("Nobody submits, sends back or decides until it goes on; no reminder is sent."),
            _("Reviewers and authors can go on writing and hand in; nothing that was saved is lost."),
            _("Afterwards every deadline lies later by the length of the pause."),
            concerned(run.run, request.user, every_round=True).words,
        ],
        "submit": _("Pause it"),
    }
    return render(request, "engine/confirm.html", context, status=422 if form.errors else 200)


@login_required
@back_to("proposal")
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a paused proposal go on; the page says which dates it gets."""
    proposal = proposal_for(request.user, pk)
    run = run_view(proposal)
    may_schedule(request.user, proposal).enforce()
    if request.method == "POST":
        try:
            pauses.resume_runs(run_ids=[run.run.pk], person=request.user, now=clock.now())
        except NotNow:
            # Sent twice, by the same person: it goes on, and that is what was asked for.
            last = Pause.objects.filter(run=run.run).order_by("-began_at").first()
            if last is None or last.ended_by != request.user:
                raise
        else:
            doorbell.ring(deliver)
            messages.success(request, _("It goes on. Those concerned are told the new dates."))
        return redirect("engine:proposal", pk=pk)
    if run.pause is None:
        raise NotNow(_("This is not paused any more."), code="not-paused")
    began_at = run.pause.began_at
    ahead = [
        _going_on(at.stage.label, at.due_at - began_at) for at in run.positions if at.due_at and at.due_at > began_at
    ]
    paused_for = clock.now() - began_at
    context = {
        "proposal": proposal,
        "form": CommandForm(),
        "title": _("Resume"),
        "text": proposal.title,
        "consequences": [
            *ahead,
            _("Every deadline moves on by the length of the pause, %(length)s until now.")
            % {"length": length_words(paused_for)},
            concerned(run.run, request.user, every_round=True).words,
        ],
        "submit": _("Resume it"),
    }
    return render(request, "engine/confirm.html", context)


def _pauses(request: HttpRequest, run: RunView, form: PauseForm) -> bool:
    data = form.cleaned_data
    try:
        pauses.pause_runs(
            run_ids=[run.run.pk],
            person=request.user,
            reason=data["reason"],
            until=data["until"],
            visit_id=data["visit_id"],
            now=clock.now(),
        )
    except Invalid as refusal:
        form.add_refusal(refusal)
        return False
    except NotNow:
        # The same form sent twice; the same person with another reason or end is told, and keeps the words.
        if not _is_of(run.pause, request.user, data):
            raise
        return True
    doorbell.ring(deliver)
    messages.success(request, _("Paused. Those concerned are told."))
    return True


def _is_of(pause: Pause | None, person: User, data: Mapping[str, Any]) -> bool:
    said = (person, data["reason"].strip(), data["until"])
    return pause is not None and (pause.began_by, pause.reason, pause.until) == said


def _standing_still(stage: str, left: str) -> str:
    return _("The deadline of “%(stage)s” stands still, with %(left)s left.") % {"stage": stage, "left": left}


def _going_on(stage: str, left: timedelta) -> str:
    words = _("“%(stage)s” is due on %(at)s: it has %(left)s, as when the pause began.")
    return words % {"stage": stage, "at": instant_words(clock.now() + left), "left": length_words(left)}
