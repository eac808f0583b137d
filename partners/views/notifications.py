"""One's list of notifications."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.contrib import messages
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
from partners.selectors.notifications import notifications_of, read_together, unread_count
from partners.services import notifications as service

ON_A_PAGE = 25
# Digits: what is longer is no key of a row, and the database refuses it.
LONGEST_NUMBER = 19
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@require_safe
@login_required
def notifications(request: HttpRequest) -> HttpResponse:
    """What the person was told, newest first: unread or all, of one group or of every."""
    show = "all" if request.GET.get("show") == "all" else "unread"
    groups = [group for group in kinds.groups() if group.offered]
    group = next((each.key for each in groups if each.key == request.GET.get("group")), "")
    rows = notifications_of(request.user, unread=show == "unread", group=group)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.group = kinds.group_of(row.kind)
    kept = {"show": show} | ({"group": group} if group else {})
    undo_at = _instant(request.GET.get("undo", ""))
    context = {
        "page": page,
        "query": urlencode(kept) + "&",
        "show": show,
        "group": group,
        "groups": groups,
        "newest": max((row.pk for row in page), default=0),
        "unread": unread_count(request.user),
        "tabs": [_tab(_("Unread"), "unread", show, group), _tab(_("All"), "all", show, group)],
        "undo": request.GET.get("undo") if undo_at and read_together(request.user, undo_at) else "",
    }
    return render(request, "partners/notifications.html", context)


@require_POST
@login_required
def open_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    row = service.mark_read(person=request.user, pk=pk, now=clock.now())
    return redirect(row.path or reverse("partners:notifications"))


@require_POST
@login_required
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read, or as unread again, and stay on the list."""
    if request.POST.get("unread"):
        service.mark_unread(person=request.user, pk=pk)
    else:
        service.mark_read(person=request.user, pk=pk, now=clock.now())
    return redirect(_list(request))


@require_POST
@login_required
def mark_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read that stood on the list when it was opened; the list then offers the undo."""
    newest = request.POST.get("newest", "")
    now = clock.now()
    count = service.mark_all_read(
        person=request.user, newest=int(newest) if newest.isdecimal() and len(newest) < LONGEST_NUMBER else 0, now=now
    )
    return redirect(
        f"{reverse('partners:notifications')}?{urlencode({'undo': _stamp(now)})}" if count else _list(request)
    )


@require_POST
@login_required
def unmark_all(request: HttpRequest, stamp: str) -> HttpResponse:
    """Undo `mark_all`."""
    at = _instant(stamp)
    count = service.unread_again(person=request.user, at=at) if at else 0
    words = ngettext("%(n)d notification is unread again.", "%(n)d notifications are unread again.", count)
    messages.success(request, words % {"n": count})
    return redirect("partners:notifications")


def _tab(label: str, key: str, show: str, group: str) -> dict[str, object]:
    query = urlencode({"show": key} | ({"group": group} if group else {}))
    return {"label": label, "url": f"?{query}", "current": key == show}


def _list(request: HttpRequest) -> str:
    """The list as the person had it."""
    kept = {name: value for name in ("show", "group", "page") if (value := request.POST.get(name, "")[:40])}
    return f"{reverse('partners:notifications')}?{urlencode(kept)}"


def _stamp(at: datetime) -> str:
    return str((at - EPOCH) // timedelta(microseconds=1))


def _instant(stamp: str) -> datetime | None:
    """The instant of a stamp; None for what is none."""
    if not stamp.isdecimal() or len(stamp) > 17:
        return None
    return EPOCH + timedelta(microseconds=int(stamp))
