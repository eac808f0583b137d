"""The light process from draft to edition: a public consultation, answers, a decision."""

import pytest
from django.urls import reverse

from engine.models import ProcessVersion, Round
from engine.selectors.consultations import consultation
from engine.selectors.process import public_clusters, public_counts
from engine.selectors.proposals import standings
from engine.services.consultations import take_part
from engine.services.verification import access_differences, chain_faults, replay_differences
from recommendations.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def consulted(story, outsider):
    """A proposal on the light process, while its consultation is open and one contribution is in."""
    story.version_id = ProcessVersion.objects.get(definition__key="light").pk
    story.start().write().submit()
    round = story.open_consultation()
    part = take_part(round_id=round.pk, person=outsider, now=story.now)
    story.hand_in(part, "Name the rooms.", advice="", scores={})
    return story


def test_nobody_is_promised_an_answer(consulted, story):
    round = Round.objects.get()
    view = consultation(story.author, round.pk, now=story.now, page_language="en")
    assert view.is_open
    assert not view.is_answered


def test_nobody_is_asked_which_points_must_be_answered(consulted, story, client):
    person = story.reviewers[0]
    part = take_part(round_id=Round.objects.get().pk, person=person, now=story.now)
    client.force_login(person)
    page = client.get(reverse("engine:review", args=[part.pk])).content.decode()
    assert "Add another point" in page
    assert "must be answered" not in page
    assert "must answer" not in page


def test_it_is_not_counted_at_stages_of_the_default_process(consulted):
    consulted.pass_time(days=14)
    assert [place.stage for row in standings([consulted.proposal]) for place in row.places] == ["Decision"]
    assert (public_counts(), public_clusters()) == ({}, {})


def test_a_draft_becomes_an_edition(consulted):
    consulted.pass_time(days=14)
    consulted.decide()
    (told,) = Edition.objects.get().provenance["rounds"]
    assert (told["kind"], told["invited"], told["submitted"]) == ("consultation", 1, 1)
    [response] = Edition.objects.get().provenance["responses"]
    assert response["remark"] == "Name the rooms."
    assert (access_differences(), chain_faults(), replay_differences()) == ([], [], [])
