"""Enter in a field presses the first button of its form, and that one saves."""

import re

import pytest

from engine.models import Assignment

pytestmark = pytest.mark.django_db


def actions(answer):
    """What the buttons of a page do, in the order of the document."""
    return re.findall(r'<button[^>]* type="submit" name="action" value="([^"]*)"', answer.content.decode())


def test_of_a_gathering(story, visit):
    story.start()
    page = visit(story.coordinator).get("gathering_add", story.proposal.pk)
    assert actions(page) == ["save", "more-groups"]


def test_of_a_review(story, visit):
    story.in_review()
    asked = Assignment.objects.get(reviewer=story.reviewers[0])
    reviewer = visit(story.reviewers[0])
    reviewer.post("invitation", asked.pk, answer="accept")
    assert actions(reviewer.get("review", asked.pk)) == ["save", "add-point", "confirm"]
