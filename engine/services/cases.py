"""Recording a city test: the case is a review of its own kind, handed in with feedback points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid
from engine.models import Assignment, CityCase, Finding, Participation, Review
from engine.services import reviews
from engine.services.events import NewEvent, append_events
from engine.services.reviews import LONGEST_TEXT, PointDraft, ReviewDraft
from engine.services.rounds import lock_assignment
from partners.models import Ecosystem, Organisation, User

MOST_PEOPLE = 1000


@dataclass(frozen=True)
class CaseDraft:
    """A city case as typed: participants by kind of actor, what each recommendation (by key) met, and the rest."""

    ecosystem_id: int | None = None
    set_up: str = ""
    participants: Mapping[str, int | None] = field(default_factory=dict)
    findings: Mapping[str, str] = field(default_factory=dict)
    gaps: str = ""
    resources: str = ""
    points: tuple[PointDraft, ...] = ()


@transaction.atomic
def save(*, assignment_id: int, person: User, draft: CaseDraft, now: datetime) -> CityCase:
    """Keep a case as it is typed.

    Raises:
        NotFound: not this person's assignment.
        NotNow: the round has closed or the case was handed in; `context["kept"]` holds what was typed.
        Invalid: a text is longer than we take, or a number is impossible.
    """
    assignment, _run = lock_assignment(assignment_id)
    reviews.refuse_closed(assignment, person, kept_words(draft), now)
    _refuse_impossible(assignment, draft)
    return _store(assignment, draft, submitted_at=None, now=now)


@transaction.atomic
def submit(*, assignment_id: int, person: User, draft: CaseDraft, now: datetime) -> CityCase:
    """Hand in a case; handing in the same one twice is harmless.

    Raises:
        NotFound: not this person's assignment.
        NotNow: the round has closed; `context["kept"]` holds what was typed.
        Invalid: no place, no set-up, nobody who took part, or nothing said of any recommendation.
    """
    assignment, run = lock_assignment(assignment_id)
    review = getattr(assignment, "review", None)
    if assignment.reviewer_id == person.pk and review and review.submitted_at:
        return review.case
    reviews.refuse_closed(assignment, person, kept_words(draft), now)
    _refuse_impossible(assignment, draft)
    _refuse_incomplete(draft)
    case = _store(assignment, draft, submitted_at=now, now=now)
    data = {"review": case.review_id, "ecosystem": case.ecosystem_id, "points": len(draft.points)}
    words = {f"finding-{key}": text for key, text in draft.findings.items()}
    words |= {f"point-{number}": point.text for number, point in enumerate(draft.points, start=1)}
    words |= {"set-up": draft.set_up, "gaps": draft.gaps, "resources": draft.resources}
    append_events([NewEvent(run.pk, "case-submitted", person.pk, data, words)], now=now)
    return case


def kept_words(draft: CaseDraft) -> dict[str, str]:
    """Everything that was typed, by label, for a page that has to refuse it."""
    kept = {str(_("Set-up")): draft.set_up, str(_("Gaps")): draft.gaps, str(_("Resources needed")): draft.resources}
    kept |= {str(_("What “%(key)s” met") % {"key": key}): text for key, text in draft.findings.items()}
    return {label: text for label, text in kept.items() if text} | reviews.kept_points(draft.points)


def _refuse_impossible(assignment: Assignment, draft: CaseDraft) -> None:
    known = {each["key"] for each in assignment.round.revision.content["recommendations"]}
    errors: dict[str, list[str]] = {}
    texts = {"set_up": draft.set_up, "gaps": draft.gaps, "resources": draft.resources}
    texts |= {f"finding-{key}": text for key, text in draft.findings.items()}
    for name, text in texts.items():
        if len(text) > LONGEST_TEXT:
            errors[name] = [_("This is longer than %(n)d characters.") % {"n": LONGEST_TEXT}]
    if draft.ecosystem_id is not None and not Ecosystem.objects.filter(pk=draft.ecosystem_id).exists():
        errors["ecosystem"] = [_("Choose a city or a district.")]
    for kind, people in draft.participants.items():
        if kind not in Organisation.Kind.values or (people is not None and not 0 <= people <= MOST_PEOPLE):
            errors[f"participants-{kind}"] = [_("Enter a number from 0 to %(n)d.") % {"n": MOST_PEOPLE}]
    for key in draft.findings.keys() - known:
        errors[f"finding-{key}"] = [_("The text has no such recommendation.")]
    if point_faults := reviews.faults_of_points(draft.points, complete=False):
        errors |= point_faults
    if errors:
        raise Invalid(errors=errors)


def _refuse_incomplete(draft: CaseDraft) -> None:
    errors = reviews.faults_of_points(draft.points, complete=True)
    if draft.ecosystem_id is None:
        errors["ecosystem"] = [_("Choose a city or a district.")]
    if not draft.set_up.strip():
        errors["set_up"] = [_("Say how the test was set up.")]
    if not any(draft.participants.values()):
        errors["participants"] = [_("Say how many people of at least one kind of actor took part.")]
    if not any(text.strip() for text in draft.findings.values()):
        errors["findings"] = [_("Say of at least one recommendation what it met locally.")]
    if errors:
        raise Invalid(errors=errors)


def _store(assignment: Assignment, draft: CaseDraft, *, submitted_at: datetime | None, now: datetime) -> CityCase:
    review: Review = reviews.store(assignment, ReviewDraft(points=draft.points), submitted_at=submitted_at, now=now)
    case, _made = CityCase.objects.update_or_create(
        review=review,
        defaults={
            "ecosystem_id": draft.ecosystem_id,
            "set_up": draft.set_up.strip(),
            "gaps": draft.gaps.strip(),
            "resources": draft.resources.strip(),
        },
    )
    case.participation.all().delete()
    Participation.objects.bulk_create(
        Participation(case=case, kind=kind, people=people)
        for kind in Organisation.Kind.values
        if (people := draft.participants.get(kind))
    )
    case.findings.all().delete()
    Finding.objects.bulk_create(
        Finding(case=case, recommendation=key, text=text.strip())
        for key, text in draft.findings.items()
        if text.strip()
    )
    return case
