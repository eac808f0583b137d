"""From a decided run to an edition in the library, with what readers learn about how it came about."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from ekip.shared.errors import Invalid, NotNow
from engine.models import Run
from engine.services.provenance import provenance
from recommendations.models import Edition, Notice, Revision
from recommendations.publishing import draft_from_revision, free_slug, issue_notice, publish


def publish_run(run: Run, *, now: datetime) -> Edition:
    """Publish the run's newest revision as the next edition of its publication; the first one makes the publication."""
    revision = Revision.objects.filter(proposal=run.proposal_id).order_by("-number")[0]
    slug = run.publication.slug if run.publication else free_slug(run.proposal.title)
    draft = draft_from_revision(revision, slug=slug, provenance=provenance(run, revision))
    edition = publish(draft, now=now)
    if run.publication_id is None:
        run.publication = edition.publication
        run.save(update_fields=["publication"])
    return edition


def reissue(run: Run, *, reason: str, now: datetime) -> Edition:
    """Publish the corrected text as the next edition; the one before says that it was corrected, and why.

    Raises:
        NotNow: the text is the same as in the newest edition.
    """
    before = newest_edition(run)
    revision = Revision.objects.filter(proposal=run.proposal_id).order_by("-number")[0]
    if revision.content_hash == before.revision_hash:
        raise NotNow(_("The text is the same as in the published edition. Correct it first."), code="unchanged")
    edition = publish_run(run, now=now)
    issue_notice(before, Notice.Kind.CORRECTION, reason, person=None, now=now, successor=edition)
    return edition


def supersede(run: Run, *, reason: str, successor_id: int | None, now: datetime) -> Edition:
    """Say at the newest edition, with a reason, that an edition of another publication takes its place.

    Raises:
        Invalid: no successor was chosen, or it is no current edition of another publication.
    """
    edition = newest_edition(run)
    successor = _chosen(successor_id)
    issue_notice(edition, Notice.Kind.SUPERSESSION, reason, person=None, now=now, successor=successor)
    return edition


def withdraw(run: Run, *, reason: str, successor_id: int | None, now: datetime) -> Edition:
    """Withdraw the newest edition with a reason that stands at its address, and perhaps what takes its place.

    Raises:
        Invalid: the successor is no current edition of another publication.
    """
    edition = newest_edition(run)
    successor = _chosen(successor_id)
    issue_notice(edition, Notice.Kind.WITHDRAWAL, reason, person=None, now=now, successor=successor)
    return edition


def newest_edition(run: Run) -> Edition:
    """The newest edition of the run's publication."""
    return Edition.objects.filter(publication=run.publication_id).order_by("-number")[0]


def _chosen(successor_id: int | None) -> Edition | None:
    if successor_id is None:
        return None
    successor = Edition.objects.filter(pk=successor_id).first()
    if successor is None:
        raise Invalid(errors={"successor": [str(_("Choose what takes its place."))]})
    return successor
