"""Drafts of processes: copied from a version, changed, and published as the next one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import EditConflict, Invalid, NotFound, NotNow
from engine.definitions.checking import KEY, LONGEST_KEY, LONGEST_TITLE, heading
from engine.definitions.reader import UNREADABLE, unstorable
from engine.definitions.rewriting import with_value
from engine.models import ProcessDefinition, ProcessDraft, ProcessVersion
from engine.permissions import may_design
from engine.selectors.versions import differences_from
from engine.services.definitions import append_version, locked_definition, sound_definition, version_saying
from partners.models import User


@transaction.atomic
def copy_version(*, version_id: int, person: User, key: str, title: str = "", now: datetime) -> ProcessDraft:
    """Begin a draft from a version: of that process's next version, or of a new process under another key.

    Raises:
        NotAllowed: the person does not change processes.
        NotFound: there is no such version.
        Invalid: the key is none, or another process has it; the title is too long.
    """
    may_design(person).enforce()
    copied = ProcessVersion.objects.select_related("definition").filter(pk=version_id).first()
    if copied is None:
        raise NotFound
    text, based_on = copied.text, copied
    if key == copied.definition.key:
        based_on = ProcessVersion.objects.filter(definition=copied.definition).latest("number")
    else:
        _check_new(key, title)
        text = with_value(text, "key", key)
    if title:
        text = with_value(text, "title", title)
    return ProcessDraft.objects.create(
        key=key,
        title=heading(text)[1] or copied.definition.title,
        text=text,
        based_on=based_on,
        created_by=person,
        created_at=now,
        saved_by=person,
        saved_at=now,
    )


@transaction.atomic
def save_draft(*, draft_id: int, person: User, text: str, version: int, now: datetime) -> ProcessDraft:
    """Store the text of a draft, with its faults, if nobody saved it since `version`.

    Raises:
        NotAllowed: the person does not change processes.
        NotFound: the draft was deleted; NotNow: it was published.
        EditConflict: somebody saved it; carries `theirs` (the draft as stored) and `kept` (the text sent).
        Invalid: more than 256 KB, or a character that cannot be stored.
    """
    draft = _locked(draft_id, person)
    text = text.replace("\r\n", "\n")
    _check_unpublished(draft, text=text)
    if draft.version != version:
        raise EditConflict(theirs=draft, kept={"text": text})
    if code := unstorable(text):
        raise Invalid(code=code, errors={"text": [_(UNREADABLE[code])]}, kept={"text": text})
    key, title = heading(text)
    draft.key, draft.title = key or draft.key, title or draft.title
    draft.text = text
    draft.version += 1
    draft.saved_by, draft.saved_at = person, now
    draft.save(update_fields=["key", "title", "text", "version", "saved_by", "saved_at"])
    return draft


@transaction.atomic
def delete_draft(*, draft_id: int, person: User) -> None:
    """Delete a draft; one that is gone already is no news.

    Raises:
        NotAllowed: the person does not change processes.
        NotNow: it was published.
    """
    may_design(person).enforce()
    draft = ProcessDraft.objects.select_for_update().filter(pk=draft_id).first()
    if draft:
        _check_unpublished(draft)
        draft.delete()


@transaction.atomic
def rest_draft_on(*, draft_id: int, version_id: int, person: User) -> ProcessDraft:
    """Let a draft that met a newer version rest on it: what that version changed is known, and the text stays.

    Raises:
        NotAllowed: the person does not change processes.
        NotFound: the draft or the version does not exist; NotNow: the draft was published.
    """
    draft = _locked(draft_id, person)
    _check_unpublished(draft)
    version = ProcessVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise NotFound
    draft.based_on = version
    draft.save(update_fields=["based_on"])
    return draft


@transaction.atomic
def publish_draft(*, draft_id: int, person: User, version: int, now: datetime) -> ProcessVersion:
    """Publish the text of a draft, as saved in `version`, as the next version of its process.

    A draft that was published gives its version again. Runs stay on the versions under which they began.

    Raises:
        NotAllowed: the person does not change processes.
        NotFound: the draft was deleted.
        EditConflict: somebody saved it since; carries `theirs`.
        Unsound: the text has faults.
        NotNow: another version of the process was published since the draft was begun (`published-meanwhile`; carries
            `newest`, and `differences` from it in words), or says the same (`same-content`; carries `same`).
    """
    draft = _locked(draft_id, person)
    if draft.published:
        return draft.published
    if draft.version != version:
        raise EditConflict(theirs=draft)
    data = sound_definition(draft.text)
    definition = locked_definition(data)
    if same := version_saying(definition, data):
        raise _same(same)
    newest = ProcessVersion.objects.filter(definition=definition).order_by("-number").first()
    if newest and newest.pk != draft.based_on_id:
        raise NotNow(
            _("Version %(number)s was published meanwhile. Look at what differs before you publish.")
            % {"number": newest.number},
            code="published-meanwhile",
            newest=newest,
            differences=differences_from(newest, draft.text),
        )
    draft.published = append_version(definition, data, text=draft.text, person=person, now=now)
    draft.save(update_fields=["published"])
    return draft.published


def _locked(draft_id: int, person: User) -> ProcessDraft:
    may_design(person).enforce()
    # What it refers to is read when the lock is held: a joined row would be as it was before the wait.
    draft = ProcessDraft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None:
        raise NotFound
    return draft


def _check_unpublished(draft: ProcessDraft, **kept: str) -> None:
    if draft.published_id:
        raise NotNow(
            _("This draft has been published. Copy the version to change it again."),
            code="already-published",
            kept=kept,
        )


def _check_new(key: str, title: str) -> None:
    errors = {}
    if len(key) > LONGEST_KEY or not KEY.fullmatch(key):
        errors["key"] = [_("Use small letters, digits and hyphens, at most 60 characters.")]
    elif ProcessDefinition.objects.filter(key=key).exists():
        errors["key"] = [_("Another process has this key. Choose another.")]
    if len(title) > LONGEST_TITLE:
        errors["title"] = [_("Use at most 120 characters.")]
    if errors:
        raise Invalid(errors=errors)


def _same(same: ProcessVersion) -> NotNow:
    words = (
        _("Version %(number)s, which was withdrawn, says the same. Nothing was published.")
        if same.is_withdrawn
        else _("Version %(number)s says the same already. Nothing was published.")
    )
    return NotNow(words % {"number": same.number}, code="same-content", same=same)
