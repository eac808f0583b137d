"""Erasing a person takes names and words away and leaves the record whole."""

import pytest

from engine.models import Assignment, EventWords
from engine.services import rounds
from engine.services.erasure import erase_person
from engine.services.verification import chain_faults
from partners.models import Notification, User
from recommendations import access

pytestmark = pytest.mark.django_db


def everything_stored() -> str:
    """All words in the rows that can lose them."""
    rows = [*User.objects.values_list("name", "email"), *Notification.objects.values_list("subject", "body")]
    rows += [*EventWords.objects.values_list("words"), *Assignment.objects.values_list("decline_reason")]
    return str(rows)


def test_after_erasure_nothing_names_the_person_and_the_chain_verifies(story, reviewer, second_reviewer):
    story.in_review()
    assignment = Assignment.objects.get(reviewer=second_reviewer)
    rounds.decline(assignment_id=assignment.pk, person=second_reviewer, reason="My mother is ill", now=story.now)
    story.review(reviewer, "A remark that was mine")
    telling = [reviewer.email, second_reviewer.email, "Giulia", "Tomáš", "My mother is ill", "A remark that was mine"]
    assert all(words in everything_stored() for words in telling)
    for person in (reviewer, second_reviewer):
        erase_person(person, now=story.now)
    assert not [words for words in telling if words in everything_stored()]
    assert chain_faults() == []


def test_an_erased_author_reads_nothing_more(story, author):
    story.start()
    erase_person(author, now=story.now)
    author.refresh_from_db()
    assert not author.is_active
    assert access.rights(author, story.proposal.pk) == frozenset()


def test_erasing_twice_is_harmless(story, author):
    story.start()
    erase_person(author, now=story.now)
    assert erase_person(author, now=story.now) == 0
