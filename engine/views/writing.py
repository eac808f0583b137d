"""Writing the text: title and summary, and the sections."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ekip.shared import clock
from ekip.shared.errors import EditConflict, Invalid, NotFound
from engine.forms.proposals import DetailsForm, SectionForm
from engine.selectors.runs import run_view
from engine.views.kept import back_to, keeping
from recommendations.areas.selectors import published_briefing
from recommendations.drafting import services as drafting
from recommendations.drafting.locking import enforce
from recommendations.drafting.selectors import proposal_for
from recommendations.forms.text import field_html, read_text, same_words
from recommendations.markup import html
from recommendations.models import Proposal, Section
from recommendations.permissions import may_edit
from recommendations.text import from_data


@login_required
@back_to("proposal")
def details(request: HttpRequest, pk: int) -> HttpResponse:
    """Title and summary."""
    proposal = proposal_for(request.user, pk)
    initial = {"title": proposal.title, "summary": proposal.summary, "version": proposal.version}
    form = DetailsForm(request.POST or None, initial=initial)
    if request.method != "POST":
        enforce(may_edit(request.user, proposal))
    elif form.is_valid():
        try:
            with keeping(form):
                drafting.save_details(
                    proposal_id=pk,
                    person=request.user,
                    title=form.cleaned_data["title"],
                    summary=form.cleaned_data["summary"],
                    version=form.cleaned_data["version"],
                    now=clock.now(),
                )
        except Invalid as refusal:
            form.add_refusal(refusal)
        except EditConflict as conflict:
            if not _same_details(form, conflict.context["theirs"]):
                return _details_conflict(request, form, conflict.context["theirs"])
            return _saved(request, proposal)
        else:
            return _saved(request, proposal)
    context = {"form": form, "proposal": proposal, "bar": run_view(proposal).bar}
    return render(request, "engine/details.html", context, status=422 if form.errors else 200)


@login_required
@back_to("proposal")
def section(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The text of one section."""
    proposal = proposal_for(request.user, pk)
    row = proposal.sections.select_related("kind", "saved_by").filter(kind__key=key).first()
    if row is None:
        raise NotFound
    form = _section_form(request, proposal, row)
    if request.method != "POST":
        enforce(may_edit(request.user, proposal))
    elif form.is_valid():
        try:
            with keeping(form):
                _save_section(request, proposal, row, form)
        except Invalid as refusal:
            form.add_refusal(refusal)
        except ValidationError as error:
            form.add_error("body", error)
        except EditConflict as conflict:
            theirs = conflict.context["theirs"]
            if not same_words(form.cleaned_data["body"], theirs.blocks, language=proposal.language):
                return _section_conflict(request, proposal, theirs, form)
            return _saved(request, proposal)
        else:
            return _saved(request, proposal)
    context = {
        "form": form,
        "proposal": proposal,
        "section": row,
        "bar": run_view(proposal).bar,
        "briefing": published_briefing(proposal.area),
    }
    return render(request, "engine/section.html", context, status=422 if form.errors else 200)


def _section_form(request: HttpRequest, proposal: Proposal, row: Section) -> SectionForm:
    return SectionForm(
        request.POST or None,
        initial={"body": field_html(row.blocks, language=proposal.language), "version": row.version},
        title=row.kind.label,
        guidance=row.kind.description,
        language=proposal.language,
    )


def _save_section(request: HttpRequest, proposal: Proposal, row: Section, form: SectionForm) -> None:
    blocks = read_text(form.cleaned_data["body"], language=proposal.language, previous=row.blocks, salt=row.kind.key)
    drafting.save_section(
        proposal_id=proposal.pk,
        key=row.kind.key,
        person=request.user,
        blocks=blocks,
        version=form.cleaned_data["version"],
        now=clock.now(),
    )


def _saved(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("engine:proposal", pk=proposal.pk)


def _section_conflict(request: HttpRequest, proposal: Proposal, theirs: Section, form: SectionForm) -> HttpResponse:
    """Both texts side by side; the form now rests on theirs, so that saving it replaces theirs knowingly."""
    mine = form.cleaned_data["body"]
    form.rest_on(theirs.version)
    context = {
        "form": form,
        "proposal": proposal,
        "title": theirs.kind.label,
        "theirs": html(from_data(theirs.blocks), "theirs", get_language()),
        "mine": html(from_data(read_text(mine, language=proposal.language)), "mine", get_language()),
        "who": theirs.saved_by,
        "at": theirs.saved_at,
    }
    return render(request, "engine/edit_conflict.html", context, status=409)


def _same_details(form: DetailsForm, theirs: Proposal) -> bool:
    data = form.cleaned_data
    return (data["title"], data["summary"].replace("\r\n", "\n")) == (theirs.title, theirs.summary)


def _details_conflict(request: HttpRequest, form: DetailsForm, theirs: Proposal) -> HttpResponse:
    form.rest_on(theirs.version)
    context = {
        "form": form,
        "proposal": theirs,
        "title": _("Title and summary"),
        "theirs_fields": [(_("Title"), theirs.title), (_("Summary"), theirs.summary)],
        "mine_fields": [(_("Title"), form.cleaned_data["title"]), (_("Summary"), form.cleaned_data["summary"])],
        "who": None,
        "at": theirs.changed_at,
    }
    return render(request, "engine/edit_conflict.html", context, status=409)
