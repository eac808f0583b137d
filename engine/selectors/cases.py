"""City cases as they are read: the place, who took part, and what each recommendation met there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from engine.models import Assignment, CityCase, Point, Round
from partners.models import Organisation


@dataclass(frozen=True)
class Met:
    """What one recommendation met; `number` is its place in the frozen text."""

    number: int
    statement: str
    text: str


@dataclass(frozen=True)
class CaseView:
    """A case that was handed in. `tester` is the name of who led it, for those who may know."""

    case: CityCase
    tester: str
    participants: tuple[tuple[str | Promise, int], ...]
    met: tuple[Met, ...]
    points: tuple[Point, ...]

    @property
    def people(self) -> int:
        """How many people took part."""
        return sum(people for _label, people in self.participants)


def case_views(round: Round, *, by_name: bool) -> list[CaseView]:
    """The cases handed in to a round, barred testers left out. Five queries."""
    rows = _cases().filter(
        review__assignment__round=round,
        review__assignment__barred_at=None,
        review__submitted_at__isnull=False,
    )
    return [_view(row, round, by_name=by_name) for row in rows.order_by("review__assignment_id")]


def case_of(assignment: Assignment) -> CityCase | None:
    """The assignment's case as stored, with its review and points; None before the first save."""
    return _cases().filter(review__assignment=assignment).first()


def own_case(case: CityCase, round: Round) -> CaseView:
    """One's own case, as it was or will be handed in."""
    return _view(case, round, by_name=False)


def _cases() -> QuerySet[CityCase]:
    return CityCase.objects.select_related(
        "ecosystem__territory", "review__assignment__reviewer", "review__assignment__organisation"
    ).prefetch_related("participation", "findings", "review__points__disposition")


def _view(case: CityCase, round: Round, *, by_name: bool) -> CaseView:
    kinds = dict(Organisation.Kind.choices)
    found = {each.recommendation: each.text for each in case.findings.all()}
    return CaseView(
        case=case,
        tester=case.review.assignment.reviewer.name if by_name else "",
        participants=tuple((kinds.get(each.kind, each.kind), each.people) for each in case.participation.all()),
        met=tuple(_met(round.revision.content["recommendations"], found)),
        points=tuple(case.review.points.all()),
    )


def _met(recommendations: Iterable[Mapping[str, Any]], found: Mapping[str, str]) -> Iterable[Met]:
    for number, each in enumerate(recommendations, start=1):
        if each["key"] in found:
            yield Met(number, each["statement"], found[each["key"]])
