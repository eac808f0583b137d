"""Drafts of processes: copied, saved by several people, published once, withdrawn with a reason."""

from itertools import product

import pytest
from django.db import ProgrammingError, connection, transaction

from ekip.shared.append_only import AppendOnlyError
from ekip.shared.errors import EditConflict, Invalid, NotAllowed, NotFound, NotNow
from engine.definitions import read_definition
from engine.definitions.rewriting import with_value
from engine.models import ProcessDraft, ProcessVersion, VersionWithdrawal
from engine.selectors.versions import all_versions, draft_for, live_runs, offered_versions, open_drafts, version_named
from engine.services.definitions import Unsound, publish_definition, publish_shipped
from engine.services.drafts import copy_version, delete_draft, publish_draft, rest_draft_on, save_draft
from engine.services.versions import withdraw_version
from tests.engine.stories import load_reference
from tests.people import grant, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def newest():
    load_reference()
    return version_named("ekip-engine")


@pytest.fixture
def other_coordinator(db):
    person = make_person("Olga Coordinator")
    grant(person, "coordinator")
    return person


@pytest.fixture
def draft(newest, coordinator, now):
    return copy_version(version_id=newest.pk, person=coordinator, key="ekip-engine", now=now)


def save(draft, person, text, now, version=None):
    return save_draft(
        draft_id=draft.pk, person=person, text=text, version=draft.version if version is None else version, now=now
    )


def publish(draft, person, now, version=None):
    return publish_draft(
        draft_id=draft.pk, person=person, version=draft.version if version is None else version, now=now
    )


# --- copying --------------------------------------------------------------------------------------------------------


def test_a_copy_keeps_every_word_of_the_text_and_its_comments(newest, draft):
    assert draft.text == newest.source
    assert "# Who may not judge" in draft.text
    assert (draft.key, draft.title, draft.based_on, draft.version) == (
        "ekip-engine",
        newest.definition.title,
        newest,
        1,
    )


def test_a_copy_under_another_key_is_a_process_of_its_own(newest, coordinator, now):
    draft = copy_version(
        version_id=newest.pk, person=coordinator, key="two-rounds", title="Two rounds: a trial", now=now
    )
    data, _lines = read_definition(draft.text)
    assert (data["key"], data["title"]) == ("two-rounds", "Two rounds: a trial")
    assert data["stages"] == newest.content["stages"]
    assert "# Who may not judge" in draft.text
    version = publish(draft, coordinator, now)
    assert (version.definition.key, version.number, version.definition.title) == (
        "two-rounds",
        1,
        "Two rounds: a trial",
    )


@pytest.mark.parametrize("key", ["", "Two Rounds", "two--rounds", "a" * 61, "two_rounds\n"])
def test_a_key_that_is_none_is_refused(newest, coordinator, now, key):
    with pytest.raises(Invalid) as refusal:
        copy_version(version_id=newest.pk, person=coordinator, key=key, now=now)
    assert list(refusal.value.errors) == ["key"]


def test_a_key_that_another_process_has_is_refused(newest, draft, coordinator, now):
    mine = copy_version(version_id=newest.pk, person=coordinator, key="mine", now=now)
    publish(mine, coordinator, now)
    with pytest.raises(Invalid) as refusal:
        copy_version(version_id=newest.pk, person=coordinator, key="mine", now=now)
    assert list(refusal.value.errors) == ["key"]


def test_an_older_version_can_be_brought_back(newest, draft, coordinator, now):
    save(draft, coordinator, draft.text.replace("title: ekip Engine", "title: ekip Engine, tried"), now)
    second = publish(draft, coordinator, now, version=2)
    again = copy_version(version_id=newest.pk, person=coordinator, key="ekip-engine", now=now)
    assert (again.text, again.based_on) == (newest.source, second)


# --- saving ---------------------------------------------------------------------------------------------------------


