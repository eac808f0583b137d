"""The points on a page that judges a frozen text: as forms, and as services take them."""

from typing import Any

from django.http import HttpRequest

from engine.forms.reviews import BasePointFormSet, point_formset
from engine.models import Review
from engine.selectors.frozen import FrozenText
from engine.services.reviews import PointDraft

POINTS = "points"


def points_form(
    request: HttpRequest, text: FrozenText, stored: Review | None, *, are_answered: bool
) -> BasePointFormSet:
    """The points as sent, or as stored with an empty one at the end; `are_answered` says that authors answer them."""
    passages = [(title, [(each.value, each.label) for each in group]) for title, group in text.passages]
    return point_formset(extra=1)(
        request.POST if request.method == "POST" else None,
        prefix=POINTS,
        form_kwargs={"passages": passages, "are_answered": are_answered},
        initial=[_initial(point) for point in stored_points(stored)] if stored else [],
    )


def drafts(points: BasePointFormSet) -> tuple[PointDraft, ...]:
    """What was typed, as far as it is valid."""
    return tuple(_draft(data) for data in points.written())


def stored_points(stored: Review) -> tuple[PointDraft, ...]:
    """The points of a review as it was stored."""
    return tuple(
        PointDraft(point.text, point.place, point.block_id, point.quote, point.wording, point.must_answer)
        for point in stored.points.all()
    )


def _initial(point: PointDraft) -> dict[str, Any]:
    return {
        "passage": f"{point.place}|{point.block_id}" if point.place else "",
        "quote": point.quote,
        "text": point.text,
        "wording": point.wording,
        "must_answer": point.must_answer,
    }


def _draft(data: dict[str, Any]) -> PointDraft:
    place, _bar, block_id = data["passage"].partition("|")
    return PointDraft(
        text=data["text"],
        place=place,
        block_id=block_id,
        quote=data["quote"],
        wording=data["wording"],
        must_answer=data.get("must_answer", False),
    )
