"""Adding a stage to a draft by a form, for whoever does not write YAML."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ekip.shared import clock
from ekip.shared.errors import EditConflict, Invalid
from engine.definitions import read_definition
from engine.definitions.rewriting import with_stage
from engine.forms.processes import StageForm
from engine.models import ProcessDraft
from engine.process.insertion import Addition, free_key, inserted, places
from engine.process.values import Definition
from engine.selectors.drafts import Look, look, questions_of, told_kinds, told_places
from engine.selectors.versions import draft_for
from engine.services import drafts


@login_required
def add_stage(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a stage between two others; the rest of the text stays as it is."""
    shown = draft_for(request.user, pk)
    if shown.published:
        return redirect("engine:process_draft", pk=pk)
    if request.method == "POST" and request.POST.get("version") != str(shown.version):
        return _moved_on(request, shown)
    seen = look(shown.text)
    context: dict[str, Any] = {"draft": shown, "look": seen, "here": _("Add a stage")}
    if seen.definition is None:
        return render(request, "engine/process_draft_stage.html", context)
    form = _form(request, shown, seen.definition)
    if request.method == "POST" and form.is_valid():
        try:
            return _added(request, shown, seen.definition, form)
        except Invalid as refusal:
            form.add_refusal(refusal)
        except EditConflict as conflict:
            return _moved_on(request, conflict.context["theirs"])
    context["form"] = form
    return render(request, "engine/process_draft_stage.html", context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, shown: ProcessDraft, definition: Definition) -> StageForm:
    return StageForm(
        request.POST or None,
        initial={"version": shown.version, "questions": questions_of(definition)},
        kinds=told_kinds(),
        places=told_places(definition),
    )


def _added(request: HttpRequest, shown: ProcessDraft, definition: Definition, form: StageForm) -> HttpResponse:
    data = form.cleaned_data
    place = next(each for each in places(definition) if each.key == data["place"])
    addition = Addition(
        key=free_key(data["label"], definition),
        label=data["label"],
        kind=data["kind"],
        days=data["days"],
        longest=data["longest"],
        quorum=data["quorum"],
        questions=data["questions"] if data["kind"] == "review" else (),
    )
    wanted = inserted(read_definition(shown.text)[0], addition, place, definition)
    text = with_stage(shown.text, wanted, after=place.after.key, ways=place.ways)
    drafts.save_draft(draft_id=shown.pk, person=request.user, text=text, version=data["version"], now=clock.now())
    words = {"label": data["label"], "after": place.after.label}
    messages.success(request, _("“%(label)s” stands after “%(after)s” now. Look at the drawing.") % words)
    return redirect(reverse("engine:process_draft", args=[shown.pk]) + f"?stage={addition.key}")


def _moved_on(request: HttpRequest, theirs: ProcessDraft) -> HttpResponse:
    """The text was saved meanwhile: by the same form, sent twice, or by somebody else, where the form is shown anew."""
    seen: Look = look(theirs.text)
    labels = {stage.label for stage in seen.definition.stages} if seen.definition else set()
    if theirs.saved_by_id == request.user.pk and request.POST.get("label") in labels:
        return redirect("engine:process_draft", pk=theirs.pk)
    context: dict[str, Any] = {"draft": theirs, "look": seen, "here": _("Add a stage"), "saved_meanwhile": True}
    if seen.definition:
        data = request.POST.copy()
        data["version"] = str(theirs.version)
        context["form"] = StageForm(data, kinds=told_kinds(), places=told_places(seen.definition))
    return render(request, "engine/process_draft_stage.html", context, status=409)
