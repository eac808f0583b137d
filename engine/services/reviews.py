"""Writing and submitting a review. A draft is kept as typed; what is submitted is checked and final."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid, NotNow
from engine.models import Answer, Assignment, Point, Review, Run
from engine.permissions import may_review
from engine.services.events import NewEvent, append_events
from engine.services.rounds import lock_assignment
from partners.models import User
from recommendations.text import Anchor, TextInvalid, anchor_for, from_data

MOST_POINTS = 200
LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class PointDraft:
    """A remark as typed: `place` is a section key or recommendation:<key>; quote and passage may be empty."""

    text: str
    place: str = ""
    block_id: str = ""
    quote: str = ""
    wording: str = ""
    must_answer: bool = True


@dataclass(frozen=True)
class ReviewDraft:
    """A review as typed: scores (1 to 5 or None) and comments by criterion, overall comment, advice, points."""

    scores: Mapping[str, int | None] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    advice: str = ""
    points: tuple[PointDraft, ...] = ()


@transaction.atomic
def save(*, assignment_id: int, person: User, draft: ReviewDraft, now: datetime) -> Review:
    """Keep a draft as it is typed.

    Raises:
        NotFound: not this person's review.
        NotNow: the round has closed or the review was submitted; `context["kept"]` holds what was typed.
        Invalid: a text is longer than we take, or a score is not 1 to 5.
    """
    assignment, _run = lock_assignment(assignment_id)
    refuse_closed(assignment, person, kept_words(draft), now)
    _refuse_impossible(draft, _criteria(assignment))
    return store(assignment, draft, submitted_at=None, now=now)


@transaction.atomic
def submit(*, assignment_id: int, person: User, draft: ReviewDraft, now: datetime) -> Review:
    """Hand in a review; submitting the same one twice is harmless.

    Raises:
        NotFound: not this person's review.
        NotNow: the round has closed; `context["kept"]` holds what was typed.
        Invalid: criteria without a score, no advice, a point without words, a contribution that says nothing;
            `errors` names the fields.
    """
    assignment, run = lock_assignment(assignment_id)
    review = getattr(assignment, "review", None)
    if assignment.reviewer_id == person.pk and review and review.submitted_at:
        return review
    refuse_closed(assignment, person, kept_words(draft), now)
    _refuse_impossible(draft, _criteria(assignment))
    if assignment.round.kind == "consultation":
        _refuse_empty(draft)
    else:
        _refuse_incomplete(draft, _criteria(assignment))
    review = store(assignment, draft, submitted_at=now, now=now)
    _tell_chain(run, review, draft, person, now=now)
    return review


def _tell_chain(run: Run, review: Review, draft: ReviewDraft, person: User, *, now: datetime) -> None:
    scores = {key: score for key, score in draft.scores.items() if score}
    data = {"review": review.pk, "advice": draft.advice, "scores": scores, "points": len(draft.points)}
    kind = "contribution-submitted" if review.assignment.round.kind == "consultation" else "review-submitted"
    words = {f"point-{number}": point.text for number, point in enumerate(draft.points, start=1)}
    append_events([NewEvent(run.pk, kind, person.pk, data, {"comment": draft.comment, **words})], now=now)


def _criteria(assignment: Assignment) -> dict[str, str]:
    return {each["key"]: each["question"] for each in assignment.round.form["criteria"]}


def refuse_closed(assignment: Assignment, person: User, kept: dict[str, str], now: datetime) -> None:
    """Raise what `may_review` answers, or that the deadline has passed; `kept` goes back to the person.

    Raises:
        NotFound: not this person's assignment.
        NotNow: not accepted, closed, or handed in already.
    """
    try:
        may_review(person, assignment).enforce()
    except NotNow as refusal:
        refusal.context["kept"] = kept
        raise
    if assignment.round.has_run_out(now):
        raise NotNow(_("The round has closed."), code="round-closed", kept=kept)
    review = getattr(assignment, "review", None)
    if review and review.submitted_at:
        raise NotNow(_("You have submitted your review."), code="review-submitted", kept=kept)


def kept_words(draft: ReviewDraft) -> dict[str, str]:
    """Everything that was typed, by label, for a page that has to refuse it."""
    kept = {str(_("Comment")): draft.comment}
    kept |= {str(_("Comment on %(criterion)s") % {"criterion": key}): text for key, text in draft.comments.items()}
    return {label: text for label, text in kept.items() if text} | kept_points(draft.points)


def kept_points(points: Sequence[PointDraft]) -> dict[str, str]:
    """The words of points as typed, by label."""
    kept: dict[str, str] = {}
    for number, point in enumerate(points, start=1):
        kept[str(_("Point %(n)d") % {"n": number})] = point.text
        kept[str(_("Proposed wording %(n)d") % {"n": number})] = point.wording
    return {label: text for label, text in kept.items() if text}


def faults_of_points(points: Sequence[PointDraft], *, complete: bool) -> dict[str, list[str]]:
    """Messages by field name: texts that are too long, too many points, and with `complete` points without words."""
    errors: dict[str, list[str]] = {}
    for number, point in enumerate(points):
        for name, text in (("text", point.text), ("wording", point.wording)):
            if len(text) > LONGEST_TEXT:
                errors[f"points-{number}-{name}"] = [_("This is longer than %(n)d characters.") % {"n": LONGEST_TEXT}]
        if complete and not point.text.strip():
            errors[f"points-{number}-text"] = [_("Write your remark, or remove the point.")]
    if len(points) > MOST_POINTS:
        errors["points"] = [_("There are at most %(n)d points.") % {"n": MOST_POINTS}]
    return errors


def _refuse_impossible(draft: ReviewDraft, criteria: Mapping[str, str]) -> None:
    errors = faults_of_points(draft.points, complete=False)
    for key, score in draft.scores.items():
        if key not in criteria or (score is not None and score not in range(1, 6)):
            errors[f"score-{key}"] = [_("Choose a score from 1 to 5.")]
    texts = {"comment": draft.comment, **{f"comment-{key}": text for key, text in draft.comments.items()}}
    for name, text in texts.items():
        if len(text) > LONGEST_TEXT:
            errors[name] = [_("This is longer than %(n)d characters.") % {"n": LONGEST_TEXT}]
    if draft.advice and draft.advice not in Review.Advice.values:
        errors["advice"] = [_("Choose one of the advices.")]
    if errors:
        raise Invalid(errors=errors)


def _refuse_incomplete(draft: ReviewDraft, criteria: Mapping[str, str]) -> None:
    errors = faults_of_points(draft.points, complete=True)
    for key in criteria:
        if not draft.scores.get(key):
            errors[f"score-{key}"] = [_("Choose a score from 1 to 5.")]
    if not draft.advice:
        errors["advice"] = [_("Say what you advise.")]
    if errors:
        raise Invalid(errors=errors)


def says_nothing(draft: ReviewDraft) -> bool:
    """Whether a contribution holds neither a point nor a comment nor a score."""
    return not (draft.points or draft.comment.strip() or any(draft.scores.values()))


def _refuse_empty(draft: ReviewDraft) -> None:
    """Who contributes to a consultation gives no advice and need not score; something has to be said."""
    errors = faults_of_points(draft.points, complete=True)
    if says_nothing(draft):
        errors["comment"] = [_("Write a comment, or remark on a passage.")]
    if errors:
        raise Invalid(errors=errors)


def store(assignment: Assignment, draft: ReviewDraft, *, submitted_at: datetime | None, now: datetime) -> Review:
    """Write a review over the draft that stands, with its answers and points; the caller holds the lock."""
    review, _made = Review.objects.update_or_create(
        assignment=assignment,
        defaults={
            "advice": draft.advice,
            "comment": draft.comment.strip(),
            "saved_at": now,
            "submitted_at": submitted_at,
        },
    )
    review.answers.all().delete()
    Answer.objects.bulk_create(
        Answer(
            review=review,
            criterion=key,
            question=question,
            score=draft.scores.get(key),
            comment=draft.comments.get(key, "").strip(),
        )
        for key, question in _criteria(assignment).items()
    )
    review.points.all().delete()
    passages = passages_of(assignment.round.revision.content)
    Point.objects.bulk_create(
        _point(review, number, point, passages) for number, point in enumerate(draft.points, start=1)
    )
    return review


def _point(
    review: Review, number: int, draft: PointDraft, passages: Mapping[tuple[str, str], Sequence[dict[str, Any]]]
) -> Point:
    """The point with its anchor; a quote that does not stand in the passage is kept as words of the remark's author."""
    blocks = passages.get((draft.place, draft.block_id), ())
    anchor = _anchor(blocks, draft) if blocks and draft.quote.strip() else None
    return Point(
        review=review,
        number=number,
        place=draft.place[:130],
        block_id=draft.block_id if blocks else "",
        quote=anchor.quote if anchor else draft.quote.strip(),
        prefix=anchor.prefix[-80:] if anchor else "",
        suffix=anchor.suffix[:80] if anchor else "",
        text=draft.text.strip(),
        wording=draft.wording.strip(),
        must_answer=draft.must_answer,
    )


def _anchor(blocks: Sequence[dict[str, Any]], draft: PointDraft) -> Anchor | None:
    try:
        return anchor_for(from_data(list(blocks)), draft.block_id, draft.quote)
    except TextInvalid:
        return None


def passages_of(content: Mapping[str, Any]) -> dict[tuple[str, str], Sequence[dict[str, Any]]]:
    """(place, block id) → the blocks among which it stands, over a revision's sections, rationales and guidelines.

    An id is unique within its text only: the same words in two sections have the same one.
    """
    texts = [(section["key"], section["blocks"]) for section in content["sections"]]
    for each in content["recommendations"]:
        place = f"recommendation:{each['key']}"
        texts += [(place, each["guideline"]), (place, each["rationale"])]
    return {(place, block["id"]): blocks for place, blocks in texts for block in blocks}
