"""Assignments, reached through the person who was asked."""

from ekip.shared.errors import NotFound
from engine.models import Assignment
from partners.models import User


def assignment_for(person: User, pk: int) -> Assignment:
    """The assignment with its round, revision and proposal.

    Raises:
        NotFound: there is none, it is another person's, or the person was barred.
    """
    rows = Assignment.objects.select_related(
        "round__revision__proposal__area__cluster",
        "round__revision__proposal__lead_organisation",
        "round__visit__run",
        "invited_by",
        "review",
    )
    found = rows.filter(
        pk=pk, reviewer=person, barred_at=None, round__revision__proposal__deleted_at__isnull=True
    ).first()
    if found is None:
        raise NotFound
    return found
