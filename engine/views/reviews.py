"""Writing a review: the frozen text beside the form, kept as a draft, sent after one question."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ekip.shared import clock, doorbell
from ekip.shared.errors import Invalid, NotNow
from ekip.shared.look import words as instant_words
from engine.forms.reviews import BasePointFormSet, ReviewForm
from engine.models import Assignment, Review
from engine.permissions import may_review
from engine.selectors.assignments import assignment_for
from engine.selectors.changes import second_look
from engine.selectors.frozen import FrozenText, frozen_text
from engine.selectors.reviews import draft_review
from engine.selectors.rounds import criteria_of
from engine.services import reviews
from engine.services.reviews import ReviewDraft
from engine.views.changes import change_modes
from engine.views.kept import back_to
from engine.views.point_sets import drafts, points_form, stored_points
from partners.tasks import deliver


@login_required
@back_to("invitation")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the frozen text and review it; GET with `confirm` asks whether to send what is stored."""
    assignment = assignment_for(request.user, pk)
    if assignment.round.kind == "city-test":
        return redirect("engine:case", pk=pk)
    stored = draft_review(assignment)
    if stored and stored.submitted_at:
        return _done(request, assignment, stored)
    if request.method != "POST":
        verdict = may_review(request.user, assignment)
        if not verdict and not assignment.accepted_at:
            return redirect("engine:invitation", pk=pk)
        verdict.enforce()
    text = frozen_text(assignment.round.revision.content, page_language=get_language())
    if request.method == "POST" and request.POST.get("action") == "send":
        return _send(request, assignment, stored)
    if request.method == "POST":
        return _save(request, assignment, text)
    if stored and "confirm" in request.GET:
        return _confirm(request, assignment, stored, text)
    form, points = _forms(request, assignment, text, stored=stored)
    return _page(request, assignment, text, form, points, saved_at=stored.saved_at if stored else None)


def _forms(
    request: HttpRequest,
    assignment: Assignment,
    text: FrozenText,
    *,
    stored: Review | None = None,
    must_be_complete: bool = False,
) -> tuple[ReviewForm, BasePointFormSet]:
    data = request.POST if request.method == "POST" else None
    form = ReviewForm(
        data,
        criteria=criteria_of(assignment.round),
        must_be_complete=must_be_complete,
        initial=_initial(stored),
    )
    return form, points_form(request, text, stored)


def _initial(stored: Review | None) -> dict[str, Any]:
    if stored is None:
        return {}
    initial: dict[str, Any] = {"comment": stored.comment, "advice": stored.advice}
    for answer in stored.answers.all():
        initial[f"score-{answer.criterion}"] = answer.score
        initial[f"comment-{answer.criterion}"] = answer.comment
    return initial


def _save(request: HttpRequest, assignment: Assignment, text: FrozenText) -> HttpResponse:
    """Store the draft; then show the form again, or ask whether to send it."""
    action = request.POST.get("action", "save")
    form, points = _forms(request, assignment, text, must_be_complete=action == "confirm")
    # Both are asked, so that one look shows every fault.
    is_valid = all([form.is_valid(), points.is_valid()])
    by_script = request.headers.get("Accept") == "application/json"
    try:
        stored = reviews.save(
            assignment_id=assignment.pk, person=request.user, draft=_draft(form, points), now=clock.now()
        )
    except Invalid as refusal:
        form.add_refusal(refusal)
        is_valid, stored = False, None
    if by_script:
        return _answer_script(stored, is_valid=is_valid)
    address = reverse("engine:review", args=[assignment.pk])
    if is_valid and action == "confirm":
        return redirect(f"{address}?confirm")
    if is_valid:
        if action == "add-point":
            return redirect(f"{address}#new-point")
        messages.success(request, _("Your draft is saved. Nobody else sees it before you send it."))
        return redirect(address)
    saved_at = stored.saved_at if stored else None
    return _page(request, assignment, text, form, points, saved_at=saved_at, status=422)


def _draft(form: ReviewForm, points: BasePointFormSet) -> ReviewDraft:
    """What was typed as far as it is valid; the page keeps and shows the rest."""
    return ReviewDraft(
        scores=form.scores(),
        comments=form.comments(),
        comment=form.cleaned_data.get("comment", ""),
        advice=form.cleaned_data.get("advice", ""),
        points=drafts(points),
    )


def _answer_script(stored: Review | None, *, is_valid: bool) -> HttpResponse:
    saved = _("Saved at %(at)s") % {"at": instant_words(stored.saved_at)} if stored else ""
    note = "" if is_valid else _("Some of what you entered needs another look before it can be sent.")
    return JsonResponse({"saved": saved, "note": note}, status=200 if stored else 422)


def _confirm(request: HttpRequest, assignment: Assignment, stored: Review, text: FrozenText) -> HttpResponse:
    context = {
        "assignment": assignment,
        "review": stored,
        "points": [(point, text.passage(point.place, point.block_id)) for point in stored.points.all()],
        "saved": stored.saved_at.isoformat(),
    }
    return render(request, "engine/review_confirm.html", context)


def _send(request: HttpRequest, assignment: Assignment, stored: Review | None) -> HttpResponse:
    """Send what the question showed; when the draft has changed since, ask again."""
    address = reverse("engine:review", args=[assignment.pk])
    if stored is None or request.POST.get("saved") != stored.saved_at.isoformat():
        messages.warning(request, _("Your draft has changed since this page was opened. Look at it once more."))
        return redirect(f"{address}?confirm" if stored else address)
    draft = ReviewDraft(
        scores={answer.criterion: answer.score for answer in stored.answers.all()},
        comments={answer.criterion: answer.comment for answer in stored.answers.all()},
        comment=stored.comment,
        advice=stored.advice,
        points=stored_points(stored),
    )
    try:
        reviews.submit(assignment_id=assignment.pk, person=request.user, draft=draft, now=clock.now())
    except Invalid:
        messages.warning(request, _("Something is still missing in your review. Ask again to send it to see what."))
        return redirect(address)
    doorbell.ring(deliver)
    messages.success(request, _("Your review is handed in. Thank you."))
    return redirect(address)


def _done(request: HttpRequest, assignment: Assignment, stored: Review) -> HttpResponse:
    """What was handed in. A form that was open elsewhere comes too late, and gives back what it holds."""
    text = frozen_text(assignment.round.revision.content, page_language=get_language())
    if request.method == "POST" and request.POST.get("action") != "send":
        form, points = _forms(request, assignment, text)
        form.is_valid(), points.is_valid()
        kept = reviews.kept_words(_draft(form, points))
        raise NotNow(_("You have handed in this review already."), code="review-submitted", kept=kept)
    context = {
        "assignment": assignment,
        "review": stored,
        "points": [(point, text.passage(point.place, point.block_id)) for point in stored.points.all()],
    }
    return render(request, "engine/review_done.html", context)


def _page(
    request: HttpRequest,
    assignment: Assignment,
    text: FrozenText,
    form: ReviewForm,
    points: BasePointFormSet,
    *,
    saved_at: Any,
    status: int = 200,
) -> HttpResponse:
    criteria = criteria_of(assignment.round)
    scored = sum(form[f"score-{each['key']}"].value() not in (None, "") for each in criteria)
    context = {
        "assignment": assignment,
        "round": assignment.round,
        "text": text,
        "form": form,
        "points": points,
        "saved_at": saved_at,
        "done": scored + bool(form["advice"].value()),
        "total": len(criteria) + 1,
        "look": second_look(assignment, page_language=get_language()),
        **change_modes(request),
    }
    return render(request, "engine/review.html", context, status=status)
