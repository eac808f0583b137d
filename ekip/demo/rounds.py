"""What a review and a city test of the demonstration have in common: round, invitations, points on quoted words."""

from collections.abc import Iterable
from typing import Any

from ekip.demo.data_files import Row
from ekip.demo.schedule import RoundDays
from ekip.demo.story import Story
from ekip.shared import clock
from engine.models import Assignment
from engine.services import rounds
from engine.services.reviews import PointDraft
from recommendations.text import from_data, words


def open_round(story: Story, stage: str, template: str, days: RoundDays, invited: Iterable[str]) -> None:
    """The coordinator opens the round of the stage on the frozen text, and invites."""
    rounds.open_round(
        proposal_id=story.proposal.pk,
        person=story.coordinator,
        visit_id=story.visit(stage).pk,
        template=template,
        reviewer_ids=[story.people[key].pk for key in invited],
        closes_at=story.at(days.closes, 15),
        now=clock.now(),
    )


def accept(story: Story, stage: str, key: str) -> None:
    """One of those invited says yes."""
    rounds.accept(assignment_id=assignment(story, stage, key).pk, person=story.people[key], now=clock.now())


def assignment(story: Story, stage: str, key: str) -> Assignment:
    """What that person was asked in the stage's open round."""
    found = Assignment.objects.select_related("round__revision")
    return found.get(round__visit=story.visit(stage), round__closed_at=None, reviewer=story.people[key])


def points(rows: Iterable[Row], content: dict[str, Any]) -> tuple[PointDraft, ...]:
    """The points of a file as drafts, each on the passage of the frozen text that it quotes."""
    return tuple(
        PointDraft(
            text=row["text"].strip(),
            place=row["section"],
            block_id=passage_of(content, row["section"], row["quote"]),
            quote=row["quote"],
            wording=row.get("wording", ""),
            must_answer=row["must_answer"],
        )
        for row in rows
    )


def passage_of(content: dict[str, Any], section: str, quote: str) -> str:
    """The id of the one block of the section that holds the quoted words; ValueError when there is none."""
    [blocks] = [each["blocks"] for each in content["sections"] if each["key"] == section]
    for block in from_data(blocks):
        if quote in words(block):
            return block.id
    raise ValueError(f"{section} does not say {quote!r}")
