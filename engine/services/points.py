"""Answering points: every remark gets a fate."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid, NotFound, NotNow
from engine.models import Disposition, Point
from engine.permissions import may_author
from engine.services.events import NewEvent, append_events
from engine.services.rounds import lock_run
from partners.models import User

LONGEST_REASON = 5_000


@transaction.atomic
def dispose(*, point_id: int, person: User, outcome: str, reason: str, now: datetime) -> Disposition:
    """Say what becomes of a point, and why; until the revision is submitted it can be said anew.

    Raises:
        NotFound: no such point on a proposal of this person.
        NotNow: points are not being answered at this stage; `context["kept"]` holds the typed reason.
        Invalid: no outcome, or no reason.
    """
    rows = Point.objects.filter(pk=point_id, review__submitted_at__isnull=False)
    proposal_id = rows.values_list("review__assignment__round__visit__run__proposal_id", flat=True).first()
    if proposal_id is None:
        raise NotFound
    run = lock_run(proposal_id)
    point = rows.select_related("review__assignment__round").get()
    if point.review.assignment.round.closed_at is None:
        raise NotFound
    try:
        may_author(person, run.proposal, "dispose").enforce()
    except NotNow as refusal:
        refusal.context["kept"] = {str(_("Reason")): reason}
        raise
    _refuse_incomplete(outcome, reason)
    disposition, _made = Disposition.objects.update_or_create(
        point=point,
        defaults={"outcome": outcome, "reason": reason.strip(), "owner": person, "disposed_at": now, "revision": None},
    )
    data = {"point": point.pk, "outcome": outcome}
    append_events([NewEvent(run.pk, "point-answered", person.pk, data, {"reason": reason.strip()})], now=now)
    return disposition


def _refuse_incomplete(outcome: str, reason: str) -> None:
    errors: dict[str, list[str]] = {}
    if outcome not in Disposition.Outcome.values:
        errors["outcome"] = [_("Choose what becomes of the point.")]
    if not reason.strip():
        errors["reason"] = [_("Give a reason; the reviewer will read it.")]
    elif len(reason) > LONGEST_REASON:
        errors["reason"] = [_("This is longer than %(n)d characters.") % {"n": LONGEST_REASON}]
    if errors:
        raise Invalid(errors=errors)
