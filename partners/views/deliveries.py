"""Mail that did not arrive: what was given up, what waits unusually long, and trying again."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from ekip.shared import clock
from partners import kinds
from partners.permissions import may_keep_deliveries
from partners.selectors.notifications import progress_of, undelivered, undelivered_counts
from partners.services import outbox
from partners.views.notifications import LONGEST_NUMBER

ON_A_PAGE = 50
# How many are tried again in one go; the rest stays on the list.
MOST_AT_ONCE = 5000
SESSION = "mail-tried-again"


@require_safe
@login_required
def deliveries(request: HttpRequest) -> HttpResponse:
    """What was given up, or what waits unusually long, to whom, and why. Of the mail itself only its kind is told."""
    may_keep_deliveries(request.user).enforce()
    now = clock.now()
    late, to = request.GET.get("show") == "late", request.GET.get("to", "").strip()[:200]
    page = Paginator(undelivered(late=late, to=to, now=now), ON_A_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.kind_label = kinds.kind_of(row.notification.kind).label
    counts = undelivered_counts(now=now)
    show = "late" if late else "dead"
    tabs = [
        {"label": _("Given up"), "url": "?show=dead", "current": not late, "count": counts.given_up},
        {"label": _("Waiting long"), "url": "?show=late", "current": late, "count": counts.late},
    ]
    query = urlencode({"show": show} | ({"to": to} if to else {})) + "&"
    context = {"page": page, "query": query, "show": show, "to": to, "tabs": tabs, "late": late}
    return render(request, "partners/deliveries.html", context)


@require_POST
@login_required
def again(request: HttpRequest) -> HttpResponse:
    """Try the chosen mails again, or all of the list: first the number of them and a question, then the deed."""
    may_keep_deliveries(request.user).enforce()
    late, to = request.POST.get("show") == "late", request.POST.get("to", "").strip()[:200]
    now = clock.now()
    rows = undelivered(late=late, to=to, now=now)
    if not request.POST.get("all"):
        chosen = [
            int(pk)
            for pk in request.POST.getlist("delivery")[:MOST_AT_ONCE]
            if pk.isdecimal() and len(pk) < LONGEST_NUMBER
        ]
        rows = rows.filter(pk__in=chosen)
    ids = list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE])
    kept = {"show": "late" if late else "dead"} | ({"to": to} if to else {})
    back = f"{reverse('partners:deliveries')}?{urlencode(kept)}"
    if request.POST.get("confirmed"):
        outbox.try_again(ids, now=now)
        request.session[SESSION] = ids
        return redirect("partners:deliveries_progress")
    question = ngettext("Try %(n)d mail again?", "Try %(n)d mails again?", len(ids)) % {"n": len(ids)}
    context = {
        "title": question if ids else _("You have chosen no mail"),
        "count": len(ids),
        "chosen": [] if request.POST.get("all") else ids,
        "show": kept["show"],
        "to": to,
        "back": back,
    }
    return render(request, "partners/deliveries_again.html", context, status=200 if ids else 422)


@require_safe
@login_required
def progress(request: HttpRequest) -> HttpResponse:
    """How far the mails are that this person let be tried again last."""
    may_keep_deliveries(request.user).enforce()
    found = progress_of(request.session.get(SESSION, []))
    template = (
        "partners/_deliveries_progress.html"
        if request.headers.get("HX-Request")
        else ("partners/deliveries_progress.html")
    )
    return render(request, template, {"progress": found})
