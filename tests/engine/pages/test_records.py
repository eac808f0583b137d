"""Decision records: who gets which form, what it keeps to itself, and that a third party can verify it."""

import copy
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ekip.shared import clock
from engine.models import Assignment, Event
from engine.process.chain import GENESIS, Link, digest, link_hash
from engine.selectors import history
from engine.selectors.record_parts import EDITIONS, PUBLIC, WITHHELD
from engine.selectors.records import public_record, record_data, record_for
from engine.services.checkpoints import make_checkpoint
from engine.services.events import NewEvent, append_events
from partners.models import Membership, User
from recommendations.models import Edition, Notice, Publication
from recommendations.publishing import issue_notice
from tests.people import sign_in

pytestmark = pytest.mark.django_db
VERIFIER = Path("static/verifier/verify_record.py").resolve()


def verify(record: dict[str, Any] | bytes, *arguments: str) -> subprocess.CompletedProcess:
    """What the verifier says, run as a third party runs it."""
    text = record if isinstance(record, bytes) else json.dumps(record).encode()
    command = [sys.executable, "-I", str(VERIFIER), "-", *arguments]
    return subprocess.run(command, input=text, capture_output=True, cwd="/", env={"PYTHONUTF8": "1"}, timeout=60)


@pytest.fixture
def published(story, reviewer, now):
    """Published after a review with remarks; a checkpoint covers it."""
    story.in_decision().decide()
    make_checkpoint(now=story.now)
    return story


CACHE: list[str] = []


@pytest.fixture
def forms(request) -> list[dict[str, Any]]:
    """The full and the public form of one story, told once: these tests only change copies."""
    if not CACHE:
        story = request.getfixturevalue("published")
        CACHE.extend(json.dumps(form(story)) for form in (full, of_everybody))
    return [json.loads(each) for each in CACHE]


def slug_of(story) -> str:
    return Publication.objects.get(run=story.run).slug


def full(story) -> dict[str, Any]:
    return record_data(record_for(story.coordinator, story.proposal.pk), now=story.now)


def of_everybody(story) -> dict[str, Any]:
    return record_data(public_record(slug_of(story)), now=story.now)


def test_the_full_and_the_public_form_verify_elsewhere(published):
    count = Event.objects.filter(run=published.run).count()
    checked = verify(full(published))
    assert checked.stderr == b""
    assert checked.returncode == 0
    said = checked.stdout.decode()
    assert said.startswith(
        f"verified: {count} events of run {published.run.pk}, 0 of them withheld; 2 revisions, 2 rounds"
    )
    assert f"checkpoint 1 covers it up to event {count}" in said
    checked = verify(of_everybody(published))
    assert (checked.stderr, checked.returncode) == (b"", 0)
    hidden = Event.objects.filter(run=published.run, kind__in=WITHHELD).count()
    assert f"{count} events of run {published.run.pk}, {hidden} of them withheld" in checked.stdout.decode()


def test_a_record_is_compared_with_what_was_known_before(published):
    record = of_everybody(published)
    known = record["checkpoint"]["hash"]
    early = record["events"][3]["hash"]
    assert verify(record, "--checkpoint", known, "--head", early).returncode == 0
    for option, place in (("--checkpoint", b"refused: checkpoint: "), ("--head", b"refused: head: ")):
        checked = verify(record, option, "0" * 64)
        assert checked.returncode == 1
        assert checked.stderr.startswith(place)


def test_the_public_form_names_nobody_and_holds_no_words_of_reviewers(published):
    text = json.dumps(of_everybody(published), ensure_ascii=False)
    for person in User.objects.all():
        assert person.name not in text
        assert person.email not in text
    for private in ("Read with interest.", "It answers a real need.", '"advice": '):
        assert private not in text
    for row in Assignment.objects.filter(round__visit__run=published.run):
        assert f'"reviewer": {row.reviewer_id}' not in text
    seals = set(Event.objects.filter(actor__isnull=False).values_list("seal", flat=True))
    assert not [seal for seal in seals if seal in text]


