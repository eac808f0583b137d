"""Freezing a proposal's text."""

from datetime import datetime

from django.db import transaction

from partners.models import User
from recommendations.drafting.frozen import content_of
from recommendations.drafting.locking import locked_proposal
from recommendations.models import Proposal, Revision
from recommendations.text import sha256_of


@transaction.atomic
def freeze_revision(*, proposal: Proposal, person: User | None, now: datetime) -> Revision:
    """The proposal's text as a revision: a new one, or the latest where nothing changed since.

    Who may freeze, and when, the caller has decided. The row lock keeps a save from slipping in between.

    Raises:
        NotFound: the proposal was deleted.
    """
    proposal = locked_proposal(proposal.pk)
    content = content_of(proposal)
    content_hash = sha256_of(content)
    latest = proposal.revisions.order_by("-number").first()
    if latest and latest.content_hash == content_hash:
        return latest
    return Revision.objects.create(
        proposal=proposal,
        number=latest.number + 1 if latest else 1,
        content=content,
        content_hash=content_hash,
        frozen_at=now,
        frozen_by=person,
    )
