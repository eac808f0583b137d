"""The response table: each remark of all closed rounds with what became of it, generated from the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ekip.shared.errors import NotFound
from engine.models import Round
from engine.permissions import may_see_responses, rounds_with_responses
from engine.selectors.points import PointView, ledger
from partners.models import User
from recommendations.models import Proposal


@dataclass(frozen=True)
class Response:
    """One row: the remark and its fate. `round_number` counts from 1; `revision` is the one that carries the change."""

    round_number: int
    number: int
    reviewer: str
    place: str
    quote: str
    remark: str
    wording: str
    outcome: str | Promise
    reason: str
    revision: int | None

    @property
    def cells(self) -> tuple[object, ...]:
        """The row in the order of `HEAD`."""
        return (
            self.round_number,
            self.reviewer,
            self.number,
            self.place,
            self.quote,
            self.remark,
            self.wording,
            self.outcome,
            self.reason,
            self.revision,
        )


@dataclass(frozen=True)
class RoundResponses:
    """The rows of one round."""

    round: Round
    number: int
    rows: tuple[Response, ...]


@dataclass(frozen=True)
class ResponseTable:
    """All rounds of a proposal with their rows."""

    proposal: Proposal
    rounds: tuple[RoundResponses, ...]

    @property
    def rows(self) -> tuple[Response, ...]:
        """The rows of all rounds."""
        return tuple(row for each in self.rounds for row in each.rows)

    @property
    def answered(self) -> int:
        """How many have an answer."""
        return sum(bool(row.outcome) for row in self.rows)


def head() -> tuple[str, ...]:
    """The names of the columns, in the order of `Response.cells`."""
    return (
        _("Round"),
        _("Reviewer"),
        _("Point"),
        _("Place"),
        _("Quoted words"),
        _("Remark"),
        _("Proposed wording"),
        _("Outcome"),
        _("Reason"),
        _("In the text from revision"),
    )


def response_table(person: User, pk: int, *, page_language: str) -> ResponseTable:
    """The response table for an author, someone who oversees, or a reviewer who took part; reviewers by pseudonym.

    Raises:
        NotFound: no such proposal, or not for this person to know of.
        NotAllowed: a conflict of interest bars the person.
    """
    proposal = Proposal.objects.filter(pk=pk, deleted_at=None).select_related("area__cluster").first()
    if proposal is None:
        raise NotFound
    may_see_responses(person, proposal).enforce()
    shown = set(rounds_with_responses(person, proposal).values_list("pk", flat=True))
    views: dict[int, list[PointView]] = {}
    for view in ledger(proposal, page_language=page_language).points:
        views.setdefault(view.round.pk, []).append(view)
    return ResponseTable(
        proposal,
        tuple(
            RoundResponses(group[0].round, number, tuple(_response(view, number) for view in group))
            for number, group in enumerate(views.values(), start=1)
            if group[0].round.pk in shown
        ),
    )


def _response(view: PointView, round_number: int) -> Response:
    answer = view.disposition
    return Response(
        round_number=round_number,
        number=view.point.number,
        reviewer=view.reviewer,
        place=view.passage.label if view.passage else _("The text as a whole"),
        quote=view.point.quote,
        remark=view.point.text,
        wording=view.point.wording,
        outcome=answer.get_outcome_display() if answer else "",
        reason=answer.reason if answer else "",
        revision=answer.revision.number if answer and answer.revision else None,
    )
