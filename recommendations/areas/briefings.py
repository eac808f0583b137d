"""Writing the research briefing of a policy area, with its guiding questions, and publishing it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import EditConflict, NotNow
from partners.models import User
from recommendations.areas.services import locked_area
from recommendations.content import Blocks
from recommendations.entries import Entries
from recommendations.models import Briefing, PolicyArea
from recommendations.text import from_data, word_count

QUESTIONS = 5
QUESTION = 300


@dataclass(frozen=True)
class BriefingDraft:
    """What a person writes: `blocks` in the text form, and the guiding questions in their order."""

    blocks: Blocks
    questions: list[str]


@transaction.atomic
def save_briefing(*, area_id: int, person: User, draft: BriefingDraft, version: int, now: datetime) -> Briefing:
    """Store the briefing of an area, if nobody saved it since `version` (0: before the first save).

    A draft may be unfinished. What has been published changes at once for everybody, and stays complete.

    Raises:
        NotFound, NotAllowed: no such area, or not this person's to keep.
        EditConflict: somebody saved; carries `theirs` (the briefing as stored) and `kept` (the draft).
        Invalid: the text is not in the text form or too large; too many or too long questions; see above.
    """
    area = locked_area(area_id, person)
    briefing = briefing_of(area)
    if briefing.pk and briefing.version != version:
        raise EditConflict(theirs=briefing, kept=asdict(draft))
    entries = Entries()
    briefing.blocks = entries.blocks("blocks", draft.blocks)
    briefing.questions = _questions(entries, draft.questions)
    if briefing.published_at and not entries.errors:
        _complete(entries, briefing)
    entries.enforce(**asdict(draft))
    briefing.version += 1
    briefing.written_by, briefing.written_at = person, now
    briefing.is_example = area.is_example or person.is_example
    briefing.save()
    return briefing


@transaction.atomic
def publish_briefing(*, area_id: int, person: User, now: datetime) -> Briefing:
    """Show the briefing to everybody; proposals that wait for it can be drafted. Publishing twice changes nothing.

    Raises:
        NotFound, NotAllowed: no such area, or not this person's to keep.
        NotNow: the area is not selected.
        Invalid: the text is empty, or there is no guiding question.
    """
    area = locked_area(area_id, person)
    briefing = briefing_of(area)
    if briefing.published_at:
        return briefing
    if area.selected_at is None:
        raise NotNow(_("This policy area has not been selected."), code="area-not-selected")
    entries = Entries()
    _complete(entries, briefing)
    entries.enforce()
    briefing.published_at = now
    briefing.save(update_fields=["published_at"])
    return briefing


def briefing_of(area: PolicyArea) -> Briefing:
    """The briefing of an area as stored; an empty one, not stored, before the first save."""
    return Briefing.objects.select_related("written_by").filter(area=area).first() or Briefing(area=area)


def is_complete(briefing: Briefing) -> bool:
    """Whether it can be published: a text, and at least one question."""
    return bool(briefing.questions) and word_count(from_data(briefing.blocks)) > 0


def _complete(entries: Entries, briefing: Briefing) -> None:
    if not word_count(from_data(briefing.blocks)):
        entries.fault("blocks", "field-empty", _("Write the text of the briefing."))
    if not briefing.questions:
        entries.fault("questions", "field-empty", _("Ask at least one guiding question."))


def _questions(entries: Entries, value: list[str]) -> list[str]:
    lines = [entries.line("questions", each, most=QUESTION, required=False) for each in value]
    questions = [line for line in lines if line]
    if len(questions) > QUESTIONS:
        message = _("At most %(most)s questions; these are %(number)s.")
        entries.fault("questions", "field-too-long", message % {"most": QUESTIONS, "number": len(questions)})
    return questions
