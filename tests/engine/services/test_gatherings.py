"""A run draws on gatherings: who may record them, what is told of them, what an edition keeps."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection, transaction

from ekip.shared.errors import EditConflict, NotAllowed, NotFound, NotNow
from engine.models import Event, RunGathering
from engine.selectors.gatherings import last_change
from engine.services import gatherings, submission
from engine.services.erasure import erase_person
from engine.services.verification import access_differences, chain_faults, replay_differences
from partners.models import Gathering
from partners.services.gatherings import Group, record_gathering
from recommendations.models import Edition
from tests.engine.stories import Story
from tests.gatherings import DRAFT
from tests.people import join

pytestmark = pytest.mark.django_db


def record(story, draft=DRAFT, **changes):
    """Record a gathering as the coordinator, unless somebody else is named."""
    given = {"proposal_id": story.proposal.pk, "person": story.coordinator, "draft": draft, "now": story.now}
    return gatherings.record(**(given | changes))


def kinds_of_events(story):
    """What the record tells of gatherings, in order."""
    events = Event.objects.filter(run=story.run, kind__startswith="gathering-").order_by("number")
    return [kind.removeprefix("gathering-") for kind in events.values_list("kind", flat=True)]


def another(story):
    """One more proposal of the same area."""
    return Story(story.author, story.organisation, story.coordinator, story.reviewers, story.now, "Another").start()


def test_it_is_recorded_once_however_often_it_is_sent(story):
    story.start()
    assert record(story) == record(story, replace(DRAFT, title=f" {DRAFT.title} "))
    assert RunGathering.objects.count() == 1
    assert kinds_of_events(story) == ["recorded"]
    assert chain_faults() == replay_differences() == access_differences() == []


def test_it_is_changed_and_removed_and_the_record_says_so(story):
    story.start()
    gathering = record(story)
    where = {"proposal_id": story.proposal.pk, "person": story.coordinator, "gathering_id": gathering.pk}
    for _time in range(2):
        gatherings.change(**where, draft=replace(DRAFT, title="A lab on rooms"), version=1, now=story.now)
    assert Gathering.objects.get().title == "A lab on rooms"
    for _time in range(2):
        gatherings.remove(**where, now=story.now)
    assert kinds_of_events(story) == ["recorded", "changed", "removed"]
    assert not Gathering.objects.exists()
    assert chain_faults() == replay_differences() == []
    with pytest.raises(NotNow):
        gatherings.change(**where, draft=DRAFT, version=2, now=story.now)


def test_two_proposals_change_it_at_once_and_the_second_is_told(story):
    story.start()
    other = another(story)
    gathering = record(story)
    what = {"person": story.coordinator, "gathering_id": gathering.pk, "now": story.now}
    gatherings.take(proposal_id=other.proposal.pk, **what)
    change = {**what, "version": gathering.version}
    gatherings.change(proposal_id=other.proposal.pk, draft=replace(DRAFT, title="First"), **change)
    with pytest.raises(EditConflict) as conflict:
        gatherings.change(proposal_id=story.proposal.pk, draft=replace(DRAFT, title="Second"), **change)
    assert conflict.value.context["theirs"].title == "First"
    told = last_change(story.run, gathering)
    assert (told.actor, told.at) == (story.coordinator, story.now)
    assert kinds_of_events(story) == ["recorded", "changed"]


def test_another_run_of_the_area_takes_it_over_and_learns_of_changes(story):
    story.start()
    other = another(story)
    gathering = record(story)
    for _time in range(2):
        gatherings.take(
            proposal_id=other.proposal.pk, person=story.coordinator, gathering_id=gathering.pk, now=story.now
        )
    assert RunGathering.objects.count() == 2
    gatherings.change(
        proposal_id=other.proposal.pk,
        person=story.coordinator,
        gathering_id=gathering.pk,
        draft=replace(DRAFT, kind="round_table"),
        version=1,
        now=story.now,
    )
    assert kinds_of_events(story) == kinds_of_events(other) == ["recorded", "changed"]
    gatherings.remove(proposal_id=story.proposal.pk, person=story.coordinator, gathering_id=gathering.pk, now=story.now)
    assert RunGathering.objects.get().run == other.run
    assert Gathering.objects.get() == gathering


@pytest.mark.django_db(transaction=True)
def test_a_change_that_waited_for_the_removal_is_told(story):
    story.start()
    gathering = record(story)
    where = {"proposal_id": story.proposal.pk, "person": story.coordinator, "gathering_id": gathering.pk}

    def change():
        try:
            gatherings.change(**where, draft=replace(DRAFT, title="Too late"), version=1, now=story.now)
        except NotNow as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            gatherings.remove(**where, now=story.now)
            late = pool.submit(change)
            with pytest.raises(TimeoutError):
                late.result(timeout=0.5)
        assert late.result(timeout=60) == "gathering-removed"


def test_what_nobody_of_the_area_has_recorded_is_not_taken(story):
    story.start()
    gathering = record_gathering(draft=DRAFT, person=story.coordinator, now=story.now)
    with pytest.raises(NotFound):
        gatherings.take(
            proposal_id=story.proposal.pk, person=story.coordinator, gathering_id=gathering.pk, now=story.now
        )


@pytest.mark.parametrize("who", ["author", "reviewer", "decider", "outsider"])
def test_nobody_else_records(story, who, request):
    story.in_review()
    with pytest.raises(NotFound):
        record(story, person=request.getfixturevalue(who))
    assert not Gathering.objects.exists()


def test_a_conflict_of_interest_bars(story):
    story.start()
    join(story.coordinator, story.organisation)
    with pytest.raises(NotAllowed):
        record(story)


def test_nothing_is_recorded_for_what_was_put_away(story):
    story.start()
    submission.archive(proposal_id=story.proposal.pk, person=story.author, now=story.now)
    with pytest.raises(NotNow):
        record(story)


def test_it_can_be_recorded_at_every_stage(story):
    story.start().write()
    record(story)
    story.submit()
    record(story, replace(DRAFT, kind="community_review_workshop"))
    assert RunGathering.objects.count() == 2


def test_an_edition_freezes_it_with_cells_that_name_nobody(story):
    story.in_decision()
    gathering = record(story, replace(DRAFT, ecosystem_id=story.ecosystem.pk, host_id=story.organisation.pk))
    story.decide()
    gatherings.remove(proposal_id=story.proposal.pk, person=story.coordinator, gathering_id=gathering.pk, now=story.now)
    assert Edition.objects.get().provenance["gatherings"] == [
        {
            "kind": "policy_lab",
            "title": "A lab on shared rooms",
            "held_on": "2027-02-20",
            "ended_on": None,
            "ecosystem": {"key": "example-port-city", "name": "Example Port City", "kind": "city"},
            "territory": {"key": "example-port", "name": "Example Port"},
            "is_online": True,
            "host": {"key": "example-city", "name": "Example City"},
            "people": 15,
            "attended": {"kinds": {"industry": 9, "academia": 6}, "countries": {"SE": 11, "NL": 4}},
            "outcome": "Rooms first, machines second.",
        }
    ]


def test_small_cells_stand_together_and_do_not_count_among_those_who_took_part(story):
    story.in_decision()
    few = (Group("government", "FI", 2), Group("academia", "NL", 5), Group("industry", "NL", 1))
    record(story, replace(DRAFT, attendance=few))
    record(story, replace(DRAFT, kind="meet_up", attendance=few[:1]))
    story.decide()
    provenance = Edition.objects.get().provenance
    lab, meet_up = provenance["gatherings"]
    assert lab["attended"] == {"kinds": {"academia": 5, "other": 3}, "countries": {"other": 8}}
    assert (meet_up["people"], meet_up["attended"]) == (2, {"kinds": {}, "countries": {}})
    assert sum(provenance["took_part"]["kinds"].values()) < 8


def test_erasing_who_recorded_it_leaves_the_gathering_and_takes_the_words(story):
    story.start()
    record(story)
    person = story.coordinator
    erase_person(person, now=story.now)
    assert Gathering.objects.get().recorded_by.name == "Erased person"
    assert not Event.objects.filter(kind="gathering-recorded", words__isnull=False).exists()
    assert chain_faults() == []