def test_the_same_person_has_the_same_pseudonym_and_the_system_its_own(published):
    told = [event for event in of_everybody(published)["events"] if "kind" in event]
    by = {event["kind"]: event["by"] for event in told}
    assert by["run-opened"] == by["point-answered"] == "person-1"
    assert by["round-opened"] == by["decided"] == "person-2"
    assert by["edition-published"] == by["round-closed"] == "system"


def test_what_happened_after_the_edition_is_only_counted_for_everybody(published):
    before = of_everybody(published)
    published.pass_time(days=1)
    append_events([NewEvent(published.run.pk, "set-aside", None, {"attempt": 1})], now=published.now)
    after = of_everybody(published)
    assert len(after["events"]) == len(before["events"]) + 1
    assert "kind" not in after["events"][-1]
    assert verify(after).returncode == 0
    assert record_data(record_for(published.author, published.proposal.pk), now=published.now)["events"][-1]["kind"]


def test_authors_get_the_public_form_with_the_reason_of_the_decision(published):
    record = record_data(record_for(published.author, published.proposal.pk), now=published.now)
    assert record["about"]["form"] == "public"
    assert record["decisions"][0]["reason"] == "It answers a real need."
    assert record["people"] == []
    assert record["decisions"][0]["inputs"]["eligible"] == 1
    assert verify(record).returncode == 0


def test_what_a_decision_was_based_on_cannot_be_guessed_from_its_digest(published):
    told, hidden = full(published)["decisions"], of_everybody(published)["decisions"]
    assert len(told[0]["inputs"]["salt"]) == 32
    assert len({each["inputs"]["salt"] for each in told}) == len(told)
    of_author = record_data(record_for(published.author, published.proposal.pk), now=published.now)["decisions"]
    assert all("salt" not in each["inputs"] for each in (*hidden, *of_author))


def test_the_full_form_names_people_and_their_words(published):
    record = full(published)
    assert record["about"]["form"] == "full"
    assert published.author.name in {each["name"] for each in record["people"]}
    assert {each["reviewer"] for round in record["rounds"] for each in round["assignments"]} >= {
        person.pk for person in published.reviewers
    }
    review = next(event for event in record["events"] if event["kind"] == "review-submitted")
    assert review["words"]["comment"] == "Read with interest."


def test_what_is_handed_in_is_for_nobody_while_its_round_is_open(story, reviewer):
    story.in_review().review(reviewer, "Not yet for anybody")
    record = record_data(record_for(story.author, story.proposal.pk), now=story.now)
    assert "Not yet for anybody" not in json.dumps(record)
    assert record["points"] == []
    assert record["rounds"][0]["submitted"] == 1
    early = full(story)
    assert "Not yet for anybody" not in json.dumps(early)
    assert '"scores"' not in json.dumps(early["events"])
    assert verify(early).returncode == 0
    story.pass_time(days=15)
    assert "Not yet for anybody" in json.dumps(full(story))


def test_events_from_before_there_were_seals_verify_too(published):
    rows = list(Event.objects.filter(run=published.run).order_by("number"))
    previous = GENESIS
    record = full(published)
    for shown, row in zip(record["events"], rows, strict=True):
        link = Link(row.run_id, row.number, row.kind, row.at, row.actor_id, row.data, previous)
        shown.pop("seal")
        shown["previous"], previous = previous, link_hash(link)
        shown["hash"] = previous
    record["head"]["hash"], record["checkpoint"] = previous, None
    assert b"refused: events: it is not what its digest says" in verify(record).stderr
    assert verify(with_digests(record)).returncode == 0


def with_digests(record: dict[str, Any]) -> dict[str, Any]:
    """As somebody makes it who knows how digests are made."""
    parts = {name: part for name, part in record.items() if name not in ("format", "digests")}
    return {**record, "digests": {name: digest(part) for name, part in parts.items()}}


def with_events(record: dict[str, Any], events: list[Any], *, forges_digests: bool = True) -> dict[str, Any]:
    """The record with other events, and the digest that goes with them."""
    digests = record["digests"] | ({"events": digest(events)} if forges_digests else {})
    return {**record, "events": events, "digests": digests}


def leaves(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """Every place in plain data where a value or an empty list stands."""
    if isinstance(value, dict | list) and value:
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, (*path, key))
    else:
        yield path


