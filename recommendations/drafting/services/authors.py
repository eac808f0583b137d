"""Who writes with whom. The grants are the facts; there is no other list of authors."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import NotAllowed, NotFound
from partners.models import User
from recommendations import access
from recommendations.drafting import limits
from recommendations.drafting.locking import locked_for_edit
from recommendations.entries import Entries
from recommendations.models import Grant


@transaction.atomic
def add_co_author(*, proposal_id: int, person: User, now: datetime, email: str = "", user: User | None = None) -> User:
    """Let another person write too: `user`, or who has an account under `email`. Adding twice changes nothing.

    Raises:
        NotFound, NotAllowed, NotNow: see `locked_for_edit`.
        Invalid: nobody has an account under the address, or the proposal has as many co-authors as it can.
    """
    proposal = locked_for_edit(proposal_id, person, email=email)
    entries = Entries()
    live = Grant.objects.filter(proposal=proposal, right=Grant.Right.AUTHOR, ends_at__isnull=True)
    if live.count() > limits.CO_AUTHORS:
        message = _("A proposal has at most %(most)s co-authors.") % {"most": limits.CO_AUTHORS}
        entries.fault("email", "too-many", message)
    address = user.email if user else entries.line("email", email, most=254).lower()
    entries.enforce(email=email)
    found = User.objects.filter(email=address, is_active=True).first()
    if found is None:
        message = _("Nobody has an account under this address. Ask the person to sign up, or invite them first.")
        entries.fault("email", "no-account", message)
        raise entries.refusal(email=email)
    if not live.filter(person=found).exists():
        source = _source(proposal.pk, found.pk)
        access.give([access.NewGrant(proposal.pk, Grant.Right.AUTHOR, source, found.pk)], now=now)
    return found


@transaction.atomic
def remove_co_author(*, proposal_id: int, person: User, user_id: int, now: datetime) -> None:
    """End what `add_co_author` gave; co-authors may also take themselves off.

    Raises:
        NotFound, NotAllowed, NotNow: see `locked_for_edit`; NotFound also for a person who is no co-author,
            NotAllowed also for the person who started the proposal, who stays its author.
    """
    proposal = locked_for_edit(proposal_id, person)
    if user_id == proposal.started_by_id:
        raise NotAllowed(_("The person who started a proposal stays its author."), code="starter-stays")
    if not access.end([_source(proposal.pk, user_id)], now=now):
        raise NotFound


def _source(proposal_id: int, user_id: int) -> str:
    return f"co-author:{proposal_id}:{user_id}"
