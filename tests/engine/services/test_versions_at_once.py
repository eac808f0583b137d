"""People who publish, withdraw, start and take over at the same instant: locks let one go first and tell the other."""

import threading

import pytest
from django.db import connection

from ekip.shared.errors import Refusal
from engine.models import Event, ProcessVersion, Run
from engine.selectors.versions import version_named
from engine.services import clockwork, runs
from engine.services.drafts import copy_version, publish_draft, save_draft
from engine.services.migration import migrate
from engine.services.verification import access_differences, chain_faults, replay_differences
from engine.services.versions import withdraw_version
from tests.engine.stories import make_area
from tests.people import grant, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """What came of each deed, done at the same time: what it returned, or its refusal."""
    together, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def do(number, deed):
        try:
            together.wait()
            results[number] = deed()
        except Refusal as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def people(coordinator):
    other = make_person("Olga Coordinator")
    grant(other, "coordinator")
    return coordinator, other


@pytest.fixture
def publishing(people, now):
    """`publishing(key)` gives two people's drafts of that process, each changed in its way, ready to be published."""

    def drafts(key):
        deeds = []
        for person, days in zip(people, ("P25D", "P26D"), strict=True):
            base = version_named("ekip-engine")
            draft = copy_version(version_id=base.pk, person=person, key=key, now=now)
            text = draft.text.replace("P21D", days, 1)
            draft = save_draft(draft_id=draft.pk, person=person, text=text, version=1, now=now)
            deeds.append(lambda d=draft, p=person: publish_draft(draft_id=d.pk, person=p, version=2, now=now))
        return deeds

    return drafts


@pytest.mark.parametrize("key", ["ekip-engine", "example-process"])
def test_of_two_who_publish_one_is_told_what_the_other_changed(story, publishing, key):
    before = ProcessVersion.objects.filter(definition__key=key).count()
    results = at_once(*publishing(key))
    [refusal] = [each for each in results if isinstance(each, Refusal)]
    [version] = [each for each in results if isinstance(each, ProcessVersion)]
    assert (refusal.code, refusal.context["newest"]) == ("published-meanwhile", version)
    assert any("25 days" in words and "26 days" in words for words in refusal.context["differences"])
    assert ProcessVersion.objects.filter(definition__key=key).count() == before + 1


def test_one_draft_that_is_published_twice_at_once_is_one_version(story, publishing):
    publish, _other = publishing("ekip-engine")
    first, second = at_once(publish, publish)
    assert first == second == version_named("ekip-engine@2")


def test_nobody_starts_on_a_version_that_was_withdrawn(story, author, organisation, coordinator, now):
    area, version = make_area(now=now), version_named("ekip-engine")
    started, _withdrawn = at_once(
        lambda: runs.start(
            person=author,
            title="Shared rooms",
            area_id=area.pk,
            lead_organisation_id=organisation.pk,
            language="en",
            now=now,
            version_id=version.pk,
        ),
        lambda: withdraw_version(version_id=version.pk, person=coordinator, reason="Not used.", now=now),
    )
    if isinstance(started, Refusal):
        assert (started.code, Run.objects.count()) == ("process-not-offered", 0)
    else:
        assert Run.objects.get().version == version


def test_a_run_that_goes_over_to_two_versions_at_once_tells_of_both(story, publishing, coordinator):
    story.in_review()
    publish, _other = publishing("ekip-engine")
    second = publish()
    draft = copy_version(version_id=second.pk, person=coordinator, key="ekip-engine", title="Third", now=story.now)
    third = publish_draft(draft_id=draft.pk, person=coordinator, version=1, now=story.now)
    ids = [story.run.pk]
    results = at_once(
        *(
            lambda v=version: migrate(run_ids=ids, version_id=v.pk, person=coordinator, reason="Time.", now=story.now)
            for version in (second, third)
        )
    )
    assert not any(isinstance(each, Refusal) for each in results)
    first, last = Event.objects.filter(kind="migrated").order_by("number")
    assert (first.data["from"], first.data["to"]) == (version_named("ekip-engine@1").content_hash, last.data["from"])
    assert last.data["to"] == story.run.version.content_hash
    assert [*access_differences(), *chain_faults(), *replay_differences()] == []


def test_a_run_goes_over_while_its_round_closes(story, publishing, coordinator):
    story.in_review()
    round = story.visit.rounds.get()
    publish, _other = publishing("ekip-engine")
    newer = publish()
    story.now = round.closes_at
    ids = [story.run.pk]
    at_once(
        lambda: clockwork.tick(now=story.now),
        lambda: migrate(run_ids=ids, version_id=newer.pk, person=coordinator, reason="Time.", now=story.now),
    )
    clockwork.tick(now=story.now)
    round.refresh_from_db()
    assert (round.closed_at, story.run.version) == (story.now, newer)
    assert [*access_differences(), *chain_faults(), *replay_differences()] == []