def test_two_who_save_both_keep_their_text(draft, coordinator, other_coordinator, now):
    first = save(draft, coordinator, "key: mine\n", now)
    assert (first.version, first.key) == (2, "mine")
    with pytest.raises(EditConflict) as conflict:
        save(draft, other_coordinator, "key: theirs\n", now, version=1)
    assert conflict.value.context["theirs"].text == "key: mine\n"
    assert conflict.value.context["theirs"].saved_by == coordinator
    assert conflict.value.context["kept"] == {"text": "key: theirs\n"}


def test_the_key_follows_every_text_that_can_be_published(draft, coordinator, now):
    text = draft.text.replace("key: ekip-engine", "key: two_rounds", 1)
    assert save(draft, coordinator, text, now).key == publish(draft, coordinator, now, version=2).definition.key


@pytest.mark.parametrize(
    "text", ["", "][", "a: &b 1", "key: [1]\ntitle: {en: {default: New}}", "- 1", "key: Not A Key"]
)
def test_a_text_with_faults_is_kept_as_it_is(draft, coordinator, now, text):
    save(draft, coordinator, text, now)
    stored = draft_for(coordinator, draft.pk)
    assert (stored.text, stored.key) == (text, "ekip-engine")
    assert stored.title == ("New" if "New" in text else "ekip Engine")


def test_a_text_of_five_megabytes_is_refused_and_given_back(draft, coordinator, now):
    text = "# " + "x" * 5_000_000
    with pytest.raises(Invalid) as refusal:
        save(draft, coordinator, text, now)
    assert (refusal.value.code, refusal.value.context["kept"]) == ("too-large", {"text": text})
    draft.refresh_from_db()
    assert draft.version == 1


@pytest.mark.parametrize("text", ["key: a\x00b", "key: \ud800"])
def test_a_character_that_cannot_be_stored_is_refused(draft, coordinator, now, text):
    with pytest.raises(Invalid) as refusal:
        save(draft, coordinator, text, now)
    assert refusal.value.code == "character"


def test_line_ends_of_browsers_are_no_change(draft, coordinator, now):
    text = draft.text
    assert save(draft, coordinator, text.replace("\n", "\r\n"), now).text == text


