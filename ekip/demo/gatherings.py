"""The gatherings of an example proposal: each is recorded by the coordinator on the evening of its last day."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from ekip.demo.data_files import Row
from ekip.demo.story import Story
from ekip.demo.timeline import Step
from ekip.shared import clock
from engine.services import gatherings
from partners.models import Ecosystem, Organisation, Territory
from partners.services.gatherings import GatheringDraft, Group


def held(story: Story) -> Iterator[Step]:
    """People met on the days of the schedule, in the order of the file."""
    for day, row in zip(story.schedule.gatherings, story.row["gatherings"], strict=True):
        last = day + row.get("days", 1) - 1
        act = partial(_record, story, row, story.at(day).date(), story.at(last).date())
        yield Step(story.at(last, 17, 30), act)


def _record(story: Story, row: Row, held_on: date, ended_on: date) -> None:
    draft = GatheringDraft(
        kind=row["kind"],
        title=row["title"],
        held_on=held_on,
        ended_on=ended_on,
        ecosystem_id=Ecosystem.objects.get(slug=row["ecosystem"]).pk if "ecosystem" in row else None,
        territory_id=Territory.objects.get(slug=row["territory"]).pk if "territory" in row else None,
        is_online=row.get("is_online", False),
        host_id=Organisation.objects.get(slug=row["host"]).pk,
        outcome=row["outcome"].strip(),
        attendance=tuple(Group(**group) for group in row["attendance"]),
    )
    gatherings.record(proposal_id=story.proposal.pk, person=story.coordinator, draft=draft, now=clock.now())
