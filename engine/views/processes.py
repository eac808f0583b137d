"""Processes and their versions, for everyone; copying and withdrawing them, for those who design."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ekip.shared import clock
from ekip.shared.errors import Invalid
from engine.definitions.schema import schema as schema_of_definitions
from engine.forms.processes import CopyForm, WithdrawVersionForm
from engine.models import ProcessDraft
from engine.permissions import may_design
from engine.selectors.capabilities import matrix
from engine.selectors.differences import told_differences
from engine.selectors.outline import lacking, outline, promises
from engine.selectors.process import drawn
from engine.selectors.versions import all_versions, live_runs, open_drafts, version_before, version_line, version_of
from engine.services import drafts, versions
from engine.views.once import one_at_a_time

PER_PAGE = 20
SAME = timedelta(minutes=10)


@require_safe
def processes(request: HttpRequest) -> HttpResponse:
    """Every process with its versions; drafts for those who may change them."""
    designs = bool(may_design(request.user))
    lines = [(line, lacking(line.version.process)) for line in all_versions()]
    context = {"lines": lines, "designs": designs, "drafts": open_drafts() if designs else []}
    return render(request, "engine/processes.html", context)


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of definitions."""
    return JsonResponse(schema_of_definitions(), content_type="application/schema+json")


@require_safe
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version: drawn, told in words, as a table and as it is written."""
    line = version_line(version_of(key, number))
    before = version_before(line.version)
    definition = line.version.process
    picture, boxes = drawn(definition, {})
    designs = bool(may_design(request.user))
    context = {
        "line": line,
        "version": line.version,
        "picture": picture,
        "boxes": boxes,
        "stages": outline(definition),
        "matrix": matrix(definition),
        "bound": list(promises(definition)),
        "lacks": lacking(definition),
        "before": before,
        "differences": told_differences(before.content, line.version.content) if before else [],
        "lines": line.version.text.splitlines(),
        "designs": designs,
        "page": Paginator(live_runs(line.version), PER_PAGE).get_page(request.GET.get("page")) if designs else None,
    }
    return render(request, "engine/process_version.html", context)


@require_safe
def export(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version as a file; reading it gives the identical hash."""
    name = f"{key}-{number}.yaml"
    return HttpResponse(
        version_of(key, number).text,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
def copy(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Begin a draft from a version."""
    may_design(request.user).enforce()
    shown = version_of(key, number)
    form = CopyForm(request.POST or None, title=shown.definition.title, key=key)
    if request.method == "POST" and form.is_valid():
        try:
            draft = _copied_once(request, form, shown.pk, key)
        except Invalid as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("This is your draft. Nothing changes for anybody until it is published."))
            return redirect("engine:process_draft", pk=draft.pk)
    context = {"form": form, "version": shown}
    return render(request, "engine/process_copy.html", context, status=422 if form.is_bound else 200)


@login_required
def withdraw(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Ask for a reason, then offer the version no more."""
    may_design(request.user).enforce()
    shown = version_of(key, number)
    form = WithdrawVersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            versions.withdraw_version(
                version_id=shown.pk, person=request.user, reason=form.cleaned_data["reason"], now=clock.now()
            )
        except Invalid as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The version is withdrawn. Proposals that are on it go on."))
            return redirect("engine:process_version", key=key, number=number)
    live = live_runs(shown).count()
    context = {
        "form": form,
        "version": shown,
        "title": _("Withdraw version %(number)s of “%(title)s”")
        % {"number": shown.number, "title": shown.definition.title},
        "consequences": [
            _("No new proposal starts on this version. If there is an older one that can be run, it is offered again."),
            _("Proposals on this version go on as before: %(n)d at present.") % {"n": live},
            _("Your name and the reason stand on its page. A withdrawal cannot be taken back."),
        ],
        "submit": _("Withdraw the version"),
        "cancel_url": reverse("engine:process_version", args=[key, number]),
        "danger": True,
    }
    return render(request, "engine/process_confirm.html", context, status=422 if form.is_bound else 200)


def _copied_once(request: HttpRequest, form: CopyForm, version_id: int, key: str) -> ProcessDraft:
    now, data = clock.now(), form.cleaned_data
    is_new = data["goal"] == CopyForm.OTHER
    with one_at_a_time(request.user):
        wanted = data["key"] if is_new else key
        same = ProcessDraft.objects.filter(
            created_by=request.user, key=wanted, version=1, published=None, created_at__gt=now - SAME
        ).first()
        return same or drafts.copy_version(
            version_id=version_id,
            person=request.user,
            key=wanted,
            title=data["title"] if is_new else "",
            now=now,
        )
