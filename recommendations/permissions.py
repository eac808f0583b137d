"""May this person do that? Named questions; what concerns a proposal is answered from openings and grants alone."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from ekip.shared.verdicts import Allowed, Denied, Verdict
from partners.models import User
from partners.permissions import holds_role
from recommendations import access
from recommendations.models import Grant, PolicyArea, Proposal

RESTORE_WITHIN = timedelta(days=30)

HIDDEN = Denied(_("There is nothing here that is open to you."), "not-found", "hidden")


def may_read(person: User, proposal: Proposal) -> Verdict:
    """Read the draft: authors and those who oversee. A reviewer's grant opens one frozen text, not the draft."""
    rights = access.rights(person, proposal.pk)
    return Allowed() if rights & {Grant.Right.AUTHOR, Grant.Right.OVERSEE} else HIDDEN


def may_edit(person: User, proposal: Proposal) -> Verdict:
    """Change the text, the evidence or the co-authors: an author, while editing is open."""
    rights = access.rights(person, proposal.pk)
    if Grant.Right.AUTHOR not in rights:
        if Grant.Right.OVERSEE in rights:
            return Denied(_("Only the authors change this text."), "not-an-author")
        return HIDDEN
    if proposal.archived_at:
        return Denied(_("This proposal is archived. Take it out of the archive to go on."), "archived", "not_now")
    if not access.is_open(proposal.pk, "edit"):
        return Denied(_("The text is frozen at this stage and cannot be changed."), "stage-moved", "not_now")
    return Allowed()


def may_delete(person: User, proposal: Proposal) -> Verdict:
    """Delete a draft: who started it, as long as it was never submitted."""
    edit = may_edit(person, proposal)
    if not edit:
        return edit
    if proposal.started_by_id != person.pk:
        return Denied(_("Only the person who started a draft can delete it."), "not-the-starter")
    if proposal.revisions.exists():
        reason = _("This proposal has been submitted before. It can be withdrawn or archived, not deleted.")
        return Denied(reason, "submitted-before", "not_now")
    return Allowed()


def may_restore(person: User, proposal: Proposal, *, now: datetime) -> Verdict:
    """Bring a deleted draft back: who started it, within thirty days (half-open)."""
    if proposal.deleted_at is None or proposal.started_by_id != person.pk:
        return HIDDEN
    if Grant.Right.AUTHOR not in access.rights(person, proposal.pk, deleted=True):
        return HIDDEN
    if now - proposal.deleted_at >= RESTORE_WITHIN:
        return Denied(_("This draft was deleted more than thirty days ago."), "restore-too-late", "not_now")
    return Allowed()


def may_archive(person: User, proposal: Proposal) -> Verdict:
    """Put a proposal aside or take it up again: whoever may read the draft."""
    return may_read(person, proposal)


def may_keep_area(person: User, area: PolicyArea | None = None) -> Verdict:
    """Keep the register: coordinators and deputies, everywhere or for the areas in their scope."""
    scope = f"area:{area.slug}" if area else ""
    if person.is_authenticated and holds_role(person, "coordinator", "deputy", scope=scope):
        return Allowed()
    return Denied(_("Coordinators keep the register of policy areas."), "not-a-coordinator")


def may_issue_notice(person: User, area: PolicyArea) -> Verdict:
    """Say publicly that an edition is corrected, superseded or withdrawn: coordinators, deciders, editors."""
    if person.is_authenticated and holds_role(person, "coordinator", "decider", "editor", scope=f"area:{area.slug}"):
        return Allowed()
    return Denied(_("Coordinators, deciders and editors issue notices."), "not-an-editor")


def may_administer(person: User) -> Verdict:
    """Redact an edition, or enter a back catalogue: administrators."""
    if person.is_authenticated and person.is_active and person.is_staff:
        return Allowed()
    return Denied(_("Administrators do this."), "not-an-administrator")
