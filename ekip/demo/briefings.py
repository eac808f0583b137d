"""The research briefings of the policy areas: written and published by example people, through the real services."""

from datetime import datetime, timedelta

from ekip.demo.data_files import Row, rows
from ekip.shared import clock
from partners.models import User
from recommendations.areas.briefings import BriefingDraft, publish_briefing, save_briefing
from recommendations.models import Briefing, PolicyArea
from recommendations.text import from_plain_text, to_data

LOOKED_AT = timedelta(days=2)


def load_briefings(everybody: dict[str, User], *, now: datetime) -> int:
    """Write the briefings that are missing at `now` and publish them two days later; the number added."""
    known = set(Briefing.objects.values_list("area__slug", flat=True))
    new = [row for row in rows("briefings") if row["area"] not in known]
    for row in new:
        _write(row, everybody[row["written_by"]], now=now)
    return len(new)


def _write(row: Row, person: User, *, now: datetime) -> None:
    area = PolicyArea.objects.get(slug=row["area"])
    blocks = to_data(from_plain_text(row["text"], lang="en", salt="briefing"))
    with clock.at(now):
        draft = BriefingDraft(blocks, row["questions"])
        save_briefing(area_id=area.pk, person=person, draft=draft, version=0, now=clock.now())
    with clock.at(now + LOOKED_AT):
        publish_briefing(area_id=area.pk, person=person, now=clock.now())
