"""Public pages of the register, and the few steps by which coordinators keep it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ekip.shared import clock
from ekip.shared.errors import EditConflict, Invalid, NotFound
from recommendations.areas import briefings, selectors, services
from recommendations.areas.forms import AreaForm, BriefingForm, DeclineForm, SourceForm
from recommendations.forms.text import field_html, read_text
from recommendations.markup import html
from recommendations.models import Briefing, PolicyArea
from recommendations.permissions import may_keep_area
from recommendations.text import from_data, word_count

FOLDED_FROM = 250


@require_safe
def area_list(request: HttpRequest) -> HttpResponse:
    """The areas by cluster; `?state=selected` and its like narrow the list."""
    wanted = request.GET.get("state", "")
    only = wanted if wanted in selectors.STATES else None
    register = selectors.register(only)
    tabs = [
        {"label": _("All"), "url": reverse("areas:list"), "current": only is None, "count": register.total},
        *(
            {"label": label, "url": f"?state={name}", "current": name == only, "count": register.counts[name]}
            for name, label in selectors.STATES.items()
        ),
    ]
    keeps = bool(may_keep_area(request.user))
    context = {"register": register, "tabs": tabs, "only": only, "keeps": keeps}
    return render(request, "recommendations/areas/list.html", context)


@require_safe
def area_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One area: its state, its sources, what was published in it."""
    page = selectors.area_page(slug)
    keeps = bool(may_keep_area(request.user, page.entry.area))
    context = {
        "page": page,
        "area": page.entry.area,
        "entry": page.entry,
        "crumbs": [(_("Policy areas"), reverse("areas:list")), (page.entry.area.title, "")],
        "keeps": keeps,
    }
    if page.briefing and (keeps or page.briefing.published_at):
        context |= _shown(page.briefing)
    return render(request, "recommendations/areas/detail.html", context)


@login_required
def identify(request: HttpRequest) -> HttpResponse:
    """The form for one more area."""
    may_keep_area(request.user).enforce()
    form = AreaForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            area = services.identify_area(person=request.user, draft=form.draft())
        except Invalid as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The area is in the register. Add the sources that support it."))
            return redirect("areas:detail", area.slug)
    title = _("Enter a policy area")
    context = {
        "form": form,
        "title": title,
        "cancel_url": reverse("areas:list"),
        "crumbs": [(_("Policy areas"), reverse("areas:list")), (title, "")],
    }
    return render(request, "recommendations/areas/identify.html", context, status=422 if form.errors else 200)


@login_required
def add_source(request: HttpRequest, slug: str) -> HttpResponse:
    """The form for one more source."""
    area = _kept_area(request, slug)
    form = SourceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_source(area_id=area.pk, person=request.user, draft=form.draft())
        except Invalid as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The source is added."))
            return redirect("areas:detail", slug)
    context = _context(area, _("Add a source")) | {"form": form}
    return render(request, "recommendations/areas/add_source.html", context, status=422 if form.errors else 200)


