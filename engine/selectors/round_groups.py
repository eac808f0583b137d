"""All rounds of a proposal, by the stage in which they were opened: how far each is, and who sees what of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine.models import Round
from engine.models.definitions import definition_of
from engine.permissions import bar_of
from engine.selectors.panels import lacking, lacking_words
from engine.selectors.positions import OpenRound
from partners.models import User
from recommendations import access
from recommendations.models import Grant, Proposal

OTHERS_SEE: Mapping[str, Promise] = {
    "never": gettext_lazy("Those who take part never see each other’s."),
    "after-own": gettext_lazy("Who has handed in sees what others handed in."),
    "after-close": gettext_lazy("Who has handed in sees the others’ when it has closed."),
    "always": gettext_lazy("Those who take part see each other’s at any time."),
}
BLIND: Mapping[str, Promise] = {
    "single": gettext_lazy("Authors do not learn who reviews."),
    "double": gettext_lazy("Neither authors nor reviewers learn the others’ names."),
}


@dataclass(frozen=True)
class RoundLine:
    """One round. `progress` and `lacks` are empty for those who may not know how far it is, and there is no link."""

    round: Round
    number: int
    is_further: bool
    progress: str
    lacks: str
    sees: tuple[str, ...]
    has_page: bool


@dataclass(frozen=True)
class RoundGroup:
    """The rounds of one stage, in the order in which they were opened."""

    label: str
    rounds: tuple[RoundLine, ...]


def round_groups(person: User, proposal: Proposal) -> list[RoundGroup]:
    """The rounds of a proposal for its authors and those who oversee it. A constant number of queries."""
    expected = Q(assignments__declined_at=None, assignments__barred_at=None)
    rows = list(
        Round.objects.filter(visit__run__proposal=proposal)
        .select_related("visit__run")
        .annotate(
            expected=Count("assignments", filter=expected),
            handed_in=Count("assignments", filter=expected & Q(assignments__review__submitted_at__isnull=False)),
        )
        .order_by("opened_at", "pk")
    )
    if not rows:
        return []
    is_author = Grant.Right.AUTHOR in access.rights(person, proposal.pk)
    # A conflict of interest hides from who oversees how far a round is; authors know it of their own text.
    may_know = is_author or bar_of(person, proposal) is None
    lacks = lacking(rows) if may_know else {}
    groups: dict[str, list[RoundLine]] = {}
    visits: dict[str, int] = {}
    for row in rows:
        lines = groups.setdefault(row.visit.stage, [])
        is_further = visits.get(row.visit.stage) == row.visit_id
        visits[row.visit.stage] = row.visit_id
        is_live = row.closed_at is None and row.cancelled_at is None
        lines.append(
            RoundLine(
                round=row,
                number=len(lines) + 1,
                is_further=is_further,
                progress=_progress(row) if may_know else "",
                lacks=lacking_words(lacks[row.pk], row.kind) if may_know and is_live else "",
                sees=tuple(_sees(row, is_author=is_author)),
                has_page=may_know,
            )
        )
    definition = definition_of(rows[0].visit.run.version_id)
    labels = {stage.key: stage.label for stage in definition.stages}
    return [RoundGroup(labels.get(key, key), tuple(lines)) for key, lines in groups.items()]


def _progress(row: Round) -> str:
    counts = row.expected, row.handed_in  # type: ignore[attr-defined]  # annotated above
    return OpenRound(row.pk, row.kind, row.closes_at, *counts).handed_in


def _sees(row: Round, *, is_author: bool) -> Iterator[str]:
    if is_author and row.closed_at is None and row.cancelled_at is None:
        yield _("You see what was handed in when it has closed.")
    if row.kind != "city-test":
        yield str(OTHERS_SEE[row.visibility])
    if row.blind in BLIND:
        yield str(BLIND[row.blind])
