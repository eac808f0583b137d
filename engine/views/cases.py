"""Recording a city test: the frozen text beside the form, kept as a draft, handed in after one question."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ekip.shared import clock, doorbell
from ekip.shared.errors import Invalid, NotFound, NotNow
from engine.forms.cases import FINDING, PARTICIPANTS, CaseForm
from engine.forms.reviews import BasePointFormSet
from engine.models import Assignment, CityCase
from engine.selectors.assignments import assignment_for
from engine.selectors.cases import case_of, own_case
from engine.selectors.changes import second_look
from engine.selectors.frozen import FrozenText
from engine.selectors.rounds import is_answered
from engine.services import cases
from engine.services.cases import CaseDraft
from engine.views.assigned import answer_script, asked_first, text_of
from engine.views.changes import change_modes
from engine.views.kept import back_to
from engine.views.point_sets import drafts, points_form, stored_points
from partners.tasks import deliver


@login_required
@back_to("invitation")
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the frozen text and record the case; GET with `confirm` asks whether to hand in what is stored."""
    assignment = assignment_for(request.user, pk)
    if assignment.round.kind != "city-test":
        raise NotFound
    stored = case_of(assignment)
    text = text_of(assignment)
    if stored and stored.review.submitted_at:
        return _done(request, assignment, stored, text)
    if request.method != "POST":
        if invitation := asked_first(request, assignment):
            return invitation
        if stored and "confirm" in request.GET:
            return render(request, "engine/case_confirm.html", _read(assignment, stored, text))
    elif request.POST.get("action") == "send":
        return _send(request, assignment, stored)
    else:
        return _save(request, assignment, text)
    form, points = _forms(request, assignment, text, stored)
    return _page(request, assignment, text, form, points, stored.review.saved_at if stored else None)


def _forms(
    request: HttpRequest,
    assignment: Assignment,
    text: FrozenText,
    stored: CityCase | None = None,
    *,
    must_be_complete: bool = False,
) -> tuple[CaseForm, BasePointFormSet]:
    form = CaseForm(
        request.POST if request.method == "POST" else None,
        recommendations=assignment.round.revision.content["recommendations"],
        must_be_complete=must_be_complete,
        initial=_initial(stored),
    )
    are_answered = is_answered(assignment.round)
    return form, points_form(request, text, stored.review if stored else None, are_answered=are_answered)


def _initial(stored: CityCase | None) -> dict[str, Any]:
    if stored is None:
        return {}
    initial: dict[str, Any] = {
        "ecosystem": stored.ecosystem_id,
        "set_up": stored.set_up,
        "gaps": stored.gaps,
        "resources": stored.resources,
    }
    initial |= {f"{PARTICIPANTS}{each.kind}": each.people for each in stored.participation.all()}
    return initial | {f"{FINDING}{each.recommendation}": each.text for each in stored.findings.all()}


def _save(request: HttpRequest, assignment: Assignment, text: FrozenText) -> HttpResponse:
    """Store the draft; then show the form again, or ask whether to hand it in."""
    action = request.POST.get("action", "save")
    form, points = _forms(request, assignment, text, must_be_complete=action == "confirm")
    # Both are asked, so that one look shows every fault.
    is_valid = all([form.is_valid(), points.is_valid()])
    saved_at: datetime | None = None
    try:
        stored = cases.save(
            assignment_id=assignment.pk, person=request.user, draft=_draft(form, points), now=clock.now()
        )
        saved_at = stored.review.saved_at
    except Invalid as refusal:
        form.add_refusal(refusal)
        is_valid = False
    if request.headers.get("Accept") == "application/json":
        note = "" if is_valid else _("Some of what you entered needs another look before it can be handed in.")
        return answer_script(saved_at, note=note)
    address = reverse("engine:case", args=[assignment.pk])
    if not is_valid:
        return _page(request, assignment, text, form, points, saved_at, status=422)
    if action == "confirm":
        return redirect(f"{address}?confirm")
    if action == "add-point":
        return redirect(f"{address}#new-point")
    messages.success(request, _("Your draft is saved. Nobody else sees it before you hand it in."))
    return redirect(address)


def _draft(form: CaseForm, points: BasePointFormSet) -> CaseDraft:
    """What was typed as far as it is valid; the page keeps and shows the rest."""
    data = form.cleaned_data
    ecosystem = data.get("ecosystem")
    return CaseDraft(
        ecosystem_id=ecosystem.pk if ecosystem else None,
        set_up=data.get("set_up", ""),
        participants=form.participants(),
        findings=form.findings(),
        gaps=data.get("gaps", ""),
        resources=data.get("resources", ""),
        points=drafts(points),
    )


def _stored_draft(stored: CityCase) -> CaseDraft:
    return CaseDraft(
        ecosystem_id=stored.ecosystem_id,
        set_up=stored.set_up,
        participants={each.kind: each.people for each in stored.participation.all()},
        findings={each.recommendation: each.text for each in stored.findings.all()},
        gaps=stored.gaps,
        resources=stored.resources,
        points=stored_points(stored.review),
    )


def _send(request: HttpRequest, assignment: Assignment, stored: CityCase | None) -> HttpResponse:
    """Hand in what the question showed; when the draft has changed since, ask again."""
    address = reverse("engine:case", args=[assignment.pk])
    if stored is None or request.POST.get("saved") != stored.review.saved_at.isoformat():
        messages.warning(request, _("Your draft has changed since this page was opened. Look at it once more."))
        return redirect(f"{address}?confirm" if stored else address)
    try:
        cases.submit(assignment_id=assignment.pk, person=request.user, draft=_stored_draft(stored), now=clock.now())
    except Invalid:
        messages.warning(request, _("Something is still missing in your case. Ask again to hand it in to see what."))
        return redirect(address)
    doorbell.ring(deliver)
    messages.success(request, _("Your case is handed in. Thank you."))
    return redirect(address)


def _done(request: HttpRequest, assignment: Assignment, stored: CityCase, text: FrozenText) -> HttpResponse:
    """What was handed in. A form that was open elsewhere comes too late, and gives back what it holds."""
    if request.method == "POST" and request.POST.get("action") != "send":
        form, points = _forms(request, assignment, text)
        form.is_valid(), points.is_valid()
        kept = cases.kept_words(_draft(form, points))
        raise NotNow(_("You have handed in this case already."), code="review-submitted", kept=kept)
    return render(request, "engine/case_done.html", _read(assignment, stored, text))


def _read(assignment: Assignment, stored: CityCase, text: FrozenText) -> dict[str, Any]:
    points = stored.review.points.all()
    return {
        "assignment": assignment,
        "round": assignment.round,
        "review": stored.review,
        "text": text,
        "view": own_case(stored, assignment.round),
        "points": [(point, text.passage(point.place, point.block_id)) for point in points],
        "saved": stored.review.saved_at.isoformat(),
    }


def _page(
    request: HttpRequest,
    assignment: Assignment,
    text: FrozenText,
    form: CaseForm,
    points: BasePointFormSet,
    saved_at: datetime | None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "assignment": assignment,
        "round": assignment.round,
        "text": text,
        "look": second_look(assignment, page_language=get_language()),
        **change_modes(request),
        "form": form,
        "points": points,
        "saved_at": saved_at,
    }
    return render(request, "engine/case.html", context, status=status)
