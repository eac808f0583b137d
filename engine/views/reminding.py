"""Reminding by hand those for whom a round waits."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ekip.shared import clock, doorbell
from ekip.shared.errors import NotFound
from ekip.shared.look import words as instant_words
from engine.services.by_hand import ByHand, Reached, by_hand
from engine.services.reminders import remind_now
from partners.tasks import deliver


@login_required
def remind_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Who would be reminded, and when; then they are."""
    now = clock.now()
    if request.method == "POST":
        line = _only(remind_now(person=request.user, round_ids=[pk], now=now))
        if line.reached:
            doorbell.ring(deliver)
            n = len(line.reached)
            messages.success(request, ngettext("%(n)d person is reminded.", "%(n)d people are reminded.", n) % {"n": n})
        else:
            messages.warning(request, line.refusal)
        return redirect("engine:round", pk=pk)
    line = _only(by_hand(person=request.user, round_ids=[pk], now=now))
    context = {
        "proposal": line.run.proposal,
        "round_url": reverse("engine:round", args=[pk]),
        "line": line,
        "consequences": [_consequence(each, is_now=each.at <= now) for each in line.people],
    }
    return render(request, "engine/remind.html", context)


def _only(lines: list[ByHand]) -> ByHand:
    if not lines:
        raise NotFound
    return lines[0]


def _consequence(reached: Reached, *, is_now: bool) -> str:
    words = {"name": reached.person.name, "at": instant_words(reached.at)}
    if reached.too_late:
        return _("%(name)s cannot be reached before the round closes, and is not reminded.") % words
    if is_now:
        return _("%(name)s is reminded now.") % words
    return _("%(name)s is reminded on %(at)s, when they can be reached.") % words
