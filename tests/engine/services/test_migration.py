"""Runs go over to another version on command, with a reason, all or none; the record still agrees afterwards."""

import io
from copy import deepcopy
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ekip.shared.errors import Invalid, NotAllowed, NotFound, NotNow
from engine.definitions import write_definition
from engine.models import Event, EventWords, Round, Run, Timer
from engine.selectors.history import history
from engine.selectors.versions import version_named
from engine.services import pauses
from engine.services.definitions import publish_definition
from engine.services.erasure import erase_person
from engine.services.migration import dry_run, migrate
from engine.services.verification import access_differences, chain_faults, replay_differences
from engine.services.versions import withdraw_version
from partners.models import Notification
from recommendations import access
from tests.engine.stories import Story
from tests.people import grant, make_person

pytestmark = pytest.mark.django_db


def publish_changed(story, change):
    """The next version: the newest one after a change to a copy of its plain data."""
    data = deepcopy(version_named("ekip-engine").content)
    change({stage["key"]: stage for stage in data["stages"]}, data)
    version, _is_new = publish_definition(write_definition(data), person=None, now=story.now)
    return version


def publish_without_city_test(story):
    """The next version, which has no city prototyping any more."""

    def change(stages, data):
        data["stages"].remove(stages["city-prototyping"])
        stages["drafting"]["transitions"][0].pop("beside")
        stages["revision"].pop("join")

    return publish_changed(story, change)


@pytest.fixture
def newer(story):
    """Version 2, published when the proposal had begun: the review may take 90 days and is called otherwise."""

    def change(stages, data):
        stages["community-review"]["label"] = "Wide review"
        next(each for each in stages["community-review"]["timers"] if each["then"] == "remind")["after"] = "P90D"

    story.start()
    return publish_changed(story, change)


def go(story, version, **changes):
    """Take the one run over."""
    wanted = {"run_ids": [story.run.pk], "version_id": version.pk, "person": story.coordinator, "reason": "Time."}
    return migrate(**(wanted | changes), now=story.now)


def into_review(story):
    """Write, submit and open the round of a proposal that has begun."""
    story.write().submit().open_round()


def agreements():
    """What recomputes everything finds no difference."""
    return [*access_differences(), *chain_faults(), *replay_differences()]


def due(story):
    """The timer of the review."""
    return Timer.objects.get(visit__run=story.run, key="review-overdue")


def test_a_run_goes_over_and_everything_still_agrees(story, newer):
    into_review(story)
    entered = due(story).visit.entered_at
    assert due(story).due_at == entered + timedelta(days=60)
    go(story, newer)
    assert story.run.version == newer
    assert due(story).due_at == entered + timedelta(days=90)
    assert agreements() == []
    event = Event.objects.get(kind="migrated")
    old = version_named("ekip-engine@1")
    assert event.data["from"] == old.content_hash
    assert event.data["to"] == newer.content_hash
    assert event.actor == story.coordinator
    assert EventWords.objects.get(event=event).words == {"reason": "Time."}


def test_the_run_goes_on_to_its_end_under_the_new_version(story, newer):
    into_review(story)
    go(story, newer)
    for number, person in enumerate(story.reviewers, start=1):
        story.review(person, f"Remark {number} on the context.")
    story.test_in_city()
    story.pass_time(days=14)
    story.answer_points().submit().decide()
    assert story.stage == "follow-up"
    assert agreements() == []


def test_history_tells_it_and_names_stages_as_they_were_called_then(story, newer):
    story.write().submit()
    go(story, newer)
    told = [entry.text for entry in history(story.run, names_reviewers=True)]
    assert told[0] == "The proposal goes on under version 2 of “ekip Engine”. Reason: Time."
    assert "“Policy lab” is done; “Community review” began." in told


def test_authors_and_coordinators_are_told(story, newer):
    go(story, newer)
    told = Notification.objects.filter(kind="migrated")
    assert {each.person for each in told} == {story.author, story.coordinator}
    assert "version 2 of “ekip Engine”" in told[0].body


def test_capabilities_follow_the_new_version(story):
    story.start().write().submit()
    assert not access.is_open(story.proposal.pk, "dispose")
    more = publish_changed(story, lambda stages, data: stages["community-review"]["capabilities"].append("dispose"))
    go(story, more)
    assert access.is_open(story.proposal.pk, "dispose")
    assert agreements() == []


