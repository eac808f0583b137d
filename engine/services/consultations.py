"""Taking part in a consultation: nobody is invited, whoever comes writes a contribution."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ekip.shared.errors import NotFound
from engine.models import Assignment, Round
from engine.permissions import may_take_part
from engine.selectors.panels import organisations_of
from engine.services.events import NewEvent, append_events
from engine.services.record import assignment_source
from engine.services.rounds import lock_run
from partners.models import User
from recommendations import access
from recommendations.models import Grant


@transaction.atomic
def take_part(*, round_id: int, person: User, now: datetime) -> Assignment:
    """Give the person a part in an open consultation, as somebody who came by themselves; a second time is harmless.

    Raises:
        NotFound: there is no such consultation, or its text is not open to everybody.
        NotAllowed: not signed in, a conflict of interest, or removed from it before.
        NotNow: the consultation has closed.
    """
    proposal_id = Round.objects.filter(pk=round_id, kind="consultation").values_list("revision__proposal", flat=True)
    if not proposal_id:
        raise NotFound
    run = lock_run(proposal_id[0])
    round = Round.objects.select_related("revision__proposal").get(pk=round_id)
    may_take_part(person, round, now=now).enforce()
    if part := Assignment.objects.filter(round=round, reviewer=person).first():
        return part
    part = Assignment.objects.create(
        round=round,
        reviewer=person,
        organisation=organisations_of([person]).get(person.pk),
        invited_by=person,
        invited_at=now,
        accepted_at=now,
    )
    right = access.NewGrant(
        run.proposal_id,
        Grant.Right.REVIEW,
        assignment_source(part.pk),
        person_id=person.pk,
        revision_id=round.revision_id,
    )
    access.give([right], now=now)
    data = {"assignment": part.pk, "round": round.pk}
    append_events([NewEvent(run.pk, "consultation-joined", person.pk, data)], now=now)
    return part