@login_required
def remove_source(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask once, then take the source out."""
    area = _kept_area(request, slug)
    source = area.sources.filter(pk=pk).first()
    if request.method == "POST":
        if source is not None:  # else the form was sent twice
            services.remove_source(area_id=area.pk, source_id=pk, person=request.user)
        messages.success(request, _("The source is removed."))
        return redirect("areas:detail", slug)
    if source is None:
        raise NotFound
    consequences = [_("It no longer counts for this area."), _("Proposals that were started stay.")]
    return _ask(request, area, _("Remove this source"), source.title, consequences, _("Remove the source"))


@login_required
def write_briefing(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the research briefing; two people who save it both see what the other wrote."""
    area = _kept_area(request, slug)
    stored = briefings.briefing_of(area)
    form = _briefing_form(request, stored)
    if request.method == "POST" and form.is_valid():
        try:
            _save_briefing(request, stored, form)
        except Invalid as refusal:
            form.add_refusal(refusal)
        except ValidationError as error:
            form.add_error("body", error)
        except EditConflict as conflict:
            if not form.says(conflict.context["theirs"]):
                return _briefing_conflict(request, form, conflict.context["theirs"])
            return _briefing_saved(request, stored)
        else:
            return _briefing_saved(request, stored)
    context = _context(area, _("Research briefing")) | {"form": form, "briefing": stored}
    return render(request, "recommendations/areas/briefing.html", context, status=422 if form.errors else 200)


@login_required
def publish_briefing(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once, then show the briefing to everybody."""
    area = _kept_area(request, slug)
    if request.method == "POST":
        briefings.publish_briefing(area_id=area.pk, person=request.user, now=clock.now())
        messages.success(request, _("The briefing is published. Proposals that waited for it open by themselves."))
        return redirect("areas:detail", slug)
    consequences = [
        _("Everybody can read the briefing and its guiding questions."),
        _("Proposals that wait for it open for drafting, and their authors are told."),
        _("You can still change it; its page then says when it was changed."),
    ]
    return _ask(request, area, _("Publish this briefing"), area.title, consequences, _("Publish the briefing"))


@login_required
def select(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once, then select the area."""
    area = _kept_area(request, slug)
    if request.method == "POST":
        services.select_area(area_id=area.pk, person=request.user, now=clock.now())
        messages.success(request, _("The area is selected. Partners can start proposals in it."))
        return redirect("areas:detail", slug)
    consequences = [
        _("The area is shown as selected."),
        _("Partners can start proposals in it, as long as enough sources support it."),
    ]
    return _ask(request, area, _("Select this area"), area.title, consequences, _("Select the area"))


@login_required
def decline(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the reason, then decline the area."""
    area = _kept_area(request, slug)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.decline_area(area_id=area.pk, person=request.user, reason=reason, now=clock.now())
        except Invalid as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The area is declined."))
            return redirect("areas:detail", slug)
    consequences = [
        _("The area is shown as declined, with your reason."),
        _("Nobody can start a proposal in it. You can reopen it later."),
    ]
    return _ask(request, area, _("Decline this area"), area.title, consequences, _("Decline the area"), form)


@login_required
def reopen(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once, then take a declined area up again."""
    area = _kept_area(request, slug)
    if request.method == "POST":
        services.reopen_area(area_id=area.pk, person=request.user)
        messages.success(request, _("The area is open again, as an identified one."))
        return redirect("areas:detail", slug)
    consequences = [_("The reason for which it was declined is taken away."), _("It can be selected again.")]
    return _ask(request, area, _("Reopen this area"), area.title, consequences, _("Reopen the area"))


def _shown(briefing: Briefing) -> dict[str, object]:
    text = from_data(briefing.blocks)
    return {
        "briefing": briefing,
        "briefing_html": html(text, "briefing", get_language(), heading_offset=2),
        "is_folded": word_count(text) >= FOLDED_FROM,
        "is_complete": briefings.is_complete(briefing),
    }


def _briefing_form(request: HttpRequest, stored: Briefing) -> BriefingForm:
    initial = {
        "body": field_html(stored.blocks, language=stored.language),
        "questions": "\n".join(stored.questions),
        "version": stored.version,
    }
    form = BriefingForm(request.POST if request.method == "POST" else None, initial=initial)
    for field in ("body", "questions"):
        form.fields[field].widget.attrs["lang"] = stored.language
    return form


def _save_briefing(request: HttpRequest, stored: Briefing, form: BriefingForm) -> None:
    blocks = read_text(form.cleaned_data["body"], language=stored.language, previous=stored.blocks, salt="briefing")
    briefings.save_briefing(
        area_id=stored.area_id,
        person=request.user,
        draft=briefings.BriefingDraft(blocks, form.question_lines()),
        version=form.cleaned_data["version"],
        now=clock.now(),
    )


def _briefing_saved(request: HttpRequest, briefing: Briefing) -> HttpResponse:
    said = _("Saved. Everybody reads it as it is now.") if briefing.published_at else _("The draft is saved.")
    messages.success(request, said)
    return redirect("areas:detail", briefing.area.slug)


def _briefing_conflict(request: HttpRequest, form: BriefingForm, theirs: Briefing) -> HttpResponse:
    """Both texts side by side; the form now rests on theirs, so that saving it replaces theirs knowingly."""
    mine = read_text(form.cleaned_data["body"], language=theirs.language)
    form.rest_on(theirs.version)
    context = _context(theirs.area, _("Research briefing")) | {
        "form": form,
        "theirs": html(from_data(theirs.blocks), "theirs", get_language()),
        "theirs_fields": [(_("Guiding questions"), "\n".join(theirs.questions))],
        "mine": html(from_data(mine), "mine", get_language()),
        "mine_fields": [(_("Guiding questions"), "\n".join(form.question_lines()))],
        "who": theirs.written_by,
        "at": theirs.written_at,
    }
    return render(request, "recommendations/areas/briefing_conflict.html", context, status=409)


def _kept_area(request: HttpRequest, slug: str) -> PolicyArea:
    area = selectors.find_area(slug)
    may_keep_area(request.user, area).enforce()
    return area


def _context(area: PolicyArea, title: str) -> dict[str, object]:
    address = reverse("areas:detail", args=[area.slug])
    crumbs = [(_("Policy areas"), reverse("areas:list")), (area.title, address), (title, "")]
    return {"area": area, "title": title, "cancel_url": address, "crumbs": crumbs}


def _ask(
    request: HttpRequest,
    area: PolicyArea,
    title: str,
    text: str,
    consequences: list[str],
    submit: str,
    form: DeclineForm | None = None,
) -> HttpResponse:
    context = _context(area, title) | {"text": text, "consequences": consequences, "submit": submit, "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "recommendations/areas/confirm.html", context, status=status)
