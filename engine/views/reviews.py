"""Writing a review: the frozen text beside the form, kept as a draft, sent after one question."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ekip.shared import clock, doorbell
from ekip.shared.errors import Invalid, NotNow
from engine.forms.reviews import BasePointFormSet, ReviewForm
from engine.models import Assignment, Review
from engine.permissions import may_see_reviews
from engine.selectors.assignments import assignment_for
from engine.selectors.changes import second_look
from engine.selectors.frozen import FrozenText
from engine.selectors.reviews import draft_review
from engine.selectors.rounds import criteria_of, is_answered
from engine.services import reviews
from engine.services.reviews import ReviewDraft
from engine.views.assigned import answer_script, asked_first, text_of
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
    text = text_of(assignment)
    if stored and stored.submitted_at:
        return _done(request, assignment, stored, text)
    if request.method != "POST":
        if invitation := asked_first(request, assignment):
            return invitation
        if stored and "confirm" in request.GET:
            return _confirm(request, assignment, stored, text)
    elif request.POST.get("action") == "send":
        return _send(request, assignment, stored)
    else:
        return _save(request, assignment, text)
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
        is_free=assignment.round.kind == "consultation",
        initial=_initial(stored),
    )
    return form, points_form(request, text, stored, are_answered=is_answered(assignment.round))


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
    if is_valid and action == "confirm" and form.is_free and reviews.says_nothing(_draft(form, points)):
        form.add_error("comment", _("Write a comment, or remark on a passage."))
        is_valid = False
    try:
        stored = reviews.save(
            assignment_id=assignment.pk, person=request.user, draft=_draft(form, points), now=clock.now()
        )
    except Invalid as refusal:
        form.add_refusal(refusal)
        is_valid, stored = False, None
    saved_at = stored.saved_at if stored else None
    if request.headers.get("Accept") == "application/json":
        note = "" if is_valid else _("Some of what you entered needs another look before it can be sent.")
        return answer_script(saved_at, note=note)
    address = reverse("engine:review", args=[assignment.pk])
    if not is_valid:
        return _page(request, assignment, text, form, points, saved_at=saved_at, status=422)
    if action == "confirm":
        return redirect(f"{address}?confirm")
    if action == "add-point":
        return redirect(f"{address}#new-point")
    messages.success(request, _("Your draft is saved. Nobody else sees it before you send it."))
    return redirect(address)


def _draft(form: ReviewForm, points: BasePointFormSet) -> ReviewDraft:
    """What was typed as far as it is valid; the page keeps and shows the rest."""
    return ReviewDraft(
        scores=form.scores(),
        comments=form.comments(),
        comment=form.cleaned_data.get("comment", ""),
        advice=form.cleaned_data.get("advice", ""),
        points=drafts(points),
    )


def _confirm(request: HttpRequest, assignment: Assignment, stored: Review, text: FrozenText) -> HttpResponse:
    context = {
        "assignment": assignment,
        "review": stored,
        "points": [(point, text.passage(point.place, point.block_id)) for point in stored.points.all()],
        "saved": stored.saved_at.isoformat(),
        "is_consultation": assignment.round.kind == "consultation",
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
    if assignment.round.kind == "consultation":
        messages.success(request, _("Your contribution is handed in. Thank you."))
    else:
        messages.success(request, _("Your review is handed in. Thank you."))
    return redirect(address)


def _done(request: HttpRequest, assignment: Assignment, stored: Review, text: FrozenText) -> HttpResponse:
    """What was handed in. A form that was open elsewhere comes too late, and gives back what it holds."""
    if request.method == "POST" and request.POST.get("action") != "send":
        form, points = _forms(request, assignment, text)
        form.is_valid(), points.is_valid()
        kept = reviews.kept_words(_draft(form, points))
        raise NotNow(_("You have handed in this review already."), code="review-submitted", kept=kept)
    context = {
        "assignment": assignment,
        "review": stored,
        "points": [(point, text.passage(point.place, point.block_id)) for point in stored.points.all()],
        "is_consultation": assignment.round.kind == "consultation",
        "sees_others": bool(may_see_reviews(request.user, assignment.round, assignment.round.revision.proposal)),
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
        "done": scored + bool("advice" in form.fields and form["advice"].value()),
        "total": len(criteria) + ("advice" in form.fields),
        "is_consultation": assignment.round.kind == "consultation",
        "sees_others": bool(may_see_reviews(request.user, assignment.round, assignment.round.revision.proposal)),
        "look": second_look(assignment, page_language=get_language()),
        **change_modes(request),
    }
    return render(request, "engine/review.html", context, status=status)
