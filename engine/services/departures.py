"""People who leave while a round is open. Nobody tells the engine that they have left: the rows are asked.

Who has no account any more is taken out of the round. Who has left the organisation for which they were asked stays in
it, as a person, and counts for the organisation to which they belong now. What was handed in keeps its organisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from engine.models import Assignment, Round
from engine.selectors.panels import organisations_of
from engine.services.events import NewEvent, append_events
from engine.services.gather import claim
from engine.services.messages import announce
from engine.services.record import assignment_source
from partners.models import Membership
from recommendations import access

MOST = 500


@transaction.atomic
def note_departures(*, now: datetime) -> int:
    """Follow up on those who have left since, at most `MOST`; the number of them. Coordinators are told."""
    found = [*_without_account()[:MOST], *_out_of_their_organisation()[:MOST]]
    if not found:
        return 0
    held = {run.pk for run in claim({each.round.visit.run_id for each in found}, wait=False)}
    # Read again under the locks: a review may have been handed in meanwhile.
    gone = list(_without_account().filter(round__visit__run__in=held)[:MOST])
    moved = list(_out_of_their_organisation().filter(round__visit__run__in=held)[:MOST])
    _take_out(gone, now=now)
    _count_elsewhere(moved)
    announce(append_events([_left(each) for each in (*gone, *moved)], now=now), now=now)
    return len(gone) + len(moved)


def _working() -> QuerySet[Assignment]:
    """Those who have not handed in yet, in open rounds."""
    open_rounds = Round.objects.filter(closed_at=None, cancelled_at=None, visit__left_at=None)
    rows = Assignment.objects.filter(round__in=open_rounds, declined_at=None, barred_at=None, review__submitted_at=None)
    return rows.select_related("reviewer", "organisation", "round__visit").order_by("pk")


def _without_account() -> QuerySet[Assignment]:
    return _working().filter(reviewer__is_active=False)


def _out_of_their_organisation() -> QuerySet[Assignment]:
    """Found from the memberships that have ended, which are few beside the assignments."""
    live = Membership.objects.filter(person=OuterRef("reviewer"), organisation=OuterRef("organisation"), ended_at=None)
    ended = Q(reviewer__memberships__organisation=F("organisation"), reviewer__memberships__ended_at__isnull=False)
    return _working().filter(ended, ~Exists(live), reviewer__is_active=True).distinct()


def _take_out(gone: Sequence[Assignment], *, now: datetime) -> None:
    for each in gone:
        each.barred_at, each.bar_reason = now, _("Has no account any more.")
    Assignment.objects.bulk_update(gone, ["barred_at", "bar_reason"])
    access.end([assignment_source(each.pk) for each in gone], now=now)


def _count_elsewhere(moved: Sequence[Assignment]) -> None:
    now_of = organisations_of([each.reviewer for each in moved])
    for each in moved:
        each.organisation = now_of.get(each.reviewer_id)
    Assignment.objects.bulk_update(moved, ["organisation"])


def _left(assignment: Assignment) -> NewEvent:
    data = {"assignment": assignment.pk, "round": assignment.round_id, "stays": assignment.barred_at is None}
    return NewEvent(assignment.round.visit.run_id, "reviewer-left", None, data)
