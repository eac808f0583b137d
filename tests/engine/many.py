"""Many proposals at every stage, each told by the real services in the order of a simulated clock.

Fills an empty database for looking at the board and the desk with it; `python -m tests.engine.many 300` does.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random

import django

WHAT = ["Shared tools", "Open workshops", "Quiet rooms", "Night stages", "Repair rooms", "Green sets", "Open archives"]
FOR = ["small companies", "island towns", "young makers", "old harbours", "border regions", "schools of music"]
AREAS = ["Shared means", "Fair platforms", "Green production", "Skills for makers", "Heritage and new uses"]
END = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    """The people of a filled database."""

    coordinator: str
    author: str
    reviewer: str


def fill(under_way: int, *, end: datetime = END, finished: int = 60, seed: int = 1) -> Made:
    """Proposals that were published before `end`, and others that stand somewhere then."""
    from engine.services import clockwork
    from partners.models import Membership, RoleGrant
    from recommendations.models import Cluster, PolicyArea
    from tests import people
    from tests.engine.stories import load_reference, make_area

    load_reference()
    random = Random(seed)
    begins = end - timedelta(days=700)
    areas = [make_area(title.lower().replace(" ", "-"), now=begins) for title in AREAS]
    clusters = list(Cluster.objects.all())
    for number, (area, title) in enumerate(zip(areas, AREAS, strict=True)):
        PolicyArea.objects.filter(pk=area.pk).update(title=title, cluster=clusters[number % len(clusters)])
    coordinator = people.make_person("Sofia Coordinator", organisation=people.make_organisation("Example Office"))
    people.grant(coordinator, RoleGrant.Role.COORDINATOR)
    homes = [people.make_organisation(f"Example Town {number}") for number in range(1, 9)]
    authors = [
        people.make_person(f"Author {number}", organisation=home, role=Membership.Role.DRAFTER)
        for number, home in enumerate(homes, start=1)
    ]
    reviewers = [
        people.make_person(f"Reviewer {number}", organisation=people.make_organisation(f"Example Region {number}"))
        for number in range(1, 7)
    ]
    agenda: list[tuple[datetime, int, Iterator[datetime]]] = []
    numbers = count()
    for number in range(under_way + finished):
        back = random.uniform(330, 690) if number < finished else random.triangular(2, 230, 60)
        author = random.randrange(len(authors))
        life = _life(
            random,
            author=authors[author],
            organisation=homes[author],
            coordinator=coordinator,
            reviewers=random.sample(reviewers, 3),
            area=areas[number % len(areas)],
            title=f"{random.choice(WHAT)} for {random.choice(FOR)}, {number}",
            began=end - timedelta(days=back),
        )
        heappush(agenda, (end - timedelta(days=back), next(numbers), life))
    while agenda:
        at, _number, life = heappop(agenda)
        if at > end:
            continue
        clockwork.tick(now=at)
        if (then := next(life, None)) is not None:
            heappush(agenda, (then, next(numbers), life))
    clockwork.tick(now=end)
    return Made(coordinator.email, authors[0].email, reviewers[0].email)


def _life(random: Random, *, began: datetime, area, **who) -> Iterator[datetime]:
    """One proposal from its start; each value is the instant of its next step."""
    from engine.models import Assignment
    from tests.engine.stories import Story

    def after(usual: float) -> datetime:
        story.now += timedelta(days=random.lognormvariate(0, 0.5) * usual)
        return story.now

    story = Story(**who, now=began)
    story.start(area).write()
    yield after(30)
    story.submit()
    yield after(4)
    length = random.choice([14, 21, 28])
    round = story.open_round(days=length)
    story.open_city_test(days=length)
    for assignment in Assignment.objects.filter(round__visit__run=story.run):
        yield after(3)
        if story.now >= round.closes_at:
            break
        if assignment.reviewer_id == story.facilitator.pk:
            _record(story, assignment)
        elif random.random() < 0.85:
            story.accept_and_hand_in(assignment, "Name the places.")
    story.now = max(story.now, round.closes_at + timedelta(hours=1))
    yield story.now
    if story.stage != "revision":
        return
    yield after(15)
    story.answer_points().submit()
    yield after(10)
    story.decide()


def _record(story, assignment) -> None:
    from engine.services import cases, rounds

    rounds.accept(assignment_id=assignment.pk, person=story.facilitator, now=story.now)
    cases.submit(assignment_id=assignment.pk, person=story.facilitator, draft=story.case_draft(), now=story.now)


if __name__ == "__main__":
    django.setup()
    print(fill(int(sys.argv[1]) if len(sys.argv) > 1 else 300, end=datetime.now(UTC)))
