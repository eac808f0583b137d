"""Taking somebody out of a round, on its page."""

import pytest

from ekip.shared import clock
from engine.models import Assignment
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment(story, reviewer) -> Assignment:
    """Giulia was asked, and the round is open."""
    story.now = clock.now()
    story.in_review()
    return Assignment.objects.get(reviewer=reviewer)


def test_a_coordinator_removes_a_reviewer_with_a_reason(story, assignment):
    browser = sign_in(story.coordinator)
    page = browser.get(f"/rounds/{assignment.round_id}/")
    assert f"/assignments/{assignment.pk}/remove/" in page.content.decode()
    assert browser.post(f"/assignments/{assignment.pk}/remove/", {"reason": " "}).status_code == 422
    answer = browser.post(f"/assignments/{assignment.pk}/remove/", {"reason": "Joined the authors."}, follow=True)
    assert "Barred" in answer.content.decode()
    assert "Joined the authors." in answer.content.decode()
    assignment.refresh_from_db()
    assert assignment.barred_at


@pytest.mark.parametrize("who", ["author", "reviewer", "second_reviewer", "outsider"])
def test_nobody_else_removes(assignment, who, request):
    browser = sign_in(request.getfixturevalue(who))
    address = f"/assignments/{assignment.pk}/remove/"
    assert browser.get(address).status_code == 404
    assert browser.post(address, {"reason": "x"}).status_code == 404
    assignment.refresh_from_db()
    assert assignment.barred_at is None
    assert address not in browser.get(f"/rounds/{assignment.round_id}/").content.decode()
