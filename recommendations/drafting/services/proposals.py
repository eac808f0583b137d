"""A proposal as a whole: started, named, put aside, deleted, brought back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import EditConflict
from partners.languages import LANGUAGES
from partners.models import Organisation, User
from partners.permissions import drafting_organisations
from recommendations import access
from recommendations.areas.eligibility import is_open_to_proposals
from recommendations.drafting import limits
from recommendations.drafting.locking import enforce, locked_for_edit, locked_proposal
from recommendations.entries import Entries
from recommendations.models import Grant, PolicyArea, Proposal, Section, SectionKind
from recommendations.permissions import may_archive, may_delete, may_restore


@transaction.atomic
def start_proposal(
    *,
    person: User,
    title: str,
    area: PolicyArea,
    lead_organisation: Organisation,
    language: str,
    now: datetime,
    summary: str = "",
    is_example: bool = False,
) -> Proposal:
    """Store a new proposal with an empty section of every kind; the person becomes its first author.

    Nothing is open on it yet: the engine opens a run and with it the editing.

    Raises:
        Invalid: a faulty field; an area that is not open to proposals; an organisation for which the person does
            not draft.
    """
    area = PolicyArea.objects.select_for_update(no_key=True).get(pk=area.pk)
    entries = Entries()
    title = entries.line("title", title, most=limits.TITLE)
    summary = entries.prose("summary", summary, most=limits.SUMMARY, required=False)
    language = entries.chosen("language", language, [known.tag for known in LANGUAGES])
    if not is_open_to_proposals(area.selected_at, sources=area.sources.count()):
        message = _("This policy area is not open to proposals: it has not been selected, or lacks sources.")
        entries.fault("area", "area-not-open", message)
    if not drafting_organisations(person).filter(pk=lead_organisation.pk).exists():
        message = _("You draft for an organisation as its drafter or manager.")
        entries.fault("lead_organisation", "not-a-drafter", message)
    entries.enforce(title=title, summary=summary)

    proposal = Proposal.objects.create(
        title=title,
        summary=summary,
        area=area,
        lead_organisation=lead_organisation,
        started_by=person,
        language=language,
        started_at=now,
        changed_at=now,
        is_example=is_example,
    )
    Section.objects.bulk_create(
        [Section(proposal=proposal, kind=kind, saved_by=person, saved_at=now) for kind in SectionKind.objects.all()]
    )
    authorship = access.NewGrant(proposal.pk, Grant.Right.AUTHOR, f"authorship:{person.pk}", person.pk)
    access.give([authorship], now=now)
    return proposal


@transaction.atomic
def save_details(*, proposal_id: int, person: User, title: str, summary: str, version: int, now: datetime) -> Proposal:
    """Store title and summary, if nobody saved them since `version`.

    Raises:
        NotFound, NotAllowed, NotNow: see `locked_for_edit`.
        EditConflict: somebody did; carries `theirs` (the proposal as stored) and `kept` (what was typed).
        Invalid: a faulty field.
    """
    kept = {"title": title, "summary": summary}
    proposal = locked_for_edit(proposal_id, person, **kept)
    if proposal.version != version:
        raise EditConflict(theirs=proposal, kept=kept)
    entries = Entries()
    proposal.title = entries.line("title", title, most=limits.TITLE)
    proposal.summary = entries.prose("summary", summary, most=limits.SUMMARY, required=False)
    entries.enforce(**kept)
    proposal.version += 1
    proposal.changed_at = now
    proposal.save(update_fields=["title", "summary", "version", "changed_at"])
    return proposal


@transaction.atomic
def delete_draft(*, proposal_id: int, person: User, now: datetime) -> Proposal:
    """Take a draft away that was never submitted; `restore_draft` undoes it for thirty days.

    Raises:
        NotFound, NotAllowed, NotNow: as `may_delete` says.
    """
    proposal = locked_proposal(proposal_id)
    enforce(may_delete(person, proposal))
    proposal.deleted_at = now
    proposal.save(update_fields=["deleted_at"])
    return proposal


@transaction.atomic
def restore_draft(*, proposal_id: int, person: User, now: datetime) -> Proposal:
    """Bring a deleted draft back as it was.

    Raises:
        NotFound, NotNow: as `may_restore` says.
    """
    proposal = locked_proposal(proposal_id, deleted=True)
    enforce(may_restore(person, proposal, now=now))
    proposal.deleted_at = None
    proposal.save(update_fields=["deleted_at"])
    return proposal


@transaction.atomic
def archive_proposal(*, proposal_id: int, person: User, now: datetime) -> Proposal:
    """Put a proposal aside: it leaves the lists and cannot be edited. Archiving twice keeps the first instant.

    Raises:
        NotFound: the person may not read the draft.
    """
    proposal = locked_proposal(proposal_id)
    enforce(may_archive(person, proposal))
    proposal.archived_at = proposal.archived_at or now
    proposal.save(update_fields=["archived_at"])
    return proposal


@transaction.atomic
def unarchive_proposal(*, proposal_id: int, person: User, now: datetime) -> Proposal:
    """Take a proposal up again.

    Raises:
        NotFound: the person may not read the draft.
    """
    proposal = locked_proposal(proposal_id)
    enforce(may_archive(person, proposal))
    proposal.archived_at, proposal.changed_at = None, now
    proposal.save(update_fields=["archived_at", "changed_at"])
    return proposal