def test_bodies_of_the_new_version_oversee_the_proposal_and_those_of_the_old_one_no_more(story):
    def change_to(key):
        def change(stages, data):
            data["bodies"] = [{"key": key, "label": key.title()}]
            for way in stages["decision"]["transitions"]:
                if way["by"] == "decider":
                    way["body"] = key

        return change

    council, board = make_person("Carl Council"), make_person("Berta Board")
    grant(council, "decider", "body:council")
    grant(board, "decider", "body:board")
    publish_changed(story, change_to("council"))
    story.start()
    other = Story(story.author, story.organisation, story.coordinator, [], story.now, title="Another").start()
    assert (len(access.rights(council, story.proposal.pk)), access.rights(board, story.proposal.pk)) == (1, frozenset())
    go(story, publish_changed(story, change_to("board")))
    assert (access.rights(council, story.proposal.pk), len(access.rights(board, story.proposal.pk))) == (frozenset(), 1)
    assert access.rights(council, other.proposal.pk)


def test_what_the_new_version_lets_the_system_do_is_done_at_once(story):
    story.start().write().submit()
    quick = publish_changed(story, lambda stages, data: stages["community-review"]["transitions"][0].pop("when"))
    [looked_at] = dry_run(run_ids=[story.run.pk], version_id=quick.pk, now=story.now)
    assert "moves-on" in [each.code for each in looked_at.fit.changes]
    go(story, quick)
    assert story.stage == "city-prototyping"
    assert agreements() == []


def test_runs_that_do_not_fit_are_named_and_none_goes_over(story, author, organisation):
    story.in_review()
    fitting = Story(author, organisation, story.coordinator, story.reviewers, story.now, title="A second one")
    fitting.start()
    without_city_test = publish_without_city_test(story)
    ids = [story.run.pk, fitting.run.pk]
    looked_at = dry_run(run_ids=ids, version_id=without_city_test.pk, now=story.now)
    assert [[each.code for each in one.fit.obstacles] for one in looked_at] == [["stage-gone", "not-beside"], []]
    with pytest.raises(NotNow) as refusal:
        go(story, without_city_test, run_ids=ids)
    assert refusal.value.code == "does-not-fit"
    assert f"{story.title} ({story.run.pk})" in str(refusal.value)
    assert "A second one" not in str(refusal.value)
    assert not Run.objects.filter(version=without_city_test).exists()
    go(fitting, without_city_test)
    assert fitting.run.version == without_city_test
    assert agreements() == []


def test_a_dry_run_changes_nothing(story, newer):
    into_review(story)
    events = Event.objects.count()
    dry_run(run_ids=[story.run.pk], version_id=newer.pk, now=story.now)
    assert (story.run.version.number, Event.objects.count()) == (1, events)


def test_a_dry_run_costs_the_same_for_one_run_and_for_many(story, author, organisation):
    def cost(number):
        ids = []
        for index in range(number):
            one = Story(author, organisation, story.coordinator, story.reviewers, story.now, title=f"Number {index}")
            ids.append(one.in_review().run.pk)
        period = f"P{30 + number}D"
        version = publish_changed(story, lambda stages, data: stages["community-review"]["round"].update(period=period))
        with CaptureQueriesContext(connection) as queries:
            looked_at = dry_run(run_ids=ids, version_id=version.pk, now=story.now)
        assert [bool(each.fit.changes) for each in looked_at] == [True] * number
        return len(queries)

    assert cost(1) == cost(6)


def test_who_goes_over_twice_is_told(story, newer):
    go(story, newer)
    with pytest.raises(NotNow) as refusal:
        go(story, newer)
    assert [each.code for each in refusal.value.context["fits"][0].fit.obstacles] == ["already-there"]
    assert Event.objects.filter(kind="migrated").count() == 1


def test_a_round_that_is_open_keeps_its_form_and_its_deadline(story):
    story.in_review()
    stricter = publish_changed(story, lambda stages, data: stages["community-review"]["round"].update(quorum=3))
    before = Round.objects.values("quorum", "form", "closes_at").get(visit__run=story.run)
    go(story, stricter)
    assert Round.objects.values("quorum", "form", "closes_at").get(visit__run=story.run) == before


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"reason": "  "}, Invalid),
        ({"run_ids": [0]}, NotFound),
        ({"version_id": 0}, NotFound),
    ],
)
def test_what_is_asked_wrongly_is_refused(story, newer, changes, refusal):
    with pytest.raises(refusal):
        go(story, newer, **changes)
    assert story.run.version.number == 1


