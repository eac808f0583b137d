"""Runs in review, as many as are wanted, whose rounds all close at the same instant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from random import Random

from django.db import connection, transaction

from engine.models import Round
from engine.services import cases, clockwork, rounds
from engine.services.reviews import PointDraft
from partners.models import Delivery, Membership, Organisation, RoleGrant, User
from recommendations.drafting import services as drafting
from tests.bench.copies import Copies
from tests.engine.stories import Story, load_reference, make_area
from tests.people import join, make_organisation, make_person

OPENED_AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
DUE_AT = OPENED_AT + timedelta(days=14)
JUST_BEFORE = DUE_AT - timedelta(hours=1)
PEOPLE_FOR = 50  # one person more for so many runs, at least so many in all


def make_world(number: int) -> None:
    """So many runs with one round each that is due at `DUE_AT`, in the shapes of `SHAPES`, by two or three authors."""
    with redirect_stdout(StringIO()):  # which processes it publishes is of no interest here
        load_reference()
    make_area(now=OPENED_AT)
    cast = Cast(number)
    kinds = [(shape, authors) for shape in SHAPES for authors in (2, 3)]
    with transaction.atomic(), connection.cursor() as cursor:
        stories = [(cast.story(authors), shape) for shape, authors in kinds]
        for story, shape in stories:
            shape(story)
        clockwork.tick(now=JUST_BEFORE)  # what is to be reminded of before the deadline has been
        Delivery.objects.update(state=Delivery.State.SENT, attempts=1, sent_at=OPENED_AT)
        # What the copies refer to is copied with them: who may, need not ask about each of millions.
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        if cursor.fetchone()[0]:
            cursor.execute("SET LOCAL session_replication_role = replica")
        # An event looks up the one before it by its key; without statistics the whole table would be read for each.
        for way in ("hashjoin", "mergejoin", "seqscan", "material"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        for place, (story, _shape) in enumerate(stories):
            copies = number * (place + 1) // len(stories) - number * place // len(stories) - 1
            if copies > 0:
                Copies(story.run, copies, people=cast.of(story), pool=cast.pool).write()
    tidy()


def tidy() -> None:
    """What autovacuum does in its time: statistics, and no dead rows of what was done before."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def due_rounds() -> list[int]:
    """Ids of the open rounds that are due at `DUE_AT`, well mixed."""
    due = list(Round.objects.filter(closes_at=DUE_AT, closed_at=None).order_by("pk").values_list("pk", flat=True))
    Random(1).shuffle(due)
    return due


class Cast:
    """Those who take part in the model runs, and the many who take their places in the copies."""

    def __init__(self, number: int) -> None:
        self.office = make_person("Sofia Coordinator", organisation=make_organisation("Example Office"))
        RoleGrant.objects.create(person=self.office, role=RoleGrant.Role.COORDINATOR)
        self.lead = make_organisation("Example City")
        self.authors = [self._member(f"Author {each}", self.lead) for each in range(3)]
        self.reviewers = [self._member(f"Reviewer {each}", make_organisation(f"Example {each}")) for each in range(2)]
        self.pool = self._crowd(max(PEOPLE_FOR, number // PEOPLE_FOR))

    def story(self, authors: int) -> Story:
        """A proposal of so many authors, written and submitted."""
        story = Story(self.authors[0], self.lead, self.office, self.reviewers, OPENED_AT, title="Shared means 0")
        story.start().write()
        for each in self.authors[1:authors]:
            drafting.add_co_author(proposal_id=story.proposal.pk, person=story.author, user=each, now=OPENED_AT)
        story.submit()
        return story

    def of(self, story: Story) -> list[int]:
        """Ids of those who are others in each copy."""
        return [person.pk for person in (*self.authors, *self.reviewers, story.facilitator)]

    def _member(self, name: str, organisation: Organisation) -> User:
        person = make_person(name)
        join(person, organisation, Membership.Role.DRAFTER)
        return person

    def _crowd(self, number: int) -> range:
        organisation = make_organisation("Example Network")
        people = User.objects.bulk_create(
            User(email=f"crowd-{each}@example.org", name=f"Person {each}", sort_key=f"person {each}", password="!")
            for each in range(number)
        )
        Membership.objects.bulk_create(Membership(person=each, organisation=organisation) for each in people)
        return range(people[0].pk, people[-1].pk + 1)


def joins(story: Story) -> None:
    """The city test has ended; when the community review closes with its quorum, the run goes on to the revision."""
    _test_in_city(story, days=7)
    clockwork.tick(now=OPENED_AT + timedelta(days=7))
    _review(story, days=14, handing_in=2)


def finishes_a_branch(story: Story) -> None:
    """The city test closes with its case; the community review stays open for two weeks more."""
    _test_in_city(story, days=14)
    _review(story, days=28, handing_in=1)


def misses_the_quorum(story: Story) -> None:
    """One of two reviewers hands in: nothing moves, and the coordinator and the authors are told."""
    _review(story, days=14, handing_in=1)


# A half moves on, a quarter each does the others.
SHAPES: Sequence[Callable[[Story], None]] = (joins, joins, finishes_a_branch, misses_the_quorum)


def _test_in_city(story: Story, *, days: int) -> None:
    assignment = story.open_city_test(days=days).assignments.get()
    rounds.accept(assignment_id=assignment.pk, person=story.facilitator, now=OPENED_AT)
    case = story.case_draft((PointDraft(text="It would need a keeper.", place="context"),))
    cases.submit(assignment_id=assignment.pk, person=story.facilitator, draft=case, now=OPENED_AT)


def _review(story: Story, *, days: int, handing_in: int) -> None:
    for assignment in story.open_round(days=days).assignments.order_by("pk")[:handing_in]:
        story.accept_and_hand_in(assignment, "What does it cost?")
