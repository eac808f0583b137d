"""The sections of a proposal's text."""

from datetime import datetime

from django.db import transaction

from ekip.shared.errors import EditConflict, NotFound
from partners.models import User
from recommendations.content import Blocks
from recommendations.drafting import limits
from recommendations.drafting.locking import locked_for_edit, mark_changed
from recommendations.entries import Entries
from recommendations.models import Section
from recommendations.text import from_data, word_count


@transaction.atomic
def save_section(*, proposal_id: int, key: str, person: User, blocks: Blocks, version: int, now: datetime) -> Section:
    """Store the text of the section whose kind has `key`, if nobody saved it since `version`.

    Raises:
        NotFound, NotAllowed, NotNow: see `locked_for_edit`; NotFound also for a section that does not exist.
        EditConflict: somebody did; carries `theirs` (the section as stored) and `kept` (the blocks sent).
        Invalid: the blocks are not in the text form, or more than 300 kilobytes.
    """
    proposal = locked_for_edit(proposal_id, person, blocks=blocks)
    section = Section.objects.select_related("kind", "saved_by").filter(proposal=proposal, kind__key=key).first()
    if section is None:
        raise NotFound
    if section.version != version:
        raise EditConflict(theirs=section, kept={"blocks": blocks})
    entries = Entries()
    section.blocks = entries.blocks("blocks", blocks, most=limits.SECTION_BYTES)
    entries.enforce(blocks=blocks)
    section.words = word_count(from_data(section.blocks))
    section.version += 1
    section.saved_by, section.saved_at = person, now
    section.save(update_fields=["blocks", "words", "version", "saved_by", "saved_at"])
    mark_changed(proposal, now)
    return section