def test_only_who_changes_processes_takes_runs_over(story, newer, author, decider):
    for person in (author, decider):
        with pytest.raises(NotAllowed):
            go(story, newer, person=person)


def test_nothing_goes_over_to_a_version_that_is_withdrawn(story, newer):
    withdraw_version(version_id=newer.pk, person=story.coordinator, reason="Too long.", now=story.now)
    with pytest.raises(NotNow) as refusal:
        go(story, newer)
    assert refusal.value.code == "version-withdrawn"


def test_the_reason_can_be_erased_and_the_chain_still_verifies(story, newer):
    go(story, newer, reason="Because Sofia was ill.")
    erase_person(story.coordinator, now=story.now)
    assert "Sofia was ill" not in str(list(EventWords.objects.values_list("words")))
    assert agreements() == []


def test_a_version_that_the_events_do_not_tell_of_is_found(story, newer):
    Run.objects.filter(pk=story.run.pk).update(version=newer)
    assert replay_differences() == [f"run {story.run.pk}: the events tell of another version than ekip Engine, 2"]
    Run.objects.filter(pk=story.run.pk).update(version=version_named("ekip-engine@1"))


# --- on the command line --------------------------------------------------------------------------------------------


def command(*arguments):
    out = io.StringIO()
    call_command("process", "migrate", "--from", "ekip-engine@1", "--to", "ekip-engine@2", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_tells_first_and_takes_over_only_when_it_is_asked_to(story, newer):
    into_review(story)
    told = command()
    assert f"run {story.run.pk}, {story.title}" in told
    assert "The timer “review-overdue” falls due on" in told
    assert "nothing was changed" in told
    assert story.run.version.number == 1
    with pytest.raises(CommandError, match="Write a reason"):
        command("--apply")
    done = command("--apply", "--reason", "Time.", "--by", story.coordinator.email, "--run", str(story.run.pk))
    assert "1 runs went over to ekip Engine, 2" in done
    assert story.run.version == newer


def test_the_command_names_what_does_not_fit(story):
    story.in_review()
    publish_without_city_test(story)
    assert "does not fit: City prototyping: The version has no such stage." in command()
    with pytest.raises(CommandError, match="do not fit into the version"):
        command("--apply", "--reason", "Time.")
    with pytest.raises(CommandError, match="no live runs on ekip-engine@1: 12345"):
        command("--run", "12345")
    with pytest.raises(CommandError, match="Nobody has an account"):
        command("--apply", "--reason", "Time.", "--by", "nobody@example.org")


def test_time_that_was_granted_is_kept_under_the_other_version(story, newer):
    into_review(story)
    common = {"person": story.coordinator, "reason": "Time."}
    before = dict(Timer.objects.filter(visit=story.visit).values_list("key", "due_at"))
    pauses.pause_runs(run_ids=[story.run.pk], now=story.now, **common)
    story.now += timedelta(days=5)
    pauses.resume_runs(run_ids=[story.run.pk], person=story.coordinator, now=story.now)
    go(story, newer)
    after = dict(Timer.objects.filter(visit=story.visit).values_list("key", "due_at"))
    assert after["review-lapsed"] - before["review-lapsed"] == timedelta(days=5)
    assert after["review-overdue"] - before["review-overdue"] == timedelta(days=35)


def test_a_paused_run_goes_over_and_stays_paused(story, newer):
    into_review(story)
    before = dict(Timer.objects.filter(visit=story.visit).values_list("key", "due_at"))
    pauses.pause_runs(run_ids=[story.run.pk], person=story.coordinator, reason="A new version.", now=story.now)
    story.now += timedelta(days=400)  # in a run that is not paused the stage would have lapsed
    go(story, newer)
    story.pass_time(days=1)
    assert story.stage == "community-review"
    pauses.resume_runs(run_ids=[story.run.pk], person=story.coordinator, now=story.now)
    story.pass_time(minutes=1)
    assert story.stage == "community-review"
    after = dict(Timer.objects.filter(visit=story.visit).values_list("key", "due_at"))
    assert after["review-lapsed"] - before["review-lapsed"] == timedelta(days=401)
