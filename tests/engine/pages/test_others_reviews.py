"""Who reads what others have handed in: never, after one's own, after the round has closed, always."""

import pytest

from engine.models import Assignment, Round
from engine.permissions import may_see_reviews
from engine.services import rounds
from tests.engine.processes import SCORES, drafting, ended, follow, reading

pytestmark = pytest.mark.django_db

REMARK = "Name the rooms in the second passage."


@pytest.fixture
def one_has_reviewed(story):
    """`one_has_reviewed(visibility)`: the first reviewer has handed in, the second has accepted."""

    def begin(visibility: str) -> Round:
        follow(story, drafting("reading"), reading("closed", round={"visibility": visibility}), ended())
        story.start().write().submit()
        round = story.open_round(template="reading")
        first, second = story.reviewers
        story.review(first, REMARK, scores=SCORES)
        rounds.accept(assignment_id=round.assignments.get(reviewer=second).pk, person=second, now=story.now)
        return round

    return begin


@pytest.mark.parametrize(
    ("visibility", "early", "late"),
    [
        ("never", (False, False), (False, False)),
        ("after-own", (True, False), (True, False)),
        ("after-close", (False, False), (True, False)),
        ("always", (True, True), (True, False)),
    ],
)
def test_the_round_says_who_reads_others(story, one_has_reviewed, visibility, early, late):
    round = one_has_reviewed(visibility)
    assert tuple(bool(may_see_reviews(each, round, story.proposal)) for each in story.reviewers) == early
    assert not may_see_reviews(story.author, round, story.proposal)
    story.pass_time(days=14)
    round.refresh_from_db()
    assert tuple(bool(may_see_reviews(each, round, story.proposal)) for each in story.reviewers) == late


def test_who_may_finds_the_way_and_reads_no_names(story, one_has_reviewed, visit):
    round = one_has_reviewed("always")
    first, second = story.reviewers
    own = Assignment.objects.get(reviewer=second)
    assert f"/rounds/{round.pk}/" in visit(second).get("review", own.pk).content.decode()
    page = visit(second).get("round", round.pk).content.decode()
    assert "Read with interest." in page
    assert "Reviewer 1" in page
    assert first.name not in page
    overseen = visit(story.coordinator).get("round", round.pk).content.decode()
    assert "Read with interest." not in overseen


def test_who_may_not_finds_nothing(story, one_has_reviewed, visit, outsider):
    round = one_has_reviewed("after-own")
    _first, second = story.reviewers
    own = Assignment.objects.get(reviewer=second)
    assert f"/rounds/{round.pk}/" not in visit(second).get("review", own.pk).content.decode()
    for person in (second, outsider):
        assert visit(person).get("round", round.pk).status_code == 404
