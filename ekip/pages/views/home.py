"""The home page and the desk."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ekip.pages.selectors.front import front
from ekip.shared import clock
from engine.selectors.desk import desk_of, is_overdue, spans
from engine.selectors.positions import DECIDING
from partners.permissions import drafting_organisations
from partners.selectors import live_role_grants

PER_PAGE = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, what is new, where proposals stand, who takes part."""
    return render(request, "pages/home.html", {"front": front()})


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the person, what they wait for, what they did last."""
    now = clock.now()
    mine = desk_of(request.user, now=now)
    for_you, for_others = (
        Paginator(tasks, PER_PAGE).get_page(request.GET.get(name))
        for name, tasks in (("page", mine.for_you), ("others", mine.for_others))
    )
    context = {
        "desk": mine,
        "for_you": for_you,
        "for_others": for_others,
        "spans_for_you": spans(for_you.object_list, now=now),
        "spans_for_others": spans(for_others.object_list, now=now),
        "hides_done": request.GET.get("done") == "hidden",
        "overdue": sum(is_overdue(task, now=now) for task in mine.for_you),
        "drafts": drafting_organisations(request.user).exists(),
        "judges": live_role_grants(request.user).filter(role__in=DECIDING).exists(),
    }
    return render(request, "pages/desk.html", context)
