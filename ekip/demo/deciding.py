"""What moves an example proposal on: submitted, answered, decided, corrected, or taken back by its authors."""

from collections.abc import Iterator
from functools import partial

from ekip.demo.data_files import Row
from ekip.demo.story import Story
from ekip.demo.timeline import Step
from ekip.shared import clock
from engine.models import Point
from engine.services import decisions, points, submission


def submissions(story: Story) -> Iterator[Step]:
    """The text is submitted, and submitted anew after the revision."""
    days = story.schedule
    yield Step(story.at(days.submitted, 15, 20), partial(_submit, story, "drafting"))
    if days.resubmitted is not None:
        yield Step(story.at(days.resubmitted, 16, 5), partial(_submit, story, "revision"))


def answers(story: Story) -> Iterator[Step]:
    """The author gives every answer of the file."""
    if story.schedule.answered is not None:
        yield Step(story.at(story.schedule.answered, 9, 10), partial(_answer, story))


def decision(story: Story) -> Iterator[Step]:
    """A decider publishes the proposal or returns it."""
    if story.schedule.decided is not None:
        row = story.row["decision"]
        at = story.at(story.schedule.decided, 10, 30)
        yield Step(at, partial(_decide, story, "decision", row["outcome"], row["reason"]))


def correction(story: Story) -> Iterator[Step]:
    """Whoever decided has the edition corrected, and publishes the mended text as the next one with its notice."""
    days = story.schedule.correction
    if days is not None:
        row = story.row["correction"]
        yield Step(story.at(days.asked, 9, 30), partial(_decide, story, "follow-up", "correct", row["reason"]))
        yield Step(story.at(days.reissued, 11), partial(_decide, story, "correction", "reissue", row["notice"]))


def withdrawal(story: Story) -> Iterator[Step]:
    """The authors take the submission back while it is being reviewed."""
    if story.schedule.withdrawn is not None:
        yield Step(story.at(story.schedule.withdrawn, 10, 15), partial(_withdraw, story, story.row["withdrawal"]))


def points_of(row: Row) -> list[Row]:
    """The points of a file: those of its reviews, then those of the city test."""
    raised = [point for review in row["reviews"] for point in review["points"]]
    return raised + row.get("city_test", {}).get("points", [])


def _submit(story: Story, stage: str) -> None:
    submission.submit(
        proposal_id=story.proposal.pk, person=story.author, visit_id=story.visit(stage).pk, now=clock.now()
    )


def _answer(story: Story) -> None:
    """A point is found by its words."""
    texts = {point["key"]: point["text"].strip() for point in points_of(story.row)}
    stored = Point.objects.filter(review__assignment__round__visit__run__proposal=story.proposal)
    for row in story.row["dispositions"]:
        points.dispose(
            point_id=stored.get(text=texts[row["point"]]).pk,
            person=story.author,
            outcome=row["outcome"],
            reason=row["reason"].strip(),
            now=clock.now(),
        )


def _decide(story: Story, stage: str, outcome: str, reason: str) -> None:
    decisions.decide(
        proposal_id=story.proposal.pk,
        person=story.people[story.row["decision"]["by"]],
        visit_id=story.visit(stage).pk,
        outcome=outcome,
        reason=reason.strip(),
        now=clock.now(),
    )


def _withdraw(story: Story, row: Row) -> None:
    submission.withdraw(
        proposal_id=story.proposal.pk,
        person=story.people[row["by"]],
        visit_id=story.visit("community-review").pk,
        reason=row["reason"].strip(),
        now=clock.now(),
    )
