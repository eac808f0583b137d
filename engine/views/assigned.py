"""What the pages of those who were asked share: reviewing, and recording a city test."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ekip.shared.look import words as instant_words
from engine.models import Assignment
from engine.permissions import may_review
from engine.selectors.frozen import FrozenText, frozen_text


def asked_first(request: HttpRequest, assignment: Assignment) -> HttpResponse | None:
    """The way to the invitation for who has not answered it, nothing for who may write.

    Raises:
        NotFound, NotNow: the person may not write, or no longer.
    """
    verdict = may_review(request.user, assignment)
    if not verdict and not assignment.accepted_at:
        return redirect("engine:invitation", pk=assignment.pk)
    verdict.enforce()
    return None


def text_of(assignment: Assignment) -> FrozenText:
    """The frozen text that the round is about."""
    return frozen_text(assignment.round.revision.content, page_language=get_language())


def answer_script(saved_at: datetime | None, *, note: str) -> JsonResponse:
    """What a page that saves by itself is told: when it was saved, and `note` on what is still wrong."""
    saved = _("Saved at %(at)s") % {"at": instant_words(saved_at)} if saved_at else ""
    return JsonResponse({"saved": saved, "note": note}, status=200 if saved_at else 422)