def changed(value: Any) -> Any:
    """Another value of the same kind, or almost."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return value[:-1] + ("0" if value[-1:] != "0" else "1")
        case None:
            return 1
    return ["more"]


def load_verifier():
    """The module, to ask it many times in this process."""
    spec = importlib.util.spec_from_file_location("verify_record", VERIFIER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def refusal(module, record: dict[str, Any]) -> str:
    """With which words a record is refused, or nothing."""
    try:
        module.verify(record)
    except module.Refused as refused:
        return str(refused)
    except module.BROKEN:
        return "record: "
    return ""


def test_any_single_change_of_a_hashed_member_is_refused_and_the_place_named(forms):
    module = load_verifier()
    for record in forms:
        assert refusal(module, record) == ""
        hashed = [path for path in leaves(record["events"]) if path[1] in module.HASHED]
        assert len(hashed) > 150
        for forged_digests in (False, True):
            for path in hashed:
                events = [*record["events"]]
                target = events[path[0]] = copy.deepcopy(events[path[0]])
                for key in path[1:-1]:
                    target = target[key]
                target[path[-1]] = changed(target[path[-1]])
                forged = with_events(record, events, forges_digests=forged_digests)
                assert refusal(module, forged).startswith(f"event {path[0] + 1}: "), path


def test_an_event_that_is_removed_added_or_moved_is_refused_and_the_place_named(forms):
    module = load_verifier()
    for record in forms:
        events = record["events"]
        for place, event in enumerate(events):
            before, after = events[:place], events[place + 1 :]
            forged = with_events(record, before + after)
            assert refusal(module, forged).startswith(f"event {place + 1}: ")
            forged = with_events(record, [*before, event, event, *after])
            assert refusal(module, forged).startswith(f"event {place + 2}: ")
            if after:
                forged = with_events(record, [*before, after[0], event, *after[1:]])
                assert refusal(module, forged).startswith(f"event {place + 1}: ")


def test_a_member_of_an_event_that_is_left_out_or_put_in_is_refused(forms):
    module = load_verifier()
    for record in forms:
        for place, event in enumerate(record["events"]):
            for name in module.HASHED & set(event):
                events = [*record["events"]]
                events[place] = {key: value for key, value in event.items() if key != name}
                assert refusal(module, with_events(record, events)).startswith(f"event {place + 1}: "), name
            events = [*record["events"]]
            events[place] = {"body": "0" * 64, "sealed_actor": "0" * 64, "actor": 5, "data": {}} | event
            assert refusal(module, with_events(record, events)).startswith(f"event {place + 1}: ")
            events[place] = {**event, "more": 1}
            assert refusal(module, with_events(record, events)).startswith(
                f"event {place + 1}: ['more'] does not belong here"
            )


def test_a_tail_that_is_cut_off_is_found_by_the_head_and_by_the_checkpoint(forms):
    module = load_verifier()
    record = forms[1]
    count = len(record["events"])
    cut = copy.deepcopy(record)
    cut["events"].pop()
    assert refusal(module, with_digests(cut)).startswith(f"event {count}: it is missing")
    cut["head"] = {"number": count - 1, "hash": cut["events"][-1]["hash"]}
    assert refusal(module, with_digests(cut)) == f"checkpoint: event {count}, which it saw, is missing"


def test_any_change_of_any_other_part_is_refused_and_the_part_named(forms):
    module = load_verifier()
    record = forms[0]
    for part in module.PARTS:
        if part == "events":
            continue
        for path in list(leaves(record[part]))[:80]:
            forged = copy.deepcopy(record)
            if not path:
                forged[part] = ["more"]
            else:
                target = forged[part]
                for key in path[:-1]:
                    target = target[key]
                target[path[-1]] = changed(target[path[-1]])
            words = refusal(module, forged)
            assert words, (part, path)
            assert words.startswith((part, "event ", "record")), (part, path, words)


@pytest.mark.parametrize(
    ("part", "member", "value"),
    [
        ("revisions", "hash", "0" * 64),
        ("rounds", "quorum_met", False),
        ("decisions", "outcome", "reject"),
        ("decisions", "inputs", {"eligible": []}),
        ("points", "outcome", "declined"),
        ("editions", "serial", 999),
    ],
)
def test_what_contradicts_the_chain_is_refused_even_with_new_digests(forms, part, member, value):
    module = load_verifier()
    forged = copy.deepcopy(forms[0])
    forged[part][0][member] = value
    assert refusal(module, with_digests(forged)).startswith(f"{part}, entry 1: “{member}” ")
    forged = copy.deepcopy(forms[0])
    del forged[part][0]
    if part != "points":
        assert refusal(module, with_digests(forged)).startswith(f"{part}: what event ")


@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode))
@example(b"")
@example(b"[]")
@example(b'{"format": "ekip-decision-record/1"}')
@example(b'{"format": 1, "format": 1}')
@example(b"[" * 100_000)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_no_record_is_refused_without_a_traceback(text):
    checked = verify(text)
    assert checked.returncode in (1, 2)
    assert b"Traceback" not in checked.stderr


def test_a_conflict_leaves_a_coordinator_what_everybody_has(published, coordinator, organisation):
    Membership.objects.create(person=coordinator, organisation=organisation, role="member", started_at=published.now)
    page = sign_in(coordinator).get(f"/proposals/{published.proposal.pk}/record/download/")
    assert page.status_code == 403
    public = sign_in(coordinator).get(f"/records/{slug_of(published)}/download/").json()
    assert public["about"]["form"] == "public"


def test_who_is_refused(story, outsider, reviewer, client):
    story.in_review()
    own = f"/proposals/{story.proposal.pk}/record/"
    for address in (own, f"{own}download/"):
        assert client.get(address).status_code == 302
        for person in (outsider, reviewer):
            assert sign_in(person).get(address).status_code == 404
    assert sign_in(outsider).get("/proposals/999999/record/").status_code == 404
    assert client.get("/records/nothing/").status_code == 404
    assert client.get("/records/nothing/download/").status_code == 404


def test_the_pages_offer_record_and_verifier(published, client):
    with clock.at(published.now):
        own = sign_in(published.coordinator).get(f"/proposals/{published.proposal.pk}/record/")
        public = client.get(f"/records/{slug_of(published)}/")
        every = client.get("/records/")
        history_page = sign_in(published.author).get(f"/proposals/{published.proposal.pk}/history/")
        reading = client.get(f"/library/{slug_of(published)}/")
    assert "This is the full form" in own.content.decode()
    assert "This is the public form" in public.content.decode()
    assert public.context["data"]["head"]["hash"] in public.content.decode()
    assert "verify_record.py" in every.content.decode()
    assert f'href="/proposals/{published.proposal.pk}/record/"' in history_page.content.decode()
    assert f'href="/records/{slug_of(published)}/"' in reading.content.decode()


def test_a_publication_that_was_taken_back_leaves_a_record_without_words(published):
    story = published
    assert "Remark 1 on the context." in json.dumps(of_everybody(story))
    edition = Edition.objects.get(publication__run=story.run)
    issue_notice(edition, Notice.Kind.WITHDRAWAL, "It was wrong.", person=None, now=story.now)
    record = of_everybody(story)
    assert "Remark 1 on the context." not in json.dumps(record)
    assert verify(record).returncode == 0


def test_every_kind_of_event_is_public_or_withheld():
    assert set(history._WORDS) <= PUBLIC | WITHHELD
    assert not PUBLIC & WITHHELD
    assert set(EDITIONS) <= PUBLIC
    assert {*history.ABOUT_REVIEWERS, *history.BY_REVIEWERS} <= WITHHELD


def test_as_many_questions_for_a_long_run_as_for_a_short_one(published):
    with CaptureQueriesContext(connection) as short:
        full(published)
    fired = NewEvent(published.run.pk, "timer-fired", None, {"timer": "reminder", "stage": "revision"})
    append_events([fired] * 2000, now=published.now)
    with CaptureQueriesContext(connection) as long:
        record = full(published)
    assert len(long) == len(short)
    assert len(record["events"]) > 2000
    assert verify(record).returncode == 0
