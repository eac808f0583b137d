"""What is said about an edition after it appeared."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid, NotNow
from partners.models import User
from recommendations.entries import Entries
from recommendations.library.selectors import successors_of
from recommendations.models import Edition, Notice
from recommendations.permissions import may_issue_notice
from recommendations.publishing.document import render_document
from recommendations.publishing.serial import next_serial

TEXT = 4000


@transaction.atomic
def issue_notice(
    edition: Edition,
    kind: str,
    text: str,
    *,
    person: User | None,
    now: datetime,
    successor: Edition | None = None,
) -> Notice:
    """Append a notice; `kind` is a value of `Notice.Kind`. Without a person the platform itself issues it.

    Raises:
        NotAllowed: the person does not issue notices in this policy area.
        NotNow: the edition was withdrawn before.
        Invalid: a faulty field, or a successor that cannot take the place.
    """
    if person is not None:
        may_issue_notice(person, edition.publication.area).enforce()
    entries = Entries()
    kind = entries.chosen("kind", kind, Notice.Kind.values)
    words = entries.prose("text", text, most=TEXT)
    if successor is not None and successor.pk == edition.pk:
        entries.fault("successor", "own-successor", _("An edition does not follow itself."))
    if kind == Notice.Kind.SUPERSESSION and successor is None:
        entries.fault("successor", "field-empty", _("Choose what takes its place."))
    entries.enforce(kind=kind, text=text)
    serial = next_serial()
    # After the lock: nobody else can issue a notice now.
    if edition.notices.filter(kind=Notice.Kind.WITHDRAWAL).exists():
        raise NotNow(_("This edition has been withdrawn already."), code="withdrawn")
    if successor is not None and kind != Notice.Kind.CORRECTION and not _takes_the_place(successor, edition):
        errors = {"successor": [_("Choose a current edition of another publication.")]}
        raise Invalid(code="successor-not-current", errors=errors)
    notice = Notice.objects.create(
        edition=edition,
        kind=kind,
        text=words,
        successor=successor,
        serial=serial,
        issued_at=now,
        issued_by=person,
    )
    render_document(edition, now=now)
    return notice


def _takes_the_place(successor: Edition, edition: Edition) -> bool:
    return successors_of(edition.publication_id).filter(pk=successor.pk).exists()
