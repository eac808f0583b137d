"""Reviewing an example proposal: the round, the answers to its invitations, the reviews with their points."""

from datetime import datetime, timedelta
from typing import Any

from ekip.demo.data_files import Row
from ekip.demo.schedule import Schedule, moment
from ekip.shared import clock
from engine.models import Assignment, Round, Visit
from engine.models.definitions import definition_of
from engine.services import reviews, rounds
from engine.services.reviews import PointDraft, ReviewDraft
from partners.models import RoleGrant, User
from recommendations.models import Proposal
from recommendations.text import from_data, words

BETWEEN_REVIEWERS = timedelta(days=2, hours=3, minutes=10)


def open_round(
    row: Row, proposal: Proposal, everybody: dict[str, User], visit_id: int, schedule: Schedule, *, today: datetime
) -> Round:
    """The coordinator opens the round of the stage on the frozen text, and invites."""
    coordinator = User.objects.get(
        pk__in=[person.pk for person in everybody.values()],
        role_grants__role=RoleGrant.Role.COORDINATOR,
        role_grants__ended_at=None,
    )
    with clock.at(moment(today, schedule.round_opened, 10)):
        return rounds.open_round(
            proposal_id=proposal.pk,
            person=coordinator,
            visit_id=visit_id,
            template=_template(visit_id),
            reviewer_ids=[everybody[key].pk for key in invited(row)],
            closes_at=moment(today, schedule.round_closes, 15),
            now=clock.now(),
        )


def invited(row: Row) -> list[str]:
    """Whom the coordinator asks: those whom the file names, or all who handed in a review."""
    return row.get("invited") or [review["reviewer"] for review in row["reviews"]]


def answer_invitations(row: Row, round: Round, everybody: dict[str, User], *, opened: datetime) -> None:
    """Reviewers accept, one after another; where the file says who accepted, the others have not answered yet."""
    for number, key in enumerate(row.get("accepted", invited(row)), start=1):
        with clock.at(opened + number * timedelta(hours=25)):
            rounds.accept(assignment_id=_assignment(round, everybody[key]), person=everybody[key], now=clock.now())


def hand_in_reviews(row: Row, round: Round, everybody: dict[str, User], *, first: datetime) -> None:
    """Every review of the file, with its points on the words that it quotes."""
    for number, review in enumerate(row["reviews"]):
        reviewer = everybody[review["reviewer"]]
        with clock.at(first + number * BETWEEN_REVIEWERS):
            reviews.submit(
                assignment_id=_assignment(round, reviewer),
                person=reviewer,
                draft=_draft(review, round.revision.content),
                now=clock.now(),
            )


def passage_of(content: dict[str, Any], section: str, quote: str) -> str:
    """The id of the one block of the section that holds the quoted words; ValueError when there is none."""
    [blocks] = [each["blocks"] for each in content["sections"] if each["key"] == section]
    for block in from_data(blocks):
        if quote in words(block):
            return block.id
    raise ValueError(f"{section} does not say {quote!r}")


def _draft(review: Row, content: dict[str, Any]) -> ReviewDraft:
    return ReviewDraft(
        scores=review["scores"],
        comment=review["comment"].strip(),
        advice=review["advice"],
        points=tuple(
            PointDraft(
                text=point["text"].strip(),
                place=point["section"],
                block_id=passage_of(content, point["section"], point["quote"]),
                quote=point["quote"],
                wording=point.get("wording", ""),
                must_answer=point["must_answer"],
            )
            for point in review["points"]
        ),
    )


def _assignment(round: Round, reviewer: User) -> int:
    return Assignment.objects.get(round=round, reviewer=reviewer).pk


def _template(visit_id: int) -> str:
    visit = Visit.objects.select_related("run").get(pk=visit_id)
    template = definition_of(visit.run.version_id).stage(visit.stage).round
    if template is None:
        raise ValueError(f"the stage {visit.stage} has no round")
    return template.key
