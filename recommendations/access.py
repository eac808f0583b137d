"""The only writer of openings and grants, and the one place where they are read.

The engine pushes openings and grants down inside its transition; drafting writes co-author grants. Every read or
write of a proposal or a revision is decided from these rows alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from partners.models import RoleGrant, User
from partners.models.people import BODY
from recommendations.models.access import Grant, Opening
from recommendations.models.drafting import Proposal

CAPABILITIES = frozenset(
    {
        "edit",
        "comment",
        "suggest",
        "submit",
        "review",
        "consult",
        "test",
        "dispose",
        "decide",
        "translate",
        "publish",
        "list",
        "read",
    }
)


@dataclass(frozen=True)
class NewGrant:
    """A grant to be written: to a person or to the holders of a role, on a proposal or one of its revisions."""

    proposal_id: int
    right: str
    source: str
    person_id: int | None = None
    role: str = ""
    revision_id: int | None = None


@transaction.atomic
def set_openings(capabilities: Mapping[int, frozenset[str]]) -> None:
    """Make exactly these capabilities open: proposal id → capabilities. Constant number of queries.

    Takes the row locks of the proposals: a save that reads its openings under the same lock sees them as they are.

    Raises:
        ValueError: a capability that does not exist.
    """
    wanted = {(proposal, name) for proposal, names in capabilities.items() for name in names}
    if unknown := {name for _, name in wanted} - CAPABILITIES:
        raise ValueError(f"unknown capabilities: {sorted(unknown)}")
    locked = Proposal.objects.select_for_update(no_key=True).filter(pk__in=capabilities).order_by("pk")
    list(locked.values_list("pk"))
    stored = {(row.proposal_id, row.capability): row.pk for row in Opening.objects.filter(proposal_id__in=capabilities)}
    Opening.objects.filter(pk__in=[pk for pair, pk in stored.items() if pair not in wanted]).delete()
    Opening.objects.bulk_create(
        [Opening(proposal_id=proposal, capability=name) for proposal, name in sorted(wanted - stored.keys())]
    )


def give(grants: Iterable[NewGrant], *, now: datetime) -> None:
    """Write grants that start now; one that is live already stays as it is."""
    Grant.objects.bulk_create(
        [
            Grant(
                proposal_id=grant.proposal_id,
                revision_id=grant.revision_id,
                person_id=grant.person_id,
                role=grant.role,
                right=grant.right,
                source=grant.source,
                starts_at=now,
            )
            for grant in grants
        ],
        ignore_conflicts=True,
    )


def end(sources: Iterable[str], *, now: datetime, proposals: Collection[int] | None = None) -> int:
    """End every live grant that one of `sources` gave, on all proposals or on those alone; the number ended."""
    live = Grant.objects.filter(source__in=list(sources), ends_at__isnull=True)
    return (live if proposals is None else live.filter(proposal__in=proposals)).update(ends_at=now)


def is_open(proposal_id: int, capability: str) -> bool:
    """Whether the capability is open on the proposal now."""
    return Opening.objects.filter(proposal_id=proposal_id, capability=capability).exists()


def open_among(proposal_ids: Collection[int]) -> frozenset[int]:
    """Ids of those proposals on which anything is open now. One query."""
    return frozenset(Opening.objects.filter(proposal__in=proposal_ids).values_list("proposal_id", flat=True))


def openings_of(proposal_id: int) -> frozenset[str]:
    """All capabilities open on the proposal now."""
    return frozenset(Opening.objects.filter(proposal_id=proposal_id).values_list("capability", flat=True))


def live_grants(person: User, *, deleted: bool = False) -> QuerySet[Grant]:
    """Every live grant that reaches the person: directly, through a platform role that covers the proposal's area, or
    as one of a decision body, to which grants are given that name it as their source.

    Those on deleted drafts are left out, or with `deleted` are the only ones.
    """
    roles = RoleGrant.objects.filter(person=person, ended_at__isnull=True).values_list("role", "scope")
    reaches = Q(person=person)
    for role, scope in roles:
        if scope.startswith(BODY):
            reaches |= Q(role=role, source=scope)
            continue
        through = Q(role=role) & ~Q(source__startswith=BODY)
        if scope:
            through &= Q(proposal__area__slug=scope.removeprefix("area:"))
        reaches |= through
    return Grant.objects.filter(reaches, ends_at__isnull=True, proposal__deleted_at__isnull=not deleted)


def rights(person: User, proposal_id: int, *, deleted: bool = False) -> frozenset[str]:
    """The rights (`Grant.Right` values) that the person has on the proposal now; none without an account.

    On a deleted draft there are none, unless `deleted` asks for those that a restore would bring back.
    """
    if not person.is_authenticated:
        return frozenset()
    grants = live_grants(person, deleted=deleted).filter(proposal_id=proposal_id)
    return frozenset(grants.values_list("right", flat=True))


def holders(proposal: Proposal, right: str) -> frozenset[int]:
    """Ids of the people whom a live grant of that right on the proposal reaches, in the ways of `live_grants`."""
    direct: set[int] = set()
    through = Q(pk__in=[])
    grants = Grant.objects.filter(proposal=proposal, right=right, ends_at=None)
    for person, role, source in grants.values_list("person_id", "role", "source"):
        if person is not None:
            direct.add(person)
        elif source.startswith(BODY):
            through |= Q(role=role, scope=source)
        else:
            through |= Q(role=role, scope__in=["", f"area:{proposal.area.slug}"])
    return frozenset(direct.union(RoleGrant.objects.filter(through, ended_at=None).values_list("person_id", flat=True)))


def readable_revisions(person: User, proposal_id: int) -> frozenset[int]:
    """Ids of the frozen revisions that a reviewer's grant lets the person read."""
    grants = live_grants(person).filter(proposal_id=proposal_id, right=Grant.Right.REVIEW)
    return frozenset(pk for pk in grants.values_list("revision_id", flat=True) if pk is not None)
