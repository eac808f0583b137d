"""Where the runs stand that a person writes or oversees: what the desk is made of. A constant number of queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import ngettext

from engine.models import Assignment, Point, Round, Visit
from engine.models.definitions import definition_of
from engine.permissions import barred_from
from engine.process.values import Stage
from engine.selectors.pauses import paused_since
from engine.selectors.runs import first_dues
from partners.models import User
from partners.models.people import BODY
from recommendations import access
from recommendations.models import Grant, Proposal

COORDINATING = frozenset({"coordinator", "deputy"})
DECIDING = frozenset({"coordinator", "deputy", "decider"})


@dataclass(frozen=True)
class OpenRound:
    """A round that reviewers work in, and how many of those who may still hand in a review have done so.

    `silent` are the names of those who have not answered the invitation, where an answer is wished by an instant.
    """

    pk: int
    kind: str
    closes_at: datetime
    expected: int
    submitted: int
    answer_by: datetime | None = None
    silent: tuple[str, ...] = ()

    @property
    def handed_in(self) -> str:
        """How far it is, in words: “2 of 4 reviews in”."""
        if self.kind == "consultation":
            words = ngettext("%(n)d contribution in", "%(n)d contributions in", self.submitted)
        elif self.kind == "city-test":
            words = ngettext("%(n)d of %(all)d case in", "%(n)d of %(all)d cases in", self.expected)
        else:
            words = ngettext("%(n)d of %(all)d review in", "%(n)d of %(all)d reviews in", self.expected)
        return words % {"n": self.submitted, "all": self.expected}


@dataclass(frozen=True)
class Position:
    """One open visit of a run, and what the person is to it. A conflict of interest leaves only the author.

    `oversees` says that they follow it by a platform role; `decides` that a decision taken here could be theirs. While
    the run is paused, since `paused_at`, what is due stands still.
    """

    visit: Visit
    proposal: Proposal
    stage: Stage
    is_author: bool
    coordinates: bool
    oversees: bool
    decides: bool
    round: OpenRound | None
    unanswered: int
    due_at: datetime | None
    paused_at: datetime | None = None


@dataclass(frozen=True)
class Rights:
    """Proposals that the person writes, and the platform roles and decision bodies by which they oversee others."""

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
    for proposal, right, role, source in grants.values_list("proposal_id", "right", "role", "source"):
        if right == Grant.Right.AUTHOR:
            authored.add(proposal)
        else:
            overseen.setdefault(proposal, set()).add(source if source.startswith(BODY) else role)
    return Rights(frozenset(authored), {proposal: frozenset(roles) for proposal, roles in overseen.items()})


def positions(person: User, rights: Rights) -> list[Position]:
    """The open visits of the proposals that the person writes or oversees, put away and ended ones left out."""
    visits = [
        visit
        for visit in Visit.objects.filter(
            run__proposal__in=rights.readable, run__proposal__archived_at=None, left_at=None
        ).select_related("run__proposal__area__cluster", "run__proposal__lead_organisation")
        if not _stage(visit).is_end
    ]
    barred = barred_from(person, [visit.run.proposal for visit in visits if visit.run.proposal_id in rights.overseen])
    rounds, dues = _open_rounds(visits), first_dues(visits)
    unanswered = unanswered_points([visit.run_id for visit in visits])
    paused = paused_since([visit.run_id for visit in visits])
    return [
        Position(
            visit=visit,
            proposal=visit.run.proposal,
            stage=_stage(visit),
            is_author=visit.run.proposal_id in rights.authored,
            coordinates=bool(_roles(visit, rights, barred) & COORDINATING),
            oversees=bool(_roles(visit, rights, barred) & DECIDING),
            decides=_decides(_stage(visit), _roles(visit, rights, barred)),
            round=rounds.get(visit.pk),
            unanswered=unanswered.get(visit.run_id, 0),
            due_at=rounds[visit.pk].closes_at if visit.pk in rounds else dues.get(visit.pk),
            paused_at=paused.get(visit.run_id),
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


def _decides(stage: Stage, roles: frozenset[str]) -> bool:
    bodies = {way.body for way in stage.transitions if way.by == "decider"}
    return any(f"{BODY}{body}" in roles if body else bool(roles & DECIDING) for body in bodies)


def _open_rounds(visits: list[Visit]) -> dict[int, OpenRound]:
    expected = Q(assignments__declined_at=None, assignments__barred_at=None)
    rows = Round.objects.filter(visit__in=visits, closed_at=None, cancelled_at=None).annotate(
        expected=Count("assignments", filter=expected),
        submitted=Count("assignments", filter=expected & Q(assignments__review__submitted_at__isnull=False)),
    )
    silent: dict[int, list[str]] = {}
    unanswered = Assignment.objects.filter(
        round__in=[row.pk for row in rows if row.answer_by], accepted_at=None, declined_at=None, barred_at=None
    )
    for round_id, name in unanswered.order_by("reviewer__sort_key").values_list("round_id", "reviewer__name"):
        silent.setdefault(round_id, []).append(name)
    return {
        row.visit_id: OpenRound(
            row.pk,
            row.kind,
            row.closes_at,
            row.expected,
            row.submitted,
            row.answer_by,
            tuple(silent.get(row.pk, ())),
        )
        for row in rows
    }
