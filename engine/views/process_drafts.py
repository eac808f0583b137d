"""Changing a process: its text with what is wrong with it, a stage more, what changes, a trial, publication."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ekip.shared import clock
from ekip.shared.errors import EditConflict, Invalid, NotNow
from engine.forms.processes import DraftForm, SimulationForm
from engine.models import ProcessDraft
from engine.process.simulation import simulate
from engine.selectors.drafts import look, next_number
from engine.selectors.simulations import assumptions, bars, outcome
from engine.selectors.versions import differences_from, draft_for
from engine.services import drafts
from engine.services.definitions import Unsound

STEPS = {
    "stage": "engine:process_draft_stage",
    "changes": "engine:process_draft_changes",
    "try": "engine:process_draft_try",
    "publish": "engine:process_draft_publish",
}
"""Pages that rest on the saved text: their buttons save it first."""


@login_required
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The text of a draft, and what is wrong with it; a published one leads to its version."""
    shown = draft_for(request.user, pk)
    if shown.published and request.method != "POST":
        return _to_version(shown)
    form = DraftForm(request.POST or None, initial={"text": shown.text, "version": shown.version})
    action = request.POST.get("action", "save")
    if request.method == "POST" and form.is_valid() and action != "check":
        try:
            _save(request, shown, form)
        except Invalid as refusal:
            form.add_refusal(refusal)
        except EditConflict as conflict:
            return _conflict(request, form, conflict)
        else:
            if action in STEPS:
                return redirect(STEPS[action], pk=pk)
            messages.success(request, _("Saved."))
            return redirect("engine:process_draft", pk=pk)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "engine/process_draft.html", _editor(shown, form), status=status)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What is wrong with a text that is being typed; nothing is saved.

    Whoever is signed out meanwhile is refused: a sign-in page would appear beside the text.
    """
    shown = draft_for(request.user, pk)
    form = DraftForm(request.POST)
    form.is_valid()
    context = {"draft": shown, "look": look(form.cleaned_data.get("text", "")), "is_live": True}
    return render(request, "engine/parts/draft_check.html", context)


@login_required
@require_safe
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What the draft changes in the version on which it rests, in words."""
    shown = draft_for(request.user, pk)
    if shown.published:
        return _to_version(shown)
    seen = look(shown.text)
    context = {
        "draft": shown,
        "look": seen,
        "differences": differences_from(shown.based_on, shown.text),
        "here": _("What changes"),
    }
    return render(request, "engine/process_draft_changes.html", context)


@login_required
@require_safe
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Synthetic proposals on their way through the draft."""
    shown = draft_for(request.user, pk)
    seen = look(shown.text)
    form = SimulationForm(request.GET or None)
    context: dict[str, Any] = {"draft": shown, "look": seen, "form": form, "here": _("Try it")}
    if seen.definition and form.is_bound and form.is_valid():
        data = form.cleaned_data
        result = simulate(seen.definition, form.behaviour(), proposals=data["runs"], seed=data["seed"])
        context |= {
            "result": result,
            "outcome": outcome(result),
            "chart": bars(result.waits),
            "assumptions": assumptions(result.behaviour),
        }
    return render(request, "engine/process_draft_try.html", context, status=422 if form.errors else 200)


@login_required
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what publishing does, then do it once."""
    shown = draft_for(request.user, pk)
    if shown.published:
        return _to_version(shown)
    context: dict[str, Any] = {"draft": shown, "here": _("Publish")}
    status = 200
    if request.method == "POST":
        try:
            version = drafts.publish_draft(
                draft_id=pk, person=request.user, version=_number(request, "version"), now=clock.now()
            )
        except EditConflict as conflict:
            context |= {"draft": conflict.context["theirs"], "saved_meanwhile": True}
            status = conflict.status
        except Unsound as refusal:
            status = refusal.status
        except NotNow as refusal:
            context |= {"refusal": refusal, **refusal.context}
            status = refusal.status
        else:
            messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
            return redirect("engine:process_version", key=version.definition.key, number=version.number)
    context |= {
        "look": look(context["draft"].text),
        "number": next_number(context["draft"].key),
        "changes": differences_from(shown.based_on, context["draft"].text),
    }
    return render(request, "engine/process_draft_publish.html", context, status=status)


@login_required
@require_POST
def rest(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on from the draft, knowing what a newer version says."""
    drafts.rest_draft_on(draft_id=pk, version_id=_number(request, "newest"), person=request.user)
    messages.success(request, _("The draft now rests on the newest version. Look once more at what changes."))
    return redirect("engine:process_draft_changes", pk=pk)


@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then throw the draft away."""
    if request.method == "POST":
        drafts.delete_draft(draft_id=pk, person=request.user)
        messages.success(request, _("The draft is deleted."))
        return redirect("engine:processes")
    shown = draft_for(request.user, pk)
    context = {
        "title": _("Delete this draft"),
        "text": shown.title,
        "consequences": [_("The text is gone for good."), _("Published versions stay as they are.")],
        "submit": _("Delete the draft"),
        "cancel_url": reverse("engine:process_draft", args=[pk]),
        "danger": True,
    }
    return render(request, "engine/process_confirm.html", context)


def _save(request: HttpRequest, shown: ProcessDraft, form: DraftForm) -> None:
    """Store what was typed; text that is stored already is no conflict and no new save."""
    text, version = form.cleaned_data["text"], form.cleaned_data["version"]
    if text == shown.text and not shown.published:
        return
    drafts.save_draft(draft_id=shown.pk, person=request.user, text=text, version=version, now=clock.now())


def _conflict(request: HttpRequest, form: DraftForm, conflict: EditConflict) -> HttpResponse:
    theirs = conflict.context["theirs"]
    form.rest_on(theirs.version)
    context = {"draft": theirs, "form": form, "theirs": theirs.text.splitlines()}
    return render(request, "engine/process_draft_conflict.html", context, status=conflict.status)


def _editor(shown: ProcessDraft, form: DraftForm) -> dict[str, Any]:
    return {"draft": shown, "form": form, "look": look(str(form["text"].value() or "").replace("\r\n", "\n"))}


def _to_version(shown: ProcessDraft) -> HttpResponse:
    version = shown.published
    return redirect("engine:process_version", key=version.definition.key, number=version.number)


def _number(request: HttpRequest, name: str) -> int:
    """The number that a form sent; 0, which nothing has, when it is none."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0
