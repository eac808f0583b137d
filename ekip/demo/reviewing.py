"""Reviewing an example proposal: the round, the answers to its invitations, the reviews with their points."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from ekip.demo.data_files import Row
from ekip.demo.rounds import accept, assignment, open_round, points
from ekip.demo.story import Story
from ekip.demo.timeline import Step
from ekip.shared import clock
from engine.services import reviews
from engine.services.reviews import ReviewDraft

STAGE = TEMPLATE = "community-review"
BETWEEN_ANSWERS = timedelta(hours=25)
BETWEEN_REVIEWERS = timedelta(days=2, hours=3, minutes=10)


def review(story: Story) -> Iterator[Step]:
    """The round is opened; reviewers accept one after another, and hand in what the file holds.

    Where the file says who accepted, the others have not answered.
    """
    days = story.schedule.review
    asked = invited(story.row)
    opened = story.at(days.opened, 10)
    yield Step(opened, partial(open_round, story, STAGE, TEMPLATE, days, asked))
    for number, key in enumerate(story.row.get("accepted", asked), start=1):
        yield Step(opened + number * BETWEEN_ANSWERS, partial(accept, story, STAGE, key))
    if days.handed_in is not None:
        first = story.at(days.handed_in, 14, 40)
        for number, row in enumerate(story.row["reviews"]):
            yield Step(first + number * BETWEEN_REVIEWERS, partial(_hand_in, story, row))


def invited(row: Row) -> list[str]:
    """Whom the coordinator asks: those whom the file names, or all who handed in a review."""
    return row.get("invited") or [review["reviewer"] for review in row["reviews"]]


def _hand_in(story: Story, row: Row) -> None:
    mine = assignment(story, STAGE, row["reviewer"])
    draft = ReviewDraft(
        scores=row["scores"],
        comment=row["comment"].strip(),
        advice=row["advice"],
        points=points(row["points"], mine.round.revision.content),
    )
    reviews.submit(assignment_id=mine.pk, person=mine.reviewer, draft=draft, now=clock.now())
