"""Changing a process in the browser: checked as one types, a stage added by a form, tried, published."""

from datetime import timedelta

import pytest

from ekip.shared import clock
from engine.definitions import read_definition
from engine.models import ProcessDraft, ProcessVersion
from engine.process.values import definition_from
from engine.services import drafts, rounds
from engine.services.consultations import take_part
from tests.engine.pages.test_lists import another
from tests.engine.pages.test_processes import KEY, further
from tests.engine.stories import Story
from tests.people import grant, make_person

pytestmark = pytest.mark.django_db

PAGES = ("", "_stage", "_changes", "_try", "_publish", "_delete")
STAGE = {
    "kind": "review",
    "label": "Second consultation",
    "place": "revision>decision",
    "days": "21",
    "longest": "90",
    "quorum": "2",
    "questions": "Is it clear?\n\nIs it fair?",
}


@pytest.fixture
def draft(story) -> ProcessDraft:
    """Of the next version of the default process."""
    version = ProcessVersion.objects.get(definition__key=KEY)
    return drafts.copy_version(version_id=version.pk, person=story.coordinator, key=KEY, now=story.now)


def test_saving_keeps_everything_and_counts_what_is_wrong(story, visit, draft):
    designer = visit(story.coordinator)
    broken = draft.text.replace("to: revision", "to: nowhere", 1) + "\n# <script>alert(1)</script> note\n"
    answer = designer.post("process_draft", draft.pk, text=broken.replace("\n", "\r\n"), version=draft.version)
    assert answer.url == f"/process-drafts/{draft.pk}/"
    draft.refresh_from_db()
    assert draft.text == broken
    page = designer.get("process_draft", draft.pk)
    html = page.content.decode()
    [fault, *_more] = page.context["look"].faults
    assert (fault.text, f'data-line="{fault.line}"' in html) == ("to: nowhere", True)
    assert "<script>alert" not in html


def test_checking_saves_nothing_and_keeps_what_is_typed(story, visit, draft):
    typed = draft.text.replace("label: Revision", "label: Second thoughts")
    answer = visit(story.coordinator).post("process_draft", draft.pk, text=typed, version=draft.version, action="check")
    page = answer.content.decode()
    assert (answer.status_code, "No fault" in page, "label: Second thoughts" in page) == (200, True, True)
    draft.refresh_from_db()
    assert (draft.version, "Second thoughts" in draft.text) == (1, False)


@pytest.mark.parametrize("text", ["", "stages: [", "a: &b 1", "x" * 300_000, "[" * 40, "- 1", "key: 5", "\x00"])
def test_whatever_is_typed_gets_an_answer(story, visit, draft, text):
    designer = visit(story.coordinator)
    page = designer.post("process_draft_check", draft.pk, text=text, version=draft.version)
    assert page.status_code == 200
    assert 'class="faults"' in page.content.decode()
    assert designer.post("process_draft", draft.pk, text=text, version=1, action="check").status_code in {200, 422}


def test_a_text_of_five_megabytes_is_refused_and_the_draft_stays(story, visit, draft):
    designer, large = visit(story.coordinator), "# more\n" * 750_000
    for name in ("process_draft", "process_draft_check"):
        assert designer.post(name, draft.pk, text=large, version=1).status_code == 400
    assert ProcessDraft.objects.get().text == draft.text


def test_a_text_without_faults_comes_with_its_drawing(story, visit, draft):
    page = visit(story.coordinator).post("process_draft_check", draft.pk, text=draft.text, version=1)
    assert "No fault" in page.content.decode()
    assert "<svg" in page.content.decode()


def test_two_people_who_save_lose_nothing(story, visit, draft):
    second = make_person("Kai Coordinator")
    grant(second, "coordinator")
    theirs = draft.text + "# theirs\n"
    visit(second).post("process_draft", draft.pk, text=theirs, version=draft.version)
    mine = draft.text + "# mine\n"
    answer = visit(story.coordinator).post("process_draft", draft.pk, text=mine, version=draft.version)
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Kai Coordinator", "# theirs", "# mine"):
        assert words in page
    rested = answer.context["form"]["version"].value()
    visit(story.coordinator).post("process_draft", draft.pk, text=mine, version=rested)
    draft.refresh_from_db()
    assert draft.text == mine


