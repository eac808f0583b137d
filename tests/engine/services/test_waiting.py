"""A run that waits for the briefing of its policy area goes on when it is published, without anybody's click."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ekip.shared.errors import NotNow
from engine.definitions import content_hash
from engine.models import Event, ProcessVersion, Run
from engine.process import runnable
from engine.services import clockwork, submission
from engine.services.verification import access_differences, chain_faults, replay_differences
from engine.services.waiting import OUTSIDE
from partners.models import Delivery, Notification
from recommendations import access
from recommendations.areas.briefings import BriefingDraft, publish_briefing, save_briefing
from recommendations.models import PolicyArea
from tests.engine.stories import QUESTIONS, Story, make_area
from tests.recommendations.rows import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def area(story) -> PolicyArea:
    """A selected area of which nobody has written the briefing."""
    return make_area("unbriefed", briefed=False, now=story.now)


@pytest.fixture
def waiting(story, area) -> Story:
    """A proposal that was started in it."""
    return story.start(area)


def test_what_opens_from_outside_is_the_same_for_the_checks_and_for_the_clock():
    assert OUTSIDE.keys() == runnable.OUTSIDE


def brief(story: Story, area: PolicyArea) -> None:
    """Write the briefing of the area, and publish it."""
    common = {"area_id": area.pk, "person": story.coordinator, "now": story.now}
    save_briefing(**common, draft=BriefingDraft(text("What is known."), QUESTIONS), version=0)
    publish_briefing(**common)


def told(person) -> list[str]:
    """The kinds of what a person was told."""
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_it_starts_and_waits_with_nothing_open(waiting):
    assert waiting.stage == "investigation"
    assert access.openings_of(waiting.proposal.pk) == frozenset()
    with pytest.raises(NotNow):
        waiting.write()
    assert clockwork.tick(now=waiting.now).runs == 0


def test_a_draft_of_the_briefing_changes_nothing(waiting, area):
    draft = BriefingDraft(text("What is known."), QUESTIONS)
    save_briefing(area_id=area.pk, person=waiting.coordinator, draft=draft, version=0, now=waiting.now)
    waiting.pass_time(minutes=1)
    assert waiting.stage == "investigation"


def test_it_moves_on_at_the_next_tick_and_its_authors_are_told_once(waiting, area):
    waiting.pass_time(days=3)
    brief(waiting, area)
    assert waiting.stage == "investigation"
    waiting.pass_time(seconds=15)
    assert waiting.stage == "drafting"
    assert access.openings_of(waiting.proposal.pk) == {"edit", "submit"}
    assert Event.objects.get(run=waiting.run, kind="moved").actor is None
    waiting.pass_time(seconds=15)
    assert told(waiting.author) == ["drafting-open"]
    assert Delivery.objects.filter(notification__person=waiting.author).exists()
    assert told(waiting.coordinator) == []
    assert (access_differences(), chain_faults(), replay_differences()) == ([], [], [])


def test_who_starts_in_an_area_with_a_briefing_is_not_told_what_they_see(story):
    story.start()
    assert told(story.author) == []


def test_an_area_that_lost_its_sources_is_not_asked_about_again_and_again(waiting, area):
    brief(waiting, area)
    lost = area.sources.all()[0]
    lost.delete()
    assert clockwork.due_runs(now=waiting.now) == []
    lost.save()
    assert clockwork.due_runs(now=waiting.now) == [waiting.run.pk]


def test_a_proposal_that_was_put_away_rests_until_it_is_taken_out(waiting, area):
    everyone = {"proposal_id": waiting.proposal.pk, "person": waiting.author, "now": waiting.now}
    submission.archive(**everyone)
    brief(waiting, area)
    waiting.pass_time(seconds=15)
    assert waiting.stage == "investigation"
    submission.unarchive(**everyone)
    waiting.pass_time(seconds=15)
    assert waiting.stage == "drafting"


def test_a_new_version_is_published_and_runs_on_the_one_before_go_on(story, area):
    newest = ProcessVersion.objects.get(definition__key="ekip-engine")
    content = newest.content | {"stages": [dict(stage) for stage in newest.content["stages"]]}
    [way] = content["stages"][0]["transitions"]
    content["stages"][0]["transitions"] = [way | {"when": [{"gate": "area-supported", "minimum": 10}]}]
    before = ProcessVersion.objects.create(
        definition=newest.definition,
        number=2,
        content=content,
        content_hash=content_hash(content),
        published_at=story.now,
    )
    story.start(area)
    Run.objects.filter(proposal=story.proposal).update(version=before)
    story.pass_time(seconds=15)
    assert story.stage == "drafting"
    call_command("load_reference", verbosity=0)
    assert newest.definition.versions.count() == 2


def test_many_that_wait_cost_one_question(story, author, organisation, area):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            clockwork.due_runs(now=story.now)
        return len(queries)

    def several(number: int) -> None:
        for each in range(number):
            Story(author, organisation, story.coordinator, [], story.now, title=f"Number {number}.{each}").start(area)

    several(1)
    first = cost()
    several(9)
    assert cost() == first == 2
    brief(story, area)
    assert len(clockwork.due_runs(now=story.now)) == 10
    assert clockwork.tick(now=story.now).steps == 10
    assert clockwork.due_runs(now=story.now) == []
