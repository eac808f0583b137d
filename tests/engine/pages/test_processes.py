"""Processes and their versions, as everyone reads them; copied and withdrawn by those who design."""

import json

import pytest

from engine.definitions import content_hash, read_definition
from engine.models import ProcessDraft, ProcessVersion
from engine.services.definitions import publish_definition
from tests.engine.pages.test_lists import another, cost

pytestmark = pytest.mark.django_db

KEY = "ekip-engine"


def further(story, number: int) -> ProcessVersion:
    """One more version of the default process."""
    text = ProcessVersion.objects.get(definition__key=KEY, number=1).text
    changed = text.replace("period: P28D", f"period: P{30 + number}D")
    return publish_definition(changed, person=story.coordinator, now=story.now)[0]


def test_everyone_reads_which_processes_there_are(story, visit):
    further(story, 1)
    story.start()
    page = visit(None).get("processes").content.decode()
    for words in ("ekip Engine, version 1", "ekip Engine, version 2", "Offered", "Replaced", "Sofia Coordinator"):
        assert words in page
    assert "Drafts" not in page


def test_an_empty_platform_says_so(db, client):
    assert "No process has been published yet" in client.get("/processes/").content.decode()


def test_the_list_costs_the_same_for_one_version_and_for_many(story, visit):
    story.start()
    designer = visit(story.coordinator)
    one = cost(designer, "processes")
    for number in range(1, 12):
        further(story, number)
        another(story, f"Proposal {number}").start()
        ProcessDraft.objects.create(
            key=f"draft-{number}",
            title="A draft",
            text="",
            based_on=ProcessVersion.objects.all()[0],
            created_by=story.coordinator,
            created_at=story.now,
            saved_by=story.coordinator,
            saved_at=story.now,
        )
    assert cost(designer, "processes") == one


def test_a_version_is_told_in_words_and_as_a_table(story, visit):
    further(story, 1)
    answer = visit(None).get("process_version", KEY, 2)
    page = answer.content.decode()
    for words in (
        "City prototyping",
        "What is proved",
        "A proposal takes at most",
        "Since version 1",
        "period changed from",
    ):
        assert words in page
    head, rows = answer.context["matrix"].head, answer.context["matrix"].rows
    assert all(len(row) == len(head) for row in rows)
    drafting = dict(zip(head, next(row for row in rows if row[0] == "Policy lab"), strict=True))
    assert (drafting["Change the text"], drafting["Decide"]) == ("Authors", "–")
    assert "Proposals on this version" not in page


def test_the_export_reads_back_to_the_same_hash(story, visit):
    version = further(story, 1)
    file = visit(None).get("process_export", KEY, 2)
    assert content_hash(read_definition(file.content.decode())[0]) == version.content_hash
    assert 'filename="ekip-engine-2.yaml"' in file["Content-Disposition"]


def test_the_schema_has_an_address(story, visit):
    schema = json.loads(visit(None).get("process_schema").content)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(("key", "number"), [(KEY, 99), ("nothing", 1)])
def test_what_is_not_there_is_not_found(story, visit, key, number):
    for name in ("process_version", "process_export"):
        assert visit(None).get(name, key, number).status_code == 404


def test_designers_see_the_proposals_on_a_version_and_authors_find_it_from_theirs(story, visit):
    story.start()
    assert story.title in visit(story.coordinator).get("process_version", KEY, 1).content.decode()
    for name in ("proposal", "history"):
        page = visit(story.author).get(name, story.proposal.pk).content.decode()
        assert '<a href="/processes/ekip-engine/1/">ekip Engine, version 1</a>' in page


def test_the_page_of_a_version_costs_the_same_for_one_proposal_and_for_many(story, visit):
    story.start()
    designer = visit(story.coordinator)
    one = cost(designer, "process_version", KEY, 1)
    for number in range(8):
        another(story, f"Proposal {number}").start()
    assert cost(designer, "process_version", KEY, 1) == one


def test_a_copy_becomes_the_next_version_or_another_process(story, visit):
    designer = visit(story.coordinator)
    for _time in range(2):
        designer.post("process_copy", KEY, 1, goal="next")
    designer.post("process_copy", KEY, 1, goal="other", title="Zwei Beratungen")
    assert sorted(ProcessDraft.objects.values_list("key", "title")) == [
        (KEY, "ekip Engine"),
        ("zwei-beratungen", "Zwei Beratungen"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"goal": "nonsense"},
        {"goal": "other", "title": ""},
        {"goal": "other", "title": "x" * 121},
        {"goal": "other", "title": "Other", "key": KEY},
        {"goal": "other", "title": "Other", "key": "Not a key"},
    ],
)
def test_what_cannot_be_copied_so_is_refused_at_its_field(story, visit, wrong):
    answer = visit(story.coordinator).post("process_copy", KEY, 1, **wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not ProcessDraft.objects.exists()


def test_a_withdrawn_version_says_why_and_is_offered_no_more(story, visit):
    designer = visit(story.coordinator)
    assert designer.post("process_withdraw", KEY, 1, reason=" ").status_code == 422
    for _time in range(2):
        assert designer.post("process_withdraw", KEY, 1, reason="Two weeks were too short.").status_code == 302
    page = visit(None).get("process_version", KEY, 1).content.decode()
    assert "Two weeks were too short." in page
    assert "Offered" not in page


@pytest.mark.parametrize("who", ["author", "outsider", "reviewer"])
def test_nobody_else_copies_or_withdraws(story, visit, request, who):
    visitor = visit(request.getfixturevalue(who))
    for name in ("process_copy", "process_withdraw"):
        assert visitor.get(name, KEY, 1).status_code == 403
        assert visitor.post(name, KEY, 1, goal="next", reason="No.").status_code == 403
        assert visit(None).get(name, KEY, 1).url.startswith("/account/login/")
    assert not ProcessDraft.objects.exists()
    page = visitor.get("process_version", KEY, 1).content.decode()
    assert "Copy and change it" not in page
    assert 'href="/processes/"' not in visitor.get("my_proposals").content.decode()
    assert 'href="/processes/"' in visit(story.coordinator).get("my_proposals").content.decode()