def test_sending_the_same_text_twice_is_no_conflict(story, visit, draft):
    designer, text = visit(story.coordinator), draft.text + "# more\n"
    for _time in range(2):
        assert designer.post("process_draft", draft.pk, text=text, version=1).status_code == 302
    draft.refresh_from_db()
    assert draft.version == 2


def test_a_stage_is_added_by_a_form_and_every_other_line_stays(story, visit, draft):
    designer = visit(story.coordinator)
    before = draft.text.splitlines()
    for _time in range(2):
        answer = designer.post("process_draft_stage", draft.pk, version=1, **STAGE)
        assert answer.status_code == 302
    draft.refresh_from_db()
    stages = definition_from(read_definition(draft.text)[0])
    new = stages.stage("second-consultation")
    assert [each.question for each in new.round.criteria] == ["Is it clear?", "Is it fair?"]
    assert {way.to for way in new.transitions} == {"decision", "revision"}
    assert stages.stage("revision").transition("resubmit").to == "second-consultation"
    assert [line for line in before if line not in draft.text.splitlines()] == []
    assert designer.get("process_draft", draft.pk).context["look"].faults == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": ""},
        {"kind": "party"},
        {"place": "nowhere"},
        {"days": "0"},
        {"longest": "21"},
        {"questions": " \n "},
        {"quorum": "51"},
    ],
)
def test_a_stage_that_cannot_be_is_refused_and_kept_on_the_page(story, visit, draft, wrong):
    answer = visit(story.coordinator).post("process_draft_stage", draft.pk, version=1, **(STAGE | wrong))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_stage_cannot_be_added_to_a_text_with_faults(story, visit, draft):
    ProcessDraft.objects.filter(pk=draft.pk).update(text="stages: []")
    designer = visit(story.coordinator)
    posted = designer.post("process_draft_stage", draft.pk, version=1)
    for answer in (designer.get("process_draft_stage", draft.pk), posted):
        assert "The text has faults" in answer.content.decode()


def test_a_stage_that_meets_a_newer_text_is_shown_with_it(story, visit, draft):
    second = make_person("Kai Coordinator")
    grant(second, "coordinator")
    visit(second).post("process_draft", draft.pk, text=draft.text + "# theirs\n", version=1)
    answer = visit(story.coordinator).post("process_draft_stage", draft.pk, version=1, **STAGE)
    assert answer.status_code == 409
    assert "Kai Coordinator changed the text" in answer.content.decode()
    assert answer.context["form"]["version"].value() == "2"


def test_buttons_that_rest_on_the_text_save_it_first(story, visit, draft):
    designer = visit(story.coordinator)
    for number, step in enumerate(("stage", "changes", "try", "publish"), start=1):
        text = f"{draft.text}# {step}\n"
        answer = designer.post("process_draft", draft.pk, text=text, version=number, action=step)
        assert answer.url == f"/process-drafts/{draft.pk}/{step}/"
        assert ProcessDraft.objects.get(pk=draft.pk).text == text


def test_what_changes_is_told_and_published_once(story, visit, draft):
    story.start()
    designer = visit(story.coordinator)
    designer.post("process_draft_stage", draft.pk, version=1, **STAGE)
    changes = designer.get("process_draft_changes", draft.pk).content.decode()
    assert "Stage “Second consultation”: new" in changes
    page = designer.get("process_draft_publish", draft.pk).content.decode()
    assert "It becomes version 2." in page
    for _time in range(2):
        answer = designer.post("process_draft_publish", draft.pk, version=2)
        assert answer.url == "/processes/ekip-engine/2/"
    assert ProcessVersion.objects.filter(definition__key=KEY).count() == 2
    assert story.run.version.number == 1
    assert another(story, "Later").start().run.version.number == 2
    for name in PAGES[:1]:
        assert designer.get(f"process_draft{name}", draft.pk).url == "/processes/ekip-engine/2/"


def test_a_draft_with_faults_is_not_published(story, visit, draft):
    ProcessDraft.objects.filter(pk=draft.pk).update(text=draft.text.replace("to: revision", "to: nowhere", 1))
    answer = visit(story.coordinator).post("process_draft_publish", draft.pk, version=1)
    assert answer.status_code == 422
    assert "nowhere" in answer.content.decode()
    assert ProcessVersion.objects.filter(definition__key=KEY).count() == 1