# --- publishing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("][", "broken"),
        ("a: &b 1\nc: *b", "anchor"),
        ("a: !b 1", "tag"),
        ("[" * 40 + "]" * 40, "too-deep"),
        ("key: a\nkey: b", "twice"),
        ("? [a]\n: b", "name"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_code(draft, coordinator, now, text, code):
    save(draft, coordinator, text, now)
    with pytest.raises(Unsound) as refusal:
        publish(draft, coordinator, now, version=2)
    assert [each.code for each in refusal.value.found] == [code]


@pytest.mark.parametrize(
    "text",
    ["][", "a: &b 1\nc: *b", "[" * 40 + "]" * 40, "key: a\nkey: b", "key: a\n", "", "x: 1"],
)
def test_what_cannot_be_read_or_has_faults_is_refused_with_its_lines(draft, coordinator, now, text):
    save(draft, coordinator, text, now)
    with pytest.raises(Unsound) as refusal:
        publish(draft, coordinator, now, version=2)
    assert refusal.value.code == "unsound"
    assert refusal.value.errors["text"] == [str(each) for each in refusal.value.found]
    assert all(each.line >= 1 and each.code and each.message for each in refusal.value.found)
    assert ProcessVersion.objects.filter(definition__key="ekip-engine").count() == 1


def test_a_fault_names_its_line_and_what_it_says(draft, coordinator, now):
    save(draft, coordinator, draft.text.replace("to: community-review", "to: comunity-review", 1), now)
    with pytest.raises(Unsound) as refusal:
        publish(draft, coordinator, now, version=2)
    fault = next(each for each in refusal.value.found if each.code == "unknown-stage")
    assert fault.text == "to: comunity-review"
    assert draft_for(coordinator, draft.pk).text.splitlines()[fault.line - 1].strip() == fault.text


def test_a_role_that_there_is_no_more_is_a_fault(draft, coordinator, now):
    save(draft, coordinator, draft.text.replace("by: coordinator", "by: steward", 1), now)
    with pytest.raises(Unsound) as refusal:
        publish(draft, coordinator, now, version=2)
    assert [(each.code, each.text) for each in refusal.value.found] == [("unknown-role", "by: steward")]


def test_a_process_that_goes_round_for_ever_is_a_fault(draft, coordinator, now):
    text = draft.text.replace("    at_most: 3\n", "\n", 1).replace("        at_most: 3\n", "\n", 1)
    save(draft, coordinator, text, now)
    with pytest.raises(Unsound) as refusal:
        publish(draft, coordinator, now, version=2)
    assert {each.code for each in refusal.value.found} <= {"unbounded", "loop"}


def test_a_draft_is_published_once(draft, coordinator, other_coordinator, now):
    save(draft, coordinator, draft.text.replace("P21D", "P28D", 1), now)
    version = publish(draft, coordinator, now, version=2)
    assert (version.number, version.published_by, version.source) == (
        2,
        coordinator,
        draft_for(coordinator, draft.pk).text,
    )
    assert publish(draft, coordinator, now, version=2) == version
    assert publish(draft, other_coordinator, now, version=2) == version
    assert ProcessVersion.objects.filter(definition__key="ekip-engine").count() == 2
    assert open_drafts() == []
    for refused in (
        lambda: save(draft, coordinator, "x", now, version=2),
        lambda: delete_draft(draft_id=draft.pk, person=coordinator),
    ):
        with pytest.raises(NotNow) as refusal:
            refused()
        assert refusal.value.code == "already-published"


def test_what_was_saved_since_is_not_published_unseen(draft, coordinator, other_coordinator, now):
    save(draft, other_coordinator, draft.text.replace("P21D", "P28D", 1), now)
    with pytest.raises(EditConflict):
        publish(draft, coordinator, now, version=1)


def test_two_who_publish_at_once_the_second_is_told_what_differs(newest, draft, coordinator, other_coordinator, now):
    theirs = copy_version(version_id=newest.pk, person=other_coordinator, key="ekip-engine", now=now)
    save(draft, coordinator, draft.text.replace("P21D", "P28D", 1), now)
    save(theirs, other_coordinator, theirs.text.replace("label: Policy lab", "label: Drafting lab", 1), now)
    first = publish(draft, coordinator, now, version=2)
    with pytest.raises(NotNow) as refusal:
        publish(theirs, other_coordinator, now, version=2)
    assert (refusal.value.code, refusal.value.context["newest"]) == ("published-meanwhile", first)
    told = "\n".join(refusal.value.context["differences"])
    assert "Drafting lab" in told
    assert "from 28 days to 21 days" in told
    rest_draft_on(draft_id=theirs.pk, version_id=first.pk, person=other_coordinator)
    assert publish(theirs, other_coordinator, now, version=2).number == 3


def test_the_same_content_is_not_published_twice(newest, draft, coordinator, now):
    save(draft, coordinator, "# A comment is no content.\n" + draft.text, now)
    with pytest.raises(NotNow) as refusal:
        publish(draft, coordinator, now, version=2)
    assert (refusal.value.code, refusal.value.context["same"]) == ("same-content", newest)
    assert "Version 1" in str(refusal.value)


def test_a_deleted_draft_is_gone_for_everybody(draft, coordinator, other_coordinator, now):
    delete_draft(draft_id=draft.pk, person=coordinator)
    delete_draft(draft_id=draft.pk, person=other_coordinator)
    for gone in (
        lambda: save(draft, coordinator, "x", now),
        lambda: publish(draft, coordinator, now),
        lambda: draft_for(coordinator, draft.pk),
    ):
        with pytest.raises(NotFound):
            gone()


def test_what_people_published_is_not_published_over_when_the_platform_is_renewed(newest, draft, coordinator, now):
    shipped = newest.source.replace("P21D", "P24D", 1)
    save(draft, coordinator, draft.text.replace("P21D", "P28D", 1), now)
    publish(draft, coordinator, now, version=2)
    assert publish_shipped(shipped, now=now) == (version_named("ekip-engine@2"), False)
    light = version_named("light")
    renewed, is_new = publish_shipped(with_value(light.source, "title", "Light, renewed"), now=now)
    assert (is_new, renewed.number, renewed.definition) == (True, 2, light.definition)


def test_a_process_takes_the_title_of_its_newest_version(draft, coordinator, now):
    save(draft, coordinator, draft.text.replace("title: ekip Engine", "title: The Engine", 1), now)
    assert publish(draft, coordinator, now, version=2).definition.title == "The Engine"


# --- who ------------------------------------------------------------------------------------------------------------


def test_only_coordinators_of_the_platform_and_administrators_change_processes(
    newest, draft, author, reviewer, decider, now
):
    of_one_area = make_person("Area Coordinator")
    grant(of_one_area, "coordinator", "area:shared-means")
    changes = (
        lambda person: copy_version(version_id=newest.pk, person=person, key="mine", now=now),
        lambda person: save(draft, person, "x", now),
        lambda person: delete_draft(draft_id=draft.pk, person=person),
        lambda person: rest_draft_on(draft_id=draft.pk, version_id=newest.pk, person=person),
        lambda person: publish(draft, person, now),
        lambda person: withdraw_version(version_id=newest.pk, person=person, reason="No.", now=now),
        lambda person: draft_for(person, draft.pk),
    )
    for person, change in product((author, reviewer, decider, of_one_area), changes):
        with pytest.raises(NotAllowed):
            change(person)
    assert ProcessDraft.objects.get().text == draft.text
    assert not VersionWithdrawal.objects.exists()
    administrator = make_person("Ada Administrator", is_staff=True)
    assert copy_version(version_id=newest.pk, person=administrator, key="mine", now=now).created_by == administrator


@pytest.mark.parametrize("model", [ProcessVersion, VersionWithdrawal])
def test_versions_and_withdrawals_never_change(newest, coordinator, now, model):
    withdraw_version(version_id=newest.pk, person=coordinator, reason="Not used.", now=now)
    row = model.objects.first()
    for change in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(id=9)):
        with pytest.raises(AppendOnlyError):
            change()
    for statement in ("UPDATE {} SET id = id", "DELETE FROM {}"):
        with (
            pytest.raises(ProgrammingError, match="Cannot update or delete"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(model._meta.db_table))


# --- withdrawing ----------------------------------------------------------------------------------------------------


def test_a_withdrawn_version_is_not_offered_and_says_why(newest, draft, coordinator, other_coordinator, now):
    save(draft, coordinator, draft.text.replace("P21D", "P28D", 1), now)
    second = publish(draft, coordinator, now, version=2)
    assert [str(each) for each in offered_versions() if each.definition.key == "ekip-engine"] == ["ekip Engine, 2"]
    with pytest.raises(Invalid):
        withdraw_version(version_id=second.pk, person=coordinator, reason=" ", now=now)
    withdrawal = withdraw_version(version_id=second.pk, person=coordinator, reason="Four weeks are too long.", now=now)
    again = withdraw_version(version_id=second.pk, person=other_coordinator, reason="Another reason.", now=now)
    assert again == withdrawal
    assert offered_versions()[0] == newest
    with pytest.raises(NotNow) as refusal:
        publish(copy_version(version_id=second.pk, person=coordinator, key="ekip-engine", now=now), coordinator, now)
    assert "Version 2, which was withdrawn, says the same" in str(refusal.value)


def test_the_list_of_versions_costs_the_same_for_one_and_for_many(newest, story, now, django_assert_max_num_queries):
    story.start()
    with django_assert_max_num_queries(2):
        few = all_versions()
    for number in range(12):
        text = newest.source.replace("key: ekip-engine", f"key: process-{number}", 1)
        publish_definition(text, person=None, now=now)
    with django_assert_max_num_queries(2):
        many = all_versions()
    assert len(many) == len(few) + 12
    line = next(each for each in many if each.version == newest)
    assert (line.live_runs, line.is_offered) == (1, True)
    assert [run.proposal for run in live_runs(newest)] == [story.proposal]
