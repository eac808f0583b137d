"""The one way past "published rows are only appended": a court's order, or personal data that must go."""

from datetime import datetime

import pgtrigger
from django.db import models, transaction
from django.utils.translation import gettext as _

from ekip.shared.append_only import AppendOnly
from ekip.shared.errors import NotNow
from partners.models import User
from recommendations.entries import Entries
from recommendations.models import (
    Edition,
    EditionDocument,
    EditionEvidence,
    EditionRecommendation,
    EditionText,
    Notice,
)
from recommendations.permissions import may_administer
from recommendations.publishing.notices import TEXT
from recommendations.publishing.serial import next_serial

EMPTY: dict[type[AppendOnly], dict[str, object]] = {
    EditionDocument: {"body": b""},
    EditionText: {"title": "", "sort_key": "", "summary": "", "sections": [], "folded": ""},
    EditionRecommendation: {"statement": "", "rationale": [], "guideline": []},
    EditionEvidence: {"title": "", "address": "", "publisher": "", "year": None, "note": ""},
}


@transaction.atomic
def redact_edition(edition: Edition, *, person: User, reason: str, now: datetime) -> Notice:
    """Remove the words of an edition for good and say so in a public notice with the reason.

    The edition, its number, serial and authors stay. Its bodies answer "gone" from now on.

    Raises:
        NotAllowed: the person is not an administrator.
        NotNow: the edition was redacted before.
        Invalid: there is no reason, or too long a one.
    """
    may_administer(person).enforce()
    entries = Entries()
    words = entries.prose("reason", reason, most=TEXT)
    entries.enforce(reason=reason)
    serial = next_serial()
    if edition.documents.filter(body=b"").exists():
        raise NotNow(_("The text of this edition has been removed already."), code="redacted")
    with pgtrigger.ignore(*(f"{model._meta.label}:append_only" for model in EMPTY)):
        for model, values in EMPTY.items():
            # A plain query set: the one of append-only rows refuses updates.
            models.QuerySet(model).filter(edition=edition).update(**values)
    return Notice.objects.create(
        edition=edition,
        kind=Notice.Kind.WITHDRAWAL,
        text=words,
        serial=serial,
        issued_at=now,
        issued_by=person,
    )
