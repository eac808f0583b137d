"""Reaching a proposal to change it: first the row lock, then every check. Call inside a transaction."""

from datetime import datetime

from ekip.shared.errors import NotFound, NotNow
from ekip.shared.verdicts import Denied, Verdict
from partners.models import User
from recommendations.models import Proposal
from recommendations.permissions import may_edit


def locked_proposal(proposal_id: int, *, deleted: bool = False) -> Proposal:
    """The proposal under its row lock (others may still refer to it).

    Raises:
        NotFound: there is none, or it is deleted (with `deleted`: it is not).
    """
    rows = Proposal.objects.select_for_update(no_key=True)
    proposal = rows.filter(pk=proposal_id, deleted_at__isnull=not deleted).first()
    if proposal is None:
        raise NotFound
    return proposal


def locked_for_edit(proposal_id: int, person: User, **kept: object) -> Proposal:
    """The proposal under its row lock, if the person may change its text now.

    Raises:
        NotFound: the person has no right on it.
        NotAllowed: the person may only read it.
        NotNow: editing is not open; carries `kept`, what the person typed.
    """
    proposal = locked_proposal(proposal_id)
    enforce(may_edit(person, proposal), **kept)
    return proposal


def enforce(verdict: Verdict, **kept: object) -> None:
    """Raise the refusal of a verdict; one that comes too late gives back what the person typed."""
    if isinstance(verdict, Denied) and verdict.kind == "not_now":
        raise NotNow(verdict.reason, code=verdict.code, kept=kept)
    verdict.enforce()


def mark_changed(proposal: Proposal, now: datetime) -> None:
    """Note when the text, in any of its parts, was last changed."""
    proposal.changed_at = now
    proposal.save(update_fields=["changed_at"])
