"""Testing an example proposal in a city, beside its review: the round, and the case that the city records."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from ekip.demo.data_files import Row
from ekip.demo.rounds import accept, assignment, open_round, points
from ekip.demo.story import Story
from ekip.demo.timeline import Step
from ekip.shared import clock
from engine.services import cases
from engine.services.cases import CaseDraft
from partners.models import Ecosystem

STAGE, TEMPLATE = "city-prototyping", "city-test"


def city_test(story: Story) -> Iterator[Step]:
    """The city is asked, accepts, and hands in its case; where the file says so it has only begun to write."""
    days = story.schedule.city_test
    if days is None:
        return
    row = story.row["city_test"]
    opened = story.at(days.opened, 11)
    yield Step(opened, partial(open_round, story, STAGE, TEMPLATE, days, [row["facilitator"]]))
    yield Step(opened + timedelta(hours=27), partial(accept, story, STAGE, row["facilitator"]))
    if days.handed_in is not None:
        yield Step(story.at(days.handed_in, 16, 20), partial(_record, story, row))


def _record(story: Story, row: Row) -> None:
    mine = assignment(story, STAGE, row["facilitator"])
    act = cases.submit if row.get("handed_in", True) else cases.save
    draft = _draft(story, row, mine.round.revision.content)
    act(assignment_id=mine.pk, person=mine.reviewer, draft=draft, now=clock.now())


def _draft(story: Story, row: Row, content: dict[str, Any]) -> CaseDraft:
    """The case of the file; it knows a recommendation by the key of the file, the frozen text by its own."""
    own = [each["key"] for each in story.row["recommendations"]]
    frozen = dict(zip(own, [each["key"] for each in content["recommendations"]], strict=True))
    return CaseDraft(
        ecosystem_id=Ecosystem.objects.get(slug=row["ecosystem"]).pk,
        set_up=row["set_up"].strip(),
        participants=row["participants"],
        findings={frozen[met["recommendation"]]: met["text"].strip() for met in row["met"]},
        gaps=row["gaps"].strip(),
        resources=row["resources"].strip(),
        points=points(row["points"], content),
    )
