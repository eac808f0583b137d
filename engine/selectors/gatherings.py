"""Gatherings as they are read: those of a run, and those that it could draw on too."""

from django.db.models import QuerySet, Sum

from ekip.shared.errors import NotFound
from engine.models import Event, Run
from partners.models import Gathering
from recommendations.models import Proposal


def gatherings_of(run: Run) -> QuerySet[Gathering]:
    """The gatherings of a run, by date, each with `people`: how many came, None when nobody was counted. One query."""
    rows = Gathering.objects.filter(runs__run=run).annotate(people=Sum("attendance__people"))
    return rows.select_related("ecosystem__territory", "territory", "host").order_by("held_on", "pk")


def gathering_of(proposal: Proposal, pk: int) -> Gathering:
    """One gathering of the proposal's run.

    Raises:
        NotFound: the run draws on no such gathering.
    """
    gathering = gatherings_of(proposal.run).filter(pk=pk).first()
    if gathering is None:
        raise NotFound
    return gathering


def last_change(run: Run, gathering: Gathering) -> Event | None:
    """What the record of the run tells of the last change of a gathering, with who changed it; None when of none."""
    changes = Event.objects.filter(run=run, kind="gathering-changed", data__gathering=gathering.pk)
    return changes.select_related("actor").order_by("-number").first()


def gatherings_to_take(proposal: Proposal) -> QuerySet[Gathering]:
    """What other runs of the same policy area have recorded and this one does not draw on yet, newest first."""
    of_area = Gathering.objects.filter(runs__run__proposal__area=proposal.area_id)
    return of_area.exclude(runs__run__proposal=proposal).distinct().order_by("-held_on", "-pk")
