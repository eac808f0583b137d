"""The evidence that a proposal cites."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import NotFound
from partners.models import User
from recommendations.drafting import limits
from recommendations.drafting.locking import locked_for_edit, mark_changed
from recommendations.entries import Entries
from recommendations.keys import new_key
from recommendations.models import Evidence, Proposal, Revision


@dataclass(frozen=True)
class EvidenceDraft:
    """What a person enters for one piece of evidence; `kind` is a value of `Evidence.Kind`."""

    title: str
    kind: str
    address: str = ""
    publisher: str = ""
    year: int | None = None
    note: str = ""


@transaction.atomic
def add_evidence(*, proposal_id: int, person: User, draft: EvidenceDraft, now: datetime) -> Evidence:
    """Add a piece of evidence; its key is made from the title.

    Raises:
        NotFound, NotAllowed, NotNow: see `locked_for_edit`.
        Invalid: a faulty field, or the proposal has as many as it can.
    """
    kept = asdict(draft)
    proposal = locked_for_edit(proposal_id, person, **kept)
    entries = Entries()
    if proposal.evidence.count() >= limits.EVIDENCE:
        message = _("A proposal cites at most %(most)s pieces of evidence.") % {"most": limits.EVIDENCE}
        entries.fault("title", "too-many", message)
    evidence = Evidence(
        proposal=proposal,
        title=entries.line("title", draft.title, most=limits.EVIDENCE_TITLE),
        kind=entries.chosen("kind", draft.kind, Evidence.Kind.values),
        address=entries.address("address", draft.address, most=limits.ADDRESS),
        publisher=entries.line("publisher", draft.publisher, most=limits.PUBLISHER, required=False),
        year=entries.year("year", draft.year),
        note=entries.prose("note", draft.note, most=limits.NOTE, required=False),
        added_by=person,
        is_example=proposal.is_example,
    )
    entries.enforce(**kept)
    evidence.key = new_key(evidence.title, fallback="evidence", taken=lambda key: _is_taken(proposal, key))
    evidence.save()
    mark_changed(proposal, now)
    return evidence


@transaction.atomic
def remove_evidence(*, proposal_id: int, key: str, person: User, now: datetime) -> None:
    """Take a piece of evidence out; recommendations that cited it do so no longer.

    Raises:
        NotFound, NotAllowed, NotNow: see `locked_for_edit`; NotFound also for one that does not exist.
    """
    proposal = locked_for_edit(proposal_id, person)
    evidence = proposal.evidence.filter(key=key).first()
    if evidence is None:
        raise NotFound
    evidence.delete()
    mark_changed(proposal, now)


def _is_taken(proposal: Proposal, key: str) -> bool:
    named = {"evidence": [{"key": key}]}
    return (
        proposal.evidence.filter(key=key).exists()
        or Revision.objects.filter(proposal=proposal, content__contains=named).exists()
    )
