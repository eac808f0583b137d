"""Where the runs stand that a person writes or oversees: what the desk is made of. A constant number of queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from engine.models import Point, Round, Timer, Visit
from engine.models.definitions import definition_of
from engine.permissions import barred_from
from engine.process.values import Stage
from partners.models import User
from recommendations import access
from recommendations.models import Grant, Proposal

COORDINATING = frozenset({"coordinator", "deputy"})
DECIDING = frozenset({"coordinator", "deputy", "decider"})


@dataclass(frozen=True)
class OpenRound:
    """A round that reviewers work in, and how many of those who may still hand in a review have done so."""

    pk: int
    kind: str
    closes_at: datetime
    expected: int
    submitted: int


@dataclass(frozen=True)
class Position:
    """One open visit of a run, and what the person is to it. A conflict of interest leaves only the author."""

    proposal: Proposal
    stage: Stage
    is_author: bool
    coordinates: bool
    decides: bool
    round: OpenRound | None
    unanswered: int
    due_at: datetime | None


@dataclass(frozen=True)
class Rights:
    """Proposals that the person writes, and the platform roles by which they oversee others."""

    authored: frozenset[int]
    overseen: Mapping[int, frozenset[str]]

    @property
    def readable(self) -> frozenset[int]:
        """Every proposal whose page the person can open."""
        return self.authored | self.overseen.keys()


def rights_of(person: User) -> Rights:
    """What the person's live grants say. Two queries."""
    authored: set[int] = set()
    overseen: dict[int, set[str]] = {}
    grants = access.live_grants(person).filter(right__in=[Grant.Right.AUTHOR, Grant.Right.OVERSEE])
    for proposal, right, role in grants.values_list("proposal_id", "right", "role"):
        if right == Grant.Right.AUTHOR:
            authored.add(proposal)
        else:
            overseen.setdefault(proposal, set()).add(role)
    return Rights(frozenset(authored), {proposal: frozenset(roles) for proposal, roles in overseen.items()})


def positions(person: User, rights: Rights) -> list[Position]:
    """The open visits of the proposals that the person writes or oversees, put away and ended ones left out."""
    visits = [
        visit
        for visit in Visit.objects.filter(
            run__proposal__in=rights.readable, run__proposal__archived_at=None, left_at=None
        ).select_related("run__proposal__area")
        if not _stage(visit).is_end
    ]
    barred = barred_from(person, [visit.run.proposal for visit in visits if visit.run.proposal_id in rights.overseen])
    rounds, dues = _open_rounds(visits), _dues(visits)
    unanswered = unanswered_points([visit.run_id for visit in visits])
    return [
        Position(
            proposal=visit.run.proposal,
            stage=_stage(visit),
            is_author=visit.run.proposal_id in rights.authored,
            coordinates=bool(_roles(visit, rights, barred) & COORDINATING),
            decides=bool(_roles(visit, rights, barred) & DECIDING),
            round=rounds.get(visit.pk),
            unanswered=unanswered.get(visit.run_id, 0),
            due_at=rounds[visit.pk].closes_at if visit.pk in rounds else dues.get(visit.pk),
        )
        for visit in visits
    ]


def unanswered_points(runs: Collection[int]) -> dict[int, int]:
    """How many points of closed rounds still have no answer, by run id. One query."""
    rows = Point.objects.filter(
        review__assignment__round__visit__run__in=runs,
        review__assignment__round__closed_at__isnull=False,
        review__assignment__barred_at=None,
        review__submitted_at__isnull=False,
        disposition=None,
    )
    counted = rows.values_list("review__assignment__round__visit__run").annotate(n=Count("pk"))
    return dict(counted)


def _stage(visit: Visit) -> Stage:
    return definition_of(visit.run.version_id).stage(visit.stage)


def _roles(visit: Visit, rights: Rights, barred: frozenset[int]) -> frozenset[str]:
    proposal = visit.run.proposal_id
    return frozenset() if proposal in barred else rights.overseen.get(proposal, frozenset())


def _open_rounds(visits: list[Visit]) -> dict[int, OpenRound]:
    expected = Q(assignments__declined_at=None, assignments__barred_at=None)
    rows = Round.objects.filter(visit__in=visits, closed_at=None, cancelled_at=None).annotate(
        expected=Count("assignments", filter=expected),
        submitted=Count("assignments", filter=expected & Q(assignments__review__submitted_at__isnull=False)),
    )
    return {row.visit_id: OpenRound(row.pk, row.kind, row.closes_at, row.expected, row.submitted) for row in rows}


def _dues(visits: list[Visit]) -> dict[int, datetime]:
    """The first timer of each visit; one that has fired still says since when the stage is overdue."""
    rows = Timer.objects.filter(visit__in=visits, cancelled_at=None).values_list("visit")
    return dict(rows.annotate(due=Min("due_at")))
