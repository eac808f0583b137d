"""Adding, changing, ordering and removing recommendations."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ekip.shared import clock
from ekip.shared.errors import EditConflict, Invalid, NotFound
from engine.forms.recommendations import RecommendationForm
from engine.views.kept import back_to, keeping
from engine.views.once import one_at_a_time
from recommendations.drafting import services as drafting
from recommendations.drafting.locking import enforce
from recommendations.drafting.selectors import proposal_for
from recommendations.drafting.services import RecommendationDraft
from recommendations.forms.base import PageForm
from recommendations.forms.text import field_html, read_text, same_words
from recommendations.models import Proposal, Recommendation
from recommendations.permissions import may_edit

TEXTS = ("rationale", "guideline")


@login_required
@back_to("proposal")
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new recommendation at the end."""
    proposal = proposal_for(request.user, pk)
    form = RecommendationForm(request.POST or None, proposal=proposal)
    if request.method != "POST":
        enforce(may_edit(request.user, proposal))
    elif form.is_valid() and _stores(form, lambda: _add_once(request, proposal, form)):
        messages.success(request, _("The recommendation is added."))
        return _back(proposal)
    return _page(request, form, proposal, None)


@login_required
@back_to("proposal")
def edit(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Change a recommendation; two people who save the same one both see what the other wrote."""
    proposal = proposal_for(request.user, pk)
    row = _row(proposal, key)
    form = RecommendationForm(request.POST or None, proposal=proposal, initial=_initial(row, proposal.language))
    if request.method != "POST":
        enforce(may_edit(request.user, proposal))
    elif form.is_valid():
        try:
            stored = _stores(form, lambda: _save(request, proposal, row, form))
        except EditConflict as conflict:
            theirs = conflict.context["theirs"]
            if not _says_the_same(form, theirs, proposal.language):
                return _conflict(request, form, proposal, theirs)
            stored = True
        if stored:
            messages.success(request, _("Saved."))
            return _back(proposal)
    return _page(request, form, proposal, row)


@login_required
@back_to("proposal")
def delete(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Ask once, then take the recommendation out."""
    proposal = proposal_for(request.user, pk)
    row = proposal.recommendations.filter(key=key).first()
    if request.method == "POST":
        if row is not None:
            drafting.remove_recommendation(proposal_id=pk, key=key, person=request.user, now=clock.now())
        messages.success(request, _("The recommendation is removed."))
        return _back(proposal)
    if row is None:
        raise NotFound
    enforce(may_edit(request.user, proposal))
    context = {
        "proposal": proposal,
        "title": _("Remove this recommendation"),
        "text": row.statement,
        "consequences": [
            _("Its statement, rationale and guideline are gone."),
            _("Those after it move up."),
        ],
        "submit": _("Remove the recommendation"),
    }
    return render(request, "engine/confirm.html", context)


@login_required
@require_POST
@back_to("proposal")
def move(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Put the recommendation one place up or down, or where `position` says."""
    proposal = proposal_for(request.user, pk)
    position = request.POST.get("position", "")
    drafting.move_recommendation(
        proposal_id=pk,
        key=key,
        person=request.user,
        position=int(position) if position.isdecimal() and len(position) < 4 else 1,
        now=clock.now(),
    )
    return _back(proposal)


def _stores(form: RecommendationForm, store: Any) -> bool:
    try:
        with keeping(form):
            store()
    except Invalid as refusal:
        form.add_refusal(refusal)
        return False
    return not form.errors


def _draft(form: RecommendationForm, language: str, row: Recommendation | None) -> RecommendationDraft | None:
    """What was entered, with its texts read into blocks; None when a text has a fault, which the form then shows."""
    data, texts = form.cleaned_data, {}
    # Points are tied to passages by id alone: equal words in two recommendations must not share one.
    owner = row.key if row else data["statement"]
    for name in TEXTS:
        try:
            previous = getattr(row, name) if row else []
            texts[name] = read_text(data[name], language=language, previous=previous, salt=f"{owner}:{name}")
        except ValidationError as error:
            form.add_error(name, error)
    if form.errors:
        return None
    return RecommendationDraft(
        statement=data["statement"],
        rationale=texts["rationale"],
        guideline=texts["guideline"],
        levels=tuple(data["levels"]),
        target_actors=tuple(term.key for term in data["target_actors"]),
        building_blocks=tuple(term.key for term in data["building_blocks"]),
        evidence=tuple(item.key for item in data.get("evidence", ())),
    )


def _add_once(request: HttpRequest, proposal: Proposal, form: RecommendationForm) -> None:
    if not (draft := _draft(form, proposal.language, None)):
        return
    with one_at_a_time(request.user):
        last = proposal.recommendations.order_by("-position", "-pk").first()
        if last and last.statement == " ".join(draft.statement.split()):
            return
        drafting.add_recommendation(proposal_id=proposal.pk, person=request.user, draft=draft, now=clock.now())


def _save(request: HttpRequest, proposal: Proposal, row: Recommendation, form: RecommendationForm) -> None:
    if draft := _draft(form, proposal.language, row):
        drafting.save_recommendation(
            proposal_id=proposal.pk,
            key=row.key,
            person=request.user,
            draft=draft,
            version=form.cleaned_data["version"] or 0,
            now=clock.now(),
        )


def _row(proposal: Proposal, key: str) -> Recommendation:
    rows = proposal.recommendations.prefetch_related("target_actors", "building_blocks", "evidence")
    row = rows.filter(key=key).first()
    if row is None:
        raise NotFound
    return row


def _initial(row: Recommendation, language: str) -> dict[str, Any]:
    return {
        "statement": row.statement,
        "levels": row.levels,
        "target_actors": [term.pk for term in row.target_actors.all()],
        "building_blocks": [term.pk for term in row.building_blocks.all()],
        "evidence": [item.pk for item in row.evidence.all()],
        "rationale": field_html(row.rationale, language=language),
        "guideline": field_html(row.guideline, language=language),
        "version": row.version,
    }


def _says_the_same(form: RecommendationForm, theirs: Recommendation, language: str) -> bool:
    data = form.cleaned_data
    return (
        " ".join(data["statement"].split()) == theirs.statement
        and set(data["levels"]) == set(theirs.levels)
        and set(data["target_actors"]) == set(theirs.target_actors.all())
        and set(data["building_blocks"]) == set(theirs.building_blocks.all())
        and set(data.get("evidence", ())) == set(theirs.evidence.all())
        and all(same_words(data[name], getattr(theirs, name), language=language) for name in TEXTS)
    )


def _conflict(
    request: HttpRequest, form: RecommendationForm, proposal: Proposal, theirs: Recommendation
) -> HttpResponse:
    form.rest_on(theirs.version)
    context = {
        "form": form,
        "proposal": proposal,
        "title": _("Recommendation %(number)s") % {"number": theirs.position},
        "theirs_fields": _fields(form, theirs),
        "mine_fields": list(form.kept().items()),
        "at": proposal.changed_at,
    }
    return render(request, "engine/edit_conflict.html", context, status=409)


def _fields(form: PageForm, theirs: Recommendation) -> list[tuple[str, str]]:
    """What is stored, under the same labels as the form."""
    stored = RecommendationForm(
        {name: value for name, value in _initial(theirs, theirs.proposal.language).items() if name in form.fields},
        proposal=theirs.proposal,
    )
    return list(stored.kept().items())


def _back(proposal: Proposal) -> HttpResponse:
    return redirect(reverse("engine:proposal", args=[proposal.pk]) + "#recommendations")


def _page(
    request: HttpRequest, form: RecommendationForm, proposal: Proposal, row: Recommendation | None
) -> HttpResponse:
    context = {"form": form, "proposal": proposal, "recommendation": row}
    return render(request, "engine/recommendation.html", context, status=422 if form.errors else 200)
