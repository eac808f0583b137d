"""What is done to many proposals of the board at once: asked, previewed row by row, confirmed, told row by row."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ekip.shared import clock, doorbell
from ekip.shared.errors import Invalid
from ekip.shared.folding import fold
from engine.forms.board import ExtendForm, InviteForm
from engine.permissions import may_see_board
from engine.selectors.candidates import people_to_ask
from engine.services import bulk
from engine.services.bulk import Act, Planned
from engine.services.bulk_acts import Extend, Invite, Remind
from partners.tasks import deliver
from recommendations.forms.base import PageForm

MOST_PEOPLE = 60
KEPT = "board_done"
"""Where the session keeps what was done last, until the page that tells it."""


@login_required
def remind(request: HttpRequest) -> HttpResponse:
    """Remind everybody whom the chosen proposals wait for. There is nothing to enter: the preview comes at once."""
    words = {
        "title": _("Remind"),
        "confirm": _("Send these reminders"),
        "told": _("Quiet hours, days off and absences hold a reminder back; then the day on which it goes is named."),
        "done": _("Reminders sent"),
    }
    return _act(request, PageForm({}), lambda _data: Remind(), words, {"is_direct": True})


@login_required
def extend(request: HttpRequest) -> HttpResponse:
    """Move the deadlines of the chosen proposals later."""
    form = ExtendForm(request.POST if request.method == "POST" else None, initial={"what": "all"})
    words = {
        "title": _("Extend deadlines"),
        "confirm": _("Extend these deadlines"),
        "told": _("Who has not handed in yet, the authors and the coordinators are told once, with the reason."),
        "done": _("Deadlines extended"),
    }

    def act(data: dict[str, Any]) -> Act:
        return Extend(data["reason"], data["by"], data["until"], data["what"])

    return _act(request, form, act, words, {})


@login_required
def invite(request: HttpRequest) -> HttpResponse:
    """Ask further people into the open rounds of the chosen proposals."""
    everybody = people_to_ask()
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        people={each.person.pk: each.person.name for each in everybody},
        initial={"kind": "review"},
    )
    words = {
        "title": _("Invite reviewers"),
        "confirm": _("Send these invitations"),
        "told": _("Each of them gets one invitation for each round, and accepts or declines it."),
        "done": _("Invitations sent"),
    }
    asked = request.POST.get("q", "").replace("\0", "").strip()[:100]
    ticked = set(request.POST.getlist("reviewers"))
    fitting = [
        {"candidate": each, "chosen": str(each.person.pk) in ticked}
        for each in everybody
        if str(each.person.pk) in ticked
        or not asked
        or fold(asked) in fold(f"{each.person.name} {' '.join(each.organisations)}")
    ]
    shown = [each for n, each in enumerate(fitting) if n < MOST_PEOPLE or each["chosen"]]
    more = {"people": shown, "words": asked, "total": len(everybody), "chosen": len(ticked), "picks_people": True}

    def act(data: dict[str, Any]) -> Act:
        return Invite(tuple(data["reviewers"]), data["kind"])

    return _act(request, form, act, words, more)


@require_safe
@login_required
def done(request: HttpRequest) -> HttpResponse:
    """What became of each proposal, once; later the way leads back to the board."""
    may_see_board(request.user).enforce()
    told = request.session.get(KEPT)
    if told is None:
        return redirect("engine:board")
    return render(request, "engine/board_done.html", told)


def _act(
    request: HttpRequest,
    form: PageForm,
    act: Callable[[dict[str, Any]], Act],
    words: dict[str, str],
    more: dict[str, Any],
) -> HttpResponse:
    """Ask, show what will happen, do it: three looks of one page, by what was sent with it."""
    may_see_board(request.user).enforce()
    sent = request.POST if request.method == "POST" else request.GET
    run_ids = _numbers(sent.getlist("run"))
    back = reverse("engine:board") + "?" + sent.get("back", "")[:500]
    if not run_ids:
        messages.warning(request, _("Choose at least one proposal on the board first."))
        return redirect(back)
    context = {
        "form": form,
        "act": words,
        "runs": run_ids,
        "back": sent.get("back", "")[:500],
        "back_url": back,
        **more,
    }
    is_asked_again = "search" in request.POST or "change" in request.POST
    is_sent = ("is_direct" in more or request.method == "POST") and not is_asked_again
    if is_sent and form.is_valid():
        try:
            if "confirm" in request.POST:
                return _carry_out(request, act(form.cleaned_data), run_ids, words, back)
            rows = bulk.look_at(act(form.cleaned_data), run_ids=run_ids, person=request.user, now=clock.now())
        except Invalid as refusal:
            form.add_refusal(refusal)
        else:
            return render(request, "engine/board_preview.html", {**context, **_preview(rows)})
    context["shows_errors"] = is_sent
    return render(request, "engine/board_ask.html", context, status=422 if is_sent else 200)


def _carry_out(request: HttpRequest, act: Act, run_ids: list[int], words: dict[str, str], back: str) -> HttpResponse:
    stamps = {pk: request.POST.get(f"stamp-{pk}", "") for pk in run_ids}
    results = bulk.carry_out(act, run_ids=run_ids, stamps=stamps, person=request.user, now=clock.now())
    doorbell.ring(deliver)
    request.session[KEPT] = {
        "title": words["done"],
        "back_url": back,
        "results": [
            {
                "proposal": each.run.proposal_id,
                "title": each.run.proposal.title,
                "state": each.state,
                "lines": list(each.lines),
            }
            for each in results
        ],
        "number": sum(each.state == "done" for each in results),
        "changed": sum(each.state == "changed" for each in results),
    }
    return redirect("engine:board_done")


def _preview(rows: list[Planned]) -> dict[str, Any]:
    return {"rows": rows, "possible": sum(row.is_possible for row in rows), "total_rows": len(rows)}


def _numbers(values: list[str]) -> list[int]:
    return list(dict.fromkeys(int(each) for each in values if each.isascii() and each.isdigit() and len(each) < 10))
