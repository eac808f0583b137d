"""What a person needs to know before starting a proposal."""

from django.db.models import Count, QuerySet

from partners.models import Membership, User
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


def managers_of(person: User) -> list[Membership]:
    """The managers of the organisations to which the person belongs: they can make somebody a drafter."""
    mine = Membership.objects.filter(person=person, ended_at=None).values("organisation")
    return list(
        Membership.objects.filter(organisation__in=mine, role=Membership.Role.MANAGER, ended_at=None)
        .select_related("person", "organisation")
        .order_by("organisation__sort_key", "person__sort_key")
    )
