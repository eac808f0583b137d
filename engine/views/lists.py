"""The list of a person's proposals."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from ekip.shared import clock
from engine.selectors.proposals import SORTS, STATES, areas_among, proposals_of, standings
from partners.permissions import drafting_organisations

PER_PAGE = 20


@login_required
def my_proposals(request: HttpRequest) -> HttpResponse:
    """The proposals that a person writes or oversees: active, archived, deleted; narrowed, sorted, in pages."""
    state = _one_of(request.GET.get("state"), STATES)
    sort = _one_of(request.GET.get("sort"), tuple(SORTS))
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    area = request.GET.get("area", "").replace("\0", "")[:80]
    now = clock.now()
    every = proposals_of(request.user, state=state, area="", words="", sort="changed", now=now)
    rows = proposals_of(request.user, state=state, area=area, words=words, sort=sort, now=now)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    query = urlencode({"state": state, "sort": sort, "q": words, "area": area})
    return render(
        request,
        "engine/my_proposals.html",
        {
            "tabs": _tabs(state),
            "state": state,
            "page": page,
            "standings": standings(page.object_list),
            "query": f"{query}&",
            "words": words,
            "area": area,
            "areas": areas_among(every),
            "sort": sort,
            "sorts": SORTS.items(),
            "is_narrowed": bool(words or area),
            "can_start": drafting_organisations(request.user).exists(),
        },
    )


def _one_of(value: str | None, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else allowed[0]


def _tabs(state: str) -> list[dict[str, object]]:
    labels = {
        "active": _("Active"),
        "archived": _("Archived"),
        "deleted": _("Deleted"),
        "overseen": _("You oversee"),
    }
    address = reverse("engine:my_proposals")
    return [{"label": label, "url": f"{address}?state={key}", "current": key == state} for key, label in labels.items()]
