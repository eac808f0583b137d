"""Consultations and frozen texts, for everyone; taking part needs an account."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ekip.shared import clock
from engine.selectors.consultations import consultation as consultation_for
from engine.selectors.consultations import open_consultations, public_text
from engine.selectors.frozen import frozen_text
from engine.services.consultations import take_part
from engine.views.kept import back_to

PER_PAGE = 20


def consultations(request: HttpRequest) -> HttpResponse:
    """The consultations that are open, with their deadlines."""
    page = Paginator(open_consultations(now=clock.now()), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "engine/consultations.html", {"page": page})


@back_to("consultation")
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """The text of one consultation, and how to take part; a POST takes part."""
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        part = take_part(round_id=pk, person=request.user, now=clock.now())
        messages.success(
            request, _("You take part. Read the text and write your contribution; it is kept as you type.")
        )
        return redirect("engine:review", pk=part.pk)
    view = consultation_for(request.user, pk, now=clock.now(), page_language=get_language())
    context = {"view": view, "round": view.round, "proposal": view.proposal, "text": view.text}
    return render(request, "engine/consultation.html", context)


def public(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest frozen text of a proposal whose stage is open to everybody; an open consultation shows it itself."""
    found = public_text(pk, now=clock.now())
    if found.consultation:
        return redirect("engine:consultation", pk=found.consultation.pk)
    context = {
        "proposal": found.proposal,
        "revision": found.revision,
        "hides_authors": found.hides_authors,
        "text": frozen_text(found.revision.content, page_language=get_language()),
    }
    return render(request, "engine/public_text.html", context)
