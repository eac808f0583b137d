"""Changing the words of the mail that a process sends."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ekip.shared.errors import EditConflict, Invalid, NotFound
from engine.models import MailText, ProcessDefinition
from engine.permissions import may_design
from engine.process.mail_texts import LONGEST_BODY, LONGEST_SUBJECT, TextFault, faults
from engine.wording import BY_KEY
from partners.languages import CHOICES
from partners.models import User

EMPTY = gettext_lazy("Write something here, or go back to our words.")


@transaction.atomic
def save_mail_text(
    *,
    definition_key: str,
    kind: str,
    language: str,
    subject: str,
    body: str,
    version: int,
    person: User,
    now: datetime,
) -> MailText:
    """Store the words of one kind of mail; `version` is that of the save they rest on, 0 when our words stood there.

    Raises:
        NotAllowed: the person does not change processes.
        NotFound: no such process, kind of mail or language.
        EditConflict: somebody saved meanwhile; carries `theirs`, None when they went back to our words.
        Invalid: a placeholder that is none, a line break in the subject …; `errors` by field.
    """
    definition = _locked(definition_key, kind, language, person)
    subject, body = subject.strip(), body.replace("\r\n", "\n").strip()
    if errors := text_errors(kind, subject=subject, body=body):
        raise Invalid(code="mail-text", errors=errors)
    row = MailText.objects.filter(definition=definition, kind=kind, language=language).first()
    if (row.version if row else 0) != version:
        raise EditConflict(theirs=row, kept={"subject": subject, "body": body})
    row = row or MailText(definition=definition, kind=kind, language=language, version=0)
    row.subject, row.body, row.version = subject, body, row.version + 1
    row.saved_by, row.saved_at = person, now
    row.save()
    return row


@transaction.atomic
def use_our_words(*, definition_key: str, kind: str, language: str, version: int, person: User) -> None:
    """Let our own words be sent again. Doing it twice is harmless.

    Raises:
        NotAllowed, NotFound: as for saving.
        EditConflict: somebody saved other words than those that the person saw.
    """
    definition = _locked(definition_key, kind, language, person)
    row = MailText.objects.filter(definition=definition, kind=kind, language=language).first()
    if row and row.version != version:
        raise EditConflict(theirs=row)
    if row:
        row.delete()


def text_errors(kind: str, *, subject: str, body: str) -> dict[str, list[str]]:
    """What is wrong with the words of a kind of mail, by field, in words; empty when they can be sent."""
    allowed = BY_KEY[kind].placeholders
    found = {
        "subject": faults(subject, allowed, is_subject=True),
        "body": faults(body, allowed, is_subject=False),
    }
    return {
        name: [_told(fault, LONGEST_SUBJECT if name == "subject" else LONGEST_BODY) for fault in each]
        for name, each in found.items()
        if each
    }


def _locked(key: str, kind: str, language: str, person: User) -> ProcessDefinition:
    may_design(person).enforce()
    definition = ProcessDefinition.objects.select_for_update(no_key=True).filter(key=key).first()
    if definition is None or kind not in BY_KEY or language not in dict(CHOICES):
        raise NotFound
    return definition


def _told(fault: TextFault, longest: int) -> str:
    match fault.code:
        case "empty":
            return str(EMPTY)
        case "too-long":
            return _("Write at most %(n)d characters.") % {"n": longest}
        case "line-break":
            return _("A subject is one line. Take out the line break.")
        case "control-character":
            return _("There is a character here that cannot be shown. Type the words anew instead of pasting them.")
        case "unknown-placeholder" if fault.near:
            words = _("%(found)s is no placeholder of this mail. Do you mean {%(near)s}?")
            return words % {"found": fault.found, "near": fault.near}
        case "unknown-placeholder":
            return _("%(found)s is no placeholder of this mail. Those that can be used are listed on this page.") % {
                "found": fault.found
            }
        case _:
            return _("A brace stands alone here: %(found)s. Braces are kept for placeholders.") % {"found": fault.found}