def test_a_version_published_meanwhile_is_seen_before_one_goes_on(story, visit, draft):
    newest = further(story, 1)
    designer = visit(story.coordinator)
    designer.post("process_draft_stage", draft.pk, version=1, **STAGE)
    answer = designer.post("process_draft_publish", draft.pk, version=2)
    assert answer.status_code == 409
    assert "Version 2 was published meanwhile" in answer.content.decode()
    designer.post("process_draft_rest", draft.pk, newest=newest.pk)
    assert designer.post("process_draft_publish", draft.pk, version=2).url == "/processes/ekip-engine/3/"


def test_the_same_content_is_not_published_again(story, visit, draft):
    answer = visit(story.coordinator).post("process_draft_publish", draft.pk, version=1)
    assert answer.status_code == 409
    assert 'href="/processes/ekip-engine/1/"' in answer.content.decode()


def test_a_trial_says_what_it_assumes_and_lets_it_change(story, visit, draft):
    designer = visit(story.coordinator)
    page = designer.get("process_draft_try", draft.pk, runs=20, seed=3, accept=100, review=5).content.decode()
    for words in ("What became of 20 synthetic proposals", "Assumed, not measured", "100 %", "<svg"):
        assert words in page
    for wrong in ({"runs": 501}, {"runs": 0}, {"accept": 101}, {"review": -1}, {"runs": 5, "seed": "x"}):
        answer = designer.get("process_draft_try", draft.pk, **({"runs": 5, "seed": 1} | wrong))
        assert answer.status_code == 422
        assert "synthetic proposals went" not in answer.content.decode()


def test_deleting_asks_once(story, visit, draft):
    designer = visit(story.coordinator)
    assert "gone for good" in designer.get("process_draft_delete", draft.pk).content.decode()
    for _time in range(2):
        assert designer.post("process_draft_delete", draft.pk).url == "/processes/"
    assert designer.get("process_draft", draft.pk).status_code == 404


@pytest.mark.parametrize("who", ["author", "outsider", "reviewer", "decider"])
def test_nobody_else_sees_or_changes_a_draft(story, visit, request, draft, who):
    visitor = visit(request.getfixturevalue(who))
    for name in PAGES:
        assert visitor.get(f"process_draft{name}", draft.pk).status_code == 403
        if name not in ("_changes", "_try"):
            assert visitor.post(f"process_draft{name}", draft.pk, text="", version=1).status_code == 403
        assert visit(None).get(f"process_draft{name}", draft.pk).url.startswith("/account/login/")
    assert visit(None).post("process_draft_check", draft.pk, text="").status_code == 403
    for name in ("_check", "_rest"):
        assert visitor.post(f"process_draft{name}", draft.pk, text="", version=1).status_code == 403
    assert ProcessDraft.objects.get().version == 1
    with clock.at(story.now):
        assert "Draft of" not in visitor.client.get("/processes/").content.decode()


@pytest.fixture
def consulted(story, visit, draft) -> Story:
    """A proposal on a version with a second consultation, at that stage."""
    designer = visit(story.coordinator)
    designer.post("process_draft_stage", draft.pk, version=1, **STAGE | {"kind": "consult", "quorum": "1"})
    designer.post("process_draft_publish", draft.pk, version=2)
    story.in_decision()
    assert story.stage == "second-consultation"
    return story


def test_a_proposal_passes_the_stage_that_was_added(consulted, visit, outsider):
    opened = rounds.open_round(
        proposal_id=consulted.proposal.pk,
        person=consulted.coordinator,
        visit_id=consulted.visit.pk,
        template="second-consultation",
        reviewer_ids=[],
        closes_at=consulted.now + timedelta(days=21),
        now=consulted.now,
    )
    assert consulted.title in visit(None).get("consultation", opened.pk).content.decode()
    part = take_part(round_id=opened.pk, person=outsider, now=consulted.now)
    consulted.hand_in(part, "Think of small towns.", advice="", scores={})
    consulted.pass_time(days=21)
    assert consulted.stage == "decision"


def test_where_nobody_acts_the_process_goes_on_without_it(consulted, visit):
    consulted.pass_time(days=89)
    assert consulted.stage == "second-consultation"
    consulted.pass_time(days=1)
    assert consulted.stage == "decision"
    assert "Second consultation" in visit(consulted.author).get("history", consulted.proposal.pk).content.decode()
