"""What a person needs to know of policy areas: where to start a proposal, and what is awaited from whom."""

from django.db.models import Count, QuerySet

from partners.models import Membership, RoleGrant, User
from recommendations.areas.eligibility import MINIMUM_SOURCES
from recommendations.models import PolicyArea


def areas_open_to_proposals() -> QuerySet[PolicyArea]:
    """Areas that have been selected and that enough sources support, by title."""
    return (
        PolicyArea.objects.filter(selected_at__isnull=False)
        .annotate(support=Count("sources"))
        .filter(support__gte=MINIMUM_SOURCES)
        .order_by("sort_key")
    )


KEEPING = (RoleGrant.Role.COORDINATOR, RoleGrant.Role.DEPUTY)


def briefings_wanted(person: User) -> list[PolicyArea]:
    """The selected areas of which the person is to write the briefing, each with its draft if any. Two queries."""
    grants = RoleGrant.objects.filter(person=person, role__in=KEEPING, ended_at=None)
    scopes = set(grants.values_list("scope", flat=True))
    if not scopes:
        return []
    rows = PolicyArea.objects.filter(selected_at__isnull=False, briefing__published_at=None).select_related("briefing")
    if "" not in scopes:
        rows = rows.filter(slug__in=[scope.removeprefix("area:") for scope in scopes])
    return list(rows.order_by("sort_key"))


def keepers_of(area: PolicyArea) -> list[User]:
    """The people who keep an area and write its briefing, by name."""
    grants = RoleGrant.objects.filter(role__in=KEEPING, ended_at=None, scope__in=["", f"area:{area.slug}"])
    return list(User.objects.filter(pk__in=grants.values("person"), is_active=True).order_by("sort_key"))


def managers_of(person: User) -> list[Membership]:
    """The managers of the organisations to which the person belongs: they can make somebody a drafter."""
    mine = Membership.objects.filter(person=person, ended_at=None).values("organisation")
    return list(
        Membership.objects.filter(organisation__in=mine, role=Membership.Role.MANAGER, ended_at=None)
        .select_related("person", "organisation")
        .order_by("organisation__sort_key", "person__sort_key")
    )
