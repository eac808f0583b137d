"""The example proposals, each brought as far as its file says by running the real services under a simulated clock."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from django.db import transaction

from ekip.demo import deciding, gatherings, people, timeline, writing
from ekip.demo.city_testing import city_test
from ekip.demo.data_files import proposals
from ekip.demo.reviewing import review
from ekip.demo.story import Story
from ekip.demo.timeline import Step
from recommendations.models import Proposal

PARTS = (
    writing.first_writing,
    deciding.submissions,
    review,
    city_test,
    gatherings.held,
    deciding.answers,
    writing.revision,
    deciding.decision,
    deciding.correction,
    writing.corrected_text,
    deciding.withdrawal,
)


def load_proposals(*, today: datetime) -> int:
    """Play the story of every proposal that is missing; the number played. Each is stored whole or not at all."""
    everybody = people.by_key()
    known = set(Proposal.objects.filter(is_example=True).values_list("title", flat=True))
    new = [Story(row, everybody, today) for row in proposals() if row["title"] not in known]
    for story in sorted(new, key=lambda story: story.schedule.started):
        with transaction.atomic():
            timeline.play(steps(story), until=today)
    return len(new)


def steps(story: Story) -> Iterator[Step]:
    """Everything that people do, from the first word to the stage that the file names; in no order."""
    return chain.from_iterable(part(story) for part in PARTS)
