"""The proposal workspace: the stage bar, the text, and one panel beside it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engine.permissions import bar_of, may_take_record
from engine.selectors.actions import Actions, actions_for
from engine.selectors.areas import keepers_of
from engine.selectors.decisions import newest_decision
from engine.selectors.gatherings import gatherings_of
from engine.selectors.history import history as history_of
from engine.selectors.round_groups import round_groups
from engine.selectors.runs import RunView, run_view
from engine.selectors.timeline import timeline
from engine.selectors.workspace import Workspace, co_authors, organisations_of, workspace
from partners.models import User
from recommendations import access
from recommendations.areas.selectors import published_briefing
from recommendations.drafting.selectors import proposal_for
from recommendations.models import Grant, Proposal
from recommendations.permissions import may_keep_area

PANELS = ("missing", "co-authors", "rounds", "history")
PER_PAGE = 30
LATEST = 8
"""How many events stand beside the text."""


@login_required
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposal as its authors and overseers see it."""
    shown = proposal_for(request.user, pk)
    run = run_view(shown)
    text = workspace(shown, page_language=get_language())
    actions = actions_for(request.user, shown, run)
    panel = request.GET.get("panel", "")
    # Who cannot mend what is missing wants to know what happened.
    panel = panel if panel in PANELS else "missing" if actions.edit else "history"
    context = {
        "proposal": shown,
        "run": run,
        "bar": run.bar,
        "text": text,
        "actions": actions,
        "decision": newest_decision(run),
        "gatherings": list(gatherings_of(run.run)),
        "panel": panel,
        "tabs": _tabs(shown, panel, text),
        **_panel(panel, request.user, shown, run, actions),
    }
    if run.awaits_briefing:
        context |= {"keepers": keepers_of(shown.area), "keeps": may_keep_area(request.user, shown.area)}
    elif actions.edit:
        context["briefing"] = published_briefing(shown.area)
    return render(request, "engine/proposal.html", context)


@login_required
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that happened to a proposal, in words and in pages."""
    shown = proposal_for(request.user, pk)
    run = run_view(shown)
    entries = history_of(run.run, names_reviewers=may_know_reviewers(request.user, shown))
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    context = {"proposal": shown, "bar": run.bar, "version": run.run.version, "page": page}
    context["stretches"] = timeline(run.run, page.object_list)
    context["takes_record"] = bool(may_take_record(request.user, shown))
    return render(request, "engine/history.html", context)


def may_know_reviewers(person: User, proposal: Proposal) -> bool:
    """Whether the person may learn who reviews: overseers whom no conflict bars, and never its authors."""
    is_author = Grant.Right.AUTHOR in access.rights(person, proposal.pk)
    return not is_author and bar_of(person, proposal) is None


def _tabs(proposal: Proposal, panel: str, text: Workspace) -> list[dict[str, Any]]:
    labels = {
        "missing": _("Missing"),
        "co-authors": _("Co-authors"),
        "rounds": _("Reviews"),
        "history": _("History"),
    }
    address = reverse("engine:proposal", args=[proposal.pk])
    counts = {"missing": len(text.missing) or None}
    return [
        {
            "label": label,
            "url": f"{address}?panel={key}#panel",
            "current": key == panel,
            "count": counts.get(key),
        }
        for key, label in labels.items()
    ]


def _panel(panel: str, person: User, proposal: Proposal, run: RunView, actions: Actions) -> dict[str, Any]:
    match panel:
        case "co-authors":
            grants = co_authors(proposal)
            return {"authors": [(grant.person, organisations_of(grant.person)) for grant in grants]}
        case "rounds":
            return {"groups": round_groups(person, proposal)}
        case "history":
            entries = history_of(run.run, names_reviewers=may_know_reviewers(person, proposal))
            return {"stretches": timeline(run.run, entries[:LATEST]), "events": len(entries)}
        case _:
            return {}
