"""The example proposals, each brought as far as its file says by running the real services under a simulated clock."""

from datetime import datetime

from django.db import transaction

from ekip.demo import people, writing
from ekip.demo.data_files import Row, proposals
from ekip.demo.reviewing import answer_invitations, hand_in_reviews, open_round
from ekip.demo.schedule import SCHEDULES, Schedule, moment
from ekip.shared import clock
from engine.models import Point, Visit
from engine.services import clockwork, decisions, points, submission
from partners.models import User
from recommendations.models import Proposal

People = dict[str, User]


def load_proposals(*, today: datetime) -> int:
    """Play the story of every proposal that is missing; the number played. Each is stored whole or not at all."""
    everybody = people.by_key()
    known = set(Proposal.objects.filter(is_example=True).values_list("title", flat=True))
    new = [row for row in proposals() if row["title"] not in known]
    for row in new:
        with transaction.atomic():
            play(row, everybody, today=today)
    return len(new)


def play(row: Row, everybody: People, *, today: datetime) -> Proposal:
    """From the first word to the stage that the file names."""
    schedule = SCHEDULES[row["stage"]]
    proposal = writing.write(row, everybody, schedule, today=today)
    _submit(proposal, everybody[row["author"]], at=moment(today, schedule.submitted, 15, 20))
    _review(row, proposal, everybody, schedule, today=today)
    if schedule.answered is not None:
        _answer_points(row, everybody, at=moment(today, schedule.answered, 9, 10))
        writing.revise(row, proposal, everybody[row["author"]], at=moment(today, schedule.answered, 14))
    if schedule.resubmitted is not None:
        _submit(proposal, everybody[row["author"]], at=moment(today, schedule.resubmitted, 16, 5))
    if schedule.decided is not None:
        _decide(row["decision"], proposal, everybody, at=moment(today, schedule.decided, 10, 30))
    return proposal


def open_visit(proposal: Proposal) -> int:
    """The visit that a page would show: every command names it."""
    return Visit.objects.get(run__proposal=proposal, left_at=None).pk


def _submit(proposal: Proposal, author: User, *, at: datetime) -> None:
    with clock.at(at):
        submission.submit(proposal_id=proposal.pk, person=author, visit_id=open_visit(proposal), now=clock.now())


def _review(row: Row, proposal: Proposal, everybody: People, schedule: Schedule, *, today: datetime) -> None:
    """The round from its opening on; where its deadline has passed, the clockwork closes it as it does in life."""
    round = open_round(row, proposal, everybody, open_visit(proposal), schedule, today=today)
    answer_invitations(row, round, everybody, opened=moment(today, schedule.round_opened))
    if schedule.first_review is not None:
        hand_in_reviews(row, round, everybody, first=moment(today, schedule.first_review, 14, 40))
    if round.closes_at <= today:
        with clock.at(round.closes_at):
            clockwork.tick(now=clock.now())


def _answer_points(row: Row, everybody: People, *, at: datetime) -> None:
    """Every answer that the file gives, by the author. A point is found by the words that it quotes."""
    with clock.at(at):
        for answer in row["dispositions"]:
            points.dispose(
                point_id=_point(row, answer["point"]).pk,
                person=everybody[row["author"]],
                outcome=answer["outcome"],
                reason=answer["reason"].strip(),
                now=clock.now(),
            )


def _point(row: Row, key: str) -> Point:
    [wanted] = [point for review in row["reviews"] for point in review["points"] if point["key"] == key]
    stored = Point.objects.filter(review__assignment__round__visit__run__proposal__title=row["title"])
    return stored.get(text=wanted["text"].strip())


def _decide(decision: Row, proposal: Proposal, everybody: People, *, at: datetime) -> None:
    with clock.at(at):
        decisions.decide(
            proposal_id=proposal.pk,
            person=everybody[decision["by"]],
            visit_id=open_visit(proposal),
            outcome=decision["outcome"],
            reason=decision["reason"].strip(),
            now=clock.now(),
        )
