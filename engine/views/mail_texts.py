"""The words of the mail that a process sends: all kinds, and one of them changed with a preview beside it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ekip.shared import clock
from ekip.shared.errors import EditConflict, Invalid
from engine.forms.mail_texts import MailTextForm, RestingForm
from engine.models import MailText, ProcessDefinition
from engine.permissions import may_design
from engine.selectors.mail_texts import mail_text, placeholder_lines, preview, process_of, text_lines
from engine.services.mail_texts import save_mail_text, use_our_words
from engine.wording import BY_KEY, Wording
from partners.languages import CHOICES


@require_safe
@login_required
def mail_texts(request: HttpRequest, key: str) -> HttpResponse:
    """Every kind of mail of a process, and where its words were changed."""
    may_design(request.user).enforce()
    definition = process_of(key)
    context = {"definition": definition, "lines": text_lines(definition), "language": request.user.language}
    return render(request, "engine/mail_texts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, key: str, kind: str, language: str) -> HttpResponse:
    """Change the words of one kind of mail in one language, with a preview of what is typed."""
    may_design(request.user).enforce()
    definition = process_of(key)
    stored = mail_text(definition, kind, language)
    wording = BY_KEY[kind]
    form = MailTextForm(request.POST or None, kind=kind, initial=_initial(stored, wording))
    action = request.POST.get("action", "save")
    if request.method == "POST" and form.is_valid() and action == "save":
        try:
            _save(request, key, kind, language, form)
        except Invalid as refusal:
            form.add_refusal(refusal)
        except EditConflict as conflict:
            return _conflict(request, definition, wording, language, form, conflict)
        else:
            messages.success(request, _("Saved. From now on this is what the process sends."))
            return redirect("engine:mail_text", key=key, kind=kind, language=language)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "engine/mail_text.html", _page(definition, wording, language, stored, form), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reset(request: HttpRequest, key: str, kind: str, language: str) -> HttpResponse:
    """Ask, then send our own words again."""
    may_design(request.user).enforce()
    definition = process_of(key)
    stored = mail_text(definition, kind, language)
    back = reverse("engine:mail_text", args=[key, kind, language])
    form = RestingForm(request.POST or None, initial={"version": stored.version if stored else 0})
    if request.method == "POST" and form.is_valid():
        use_our_words(
            definition_key=key, kind=kind, language=language, version=form.cleaned_data["version"], person=request.user
        )
        messages.success(request, _("Our own words are sent again."))
        return redirect(back)
    if stored is None:
        return redirect(back)
    context = {
        "form": form,
        "title": _("Send our own words again"),
        "text": BY_KEY[kind].label,
        "consequences": [
            _("“%(subject)s” and its text in %(language)s are gone for good.")
            % {"subject": stored.subject, "language": dict(CHOICES)[language]},
            _("Mail that is waiting goes out as it was written. What is told from now on has our words."),
        ],
        "submit": _("Send our own words"),
        "cancel_url": back,
        "danger": True,
    }
    return render(request, "engine/process_confirm.html", context)


def _initial(stored: MailText | None, wording: Wording) -> dict[str, Any]:
    if stored:
        return {"subject": stored.subject, "body": stored.body, "version": stored.version}
    return {"subject": str(wording.subject), "body": str(wording.body), "version": 0}


def _save(request: HttpRequest, key: str, kind: str, language: str, form: MailTextForm) -> None:
    save_mail_text(
        definition_key=key,
        kind=kind,
        language=language,
        subject=form.cleaned_data["subject"],
        body=form.cleaned_data["body"],
        version=form.cleaned_data["version"],
        person=request.user,
        now=clock.now(),
    )


def _page(
    definition: ProcessDefinition, wording: Wording, language: str, stored: MailText | None, form: MailTextForm
) -> dict[str, Any]:
    words = form.cleaned_data if form.is_bound and form.is_valid() else None
    if words is None and not form.is_bound:
        words = form.initial
    shown = preview(wording, subject=words["subject"], body=words["body"]) if words else None
    return {
        "definition": definition,
        "wording": wording,
        "language": language,
        "language_name": dict(CHOICES)[language],
        "languages": CHOICES,
        "stored": stored,
        "form": form,
        "placeholders": placeholder_lines(wording),
        "preview": shown,
    }


def _conflict(
    request: HttpRequest,
    definition: ProcessDefinition,
    wording: Wording,
    language: str,
    form: MailTextForm,
    conflict: EditConflict,
) -> HttpResponse:
    theirs = conflict.context["theirs"]
    words = _initial(theirs, wording)
    form.rest_on(words["version"])
    context = {
        "definition": definition,
        "wording": wording,
        "title": wording.label,
        "who": theirs.saved_by if theirs else None,
        "at": theirs.saved_at if theirs else clock.now(),
        "theirs_fields": _fields(words),
        "mine_fields": _fields(form.cleaned_data),
        "form": form,
        "keep_url": reverse("engine:mail_text", args=[definition.key, wording.key, language]),
    }
    return render(request, "engine/mail_text_conflict.html", context, status=409)


def _fields(words: dict[str, Any]) -> list[tuple[str, str]]:
    return [(_("Subject"), words["subject"]), (_("Text"), words["body"])]
