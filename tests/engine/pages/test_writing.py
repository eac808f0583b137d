"""Starting and writing a proposal on its pages."""

import pytest

from engine.models import Run
from engine.selectors.versions import version_named
from partners.models import Membership
from recommendations.models import Proposal
from tests import people
from tests.engine.stories import make_area

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(story):
    """A proposal that has just been started."""
    return story.start().proposal


def body(proposal, key="context"):
    """The words of a section as stored."""
    blocks = proposal.sections.get(kind__key=key).blocks
    return " ".join(run["text"] for block in blocks for run in block["runs"])


def start_data(story, **changes):
    return {
        "area": make_area(now=story.now).slug,
        "title": "Shared rooms",
        "lead_organisation": story.organisation.pk,
        "summary": "What cities can do.",
        "process": version_named("ekip-engine").pk,
    } | changes


def test_a_drafter_starts_a_proposal_and_lands_in_its_workspace(story, visit):
    answer = visit(story.author).post("start", **start_data(story))
    proposal = Proposal.objects.get()
    assert answer.url == f"/proposals/{proposal.pk}/"
    assert (proposal.title, proposal.started_by, proposal.summary) == (
        "Shared rooms",
        story.author,
        "What cities can do.",
    )
    page = visit(story.author).get("proposal", proposal.pk)
    run = page.context["run"]
    assert [at.stage.key for at in run.positions] == ["drafting"]
    assert [mark.state for step in run.steps for mark in step] == ["done", "current", *["next"] * 6]


def test_starting_twice_starts_once(story, visit):
    for _time in range(2):
        visit(story.author).post("start", **start_data(story))
    assert Run.objects.count() == 1


def test_only_selected_areas_with_ten_sources_can_be_chosen(story, visit, now):
    make_area("thin", sources=9, now=now)
    answer = visit(story.author).post("start", **start_data(story, area="thin"))
    assert answer.status_code == 422
    assert "area" in answer.context["form"].errors
    assert not Proposal.objects.exists()


def test_a_person_who_drafts_for_nobody_learns_whom_to_ask(story, visit):
    organisation = people.make_organisation("Example Quay")
    member = people.make_person("Mia Member", organisation=organisation)
    people.make_person("Max Manager", organisation=organisation, role=Membership.Role.MANAGER)
    page = visit(member).get("start")
    assert page.templates[0].name == "engine/cannot_start.html"
    assert "Max Manager" in page.content.decode()


def test_a_rejected_form_keeps_every_typed_word(story, visit):
    answer = visit(story.author).post("start", **start_data(story, title="", summary="Kept words"))
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()


def test_a_section_takes_html_from_the_editor(story, visit, draft):
    html = "<h2>One</h2><p>Two <strong>three</strong></p><ul><li><p>four</p></li></ul>"
    answer = visit(story.author).command("section", draft.pk, "context", body=html)
    assert answer.status_code == 302
    blocks = draft.sections.get(kind__key="context").blocks
    assert [block["kind"] for block in blocks] == ["heading", "paragraph", "list_item"]


def test_a_section_takes_plain_words_without_scripts(story, visit, draft):
    visit(story.author).command("section", draft.pk, "context", body="## One\n\nTwo **three**\n\n- four")
    blocks = draft.sections.get(kind__key="context").blocks
    assert [block["kind"] for block in blocks] == ["heading", "paragraph", "list_item"]


def test_a_paragraph_keeps_its_id_when_the_text_around_it_changes(story, visit, draft):
    author = visit(story.author)
    author.command("section", draft.pk, "context", body="<p>The first paragraph stays.</p>")
    before = draft.sections.get(kind__key="context").blocks[0]["id"]
    author.command("section", draft.pk, "context", body="<p>New.</p><p>The first paragraph stays, nearly.</p>")
    assert draft.sections.get(kind__key="context").blocks[1]["id"] == before


def test_script_and_handlers_are_words_or_nothing(story, visit, draft):
    html = '<p onclick="x()">Safe <script>alert(1)</script><img src="javascript:x" onerror="x()" alt="a"></p>'
    visit(story.author).command("section", draft.pk, "context", body=html)
    page = visit(story.author).get("proposal", draft.pk).content.decode()
    assert "Safe" in page
    assert "alert(1)" not in page
    assert "onerror" not in page
    assert "onclick" not in page


def test_a_megabyte_is_refused_and_kept_on_the_page(story, visit, draft):
    words = "much " * 200_000
    answer = visit(story.author).command("section", draft.pk, "context", body=words)
    assert answer.status_code == 422
    assert answer.content.decode().count("much ") >= 200_000 - 1
    assert body(draft) == ""


def test_two_people_saving_a_section_both_keep_their_words(story, visit, draft):
    other = people.make_person("Oskar Author", organisation=story.organisation, role="drafter")
    visit(story.author).post("co_authors", draft.pk, email=other.email)
    version = draft.sections.get(kind__key="context").version
    visit(other).post("section", draft.pk, "context", body="<p>Words of Oskar</p>", version=version)
    answer = visit(story.author).post("section", draft.pk, "context", body="<p>Words of Hanna</p>", version=version)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Words of Oskar" in page
    assert "Words of Hanna" in page
    assert "Oskar Author" in page
    assert body(draft) == "Words of Oskar"

    again = answer.context["form"]["version"].value()
    final = visit(story.author).post("section", draft.pk, "context", body="<p>Both, by Hanna</p>", version=again)
    assert final.status_code == 302
    assert body(draft) == "Both, by Hanna"


def test_saving_the_same_words_twice_is_no_conflict(story, visit, draft):
    version = draft.sections.get(kind__key="context").version
    for _time in range(2):
        answer = visit(story.author).post("section", draft.pk, "context", body="<p>Same</p>", version=version)
        assert answer.status_code == 302


def test_title_and_summary_conflict_shows_both(story, visit, draft):
    author = visit(story.author)
    author.post("details", draft.pk, title="First", summary="", version=draft.version)
    answer = author.post("details", draft.pk, title="Second", summary="Mine", version=draft.version)
    assert answer.status_code == 409
    assert "First" in answer.content.decode()
    assert "Mine" in answer.content.decode()


def recommendation_data(**changes):
    return {
        "statement": "Cities open a room.",
        "levels": ["local"],
        "rationale": "<p>Because rooms are scarce.</p>",
        "guideline": "Ask the library.",
    } | changes


def test_recommendations_are_added_changed_ordered_and_removed(story, visit, draft):
    author = visit(story.author)
    for statement in ("First thing.", "Second thing."):
        assert (
            author.post("recommendation_add", draft.pk, **recommendation_data(statement=statement)).status_code == 302
        )
    first, second = draft.recommendations.all()
    author.post("recommendation_move", draft.pk, second.key, position="1")
    assert [row.statement for row in draft.recommendations.all()] == ["Second thing.", "First thing."]
    author.command("recommendation", draft.pk, first.key, **recommendation_data(statement="Changed thing."))
    first.refresh_from_db()
    assert first.statement == "Changed thing."
    assert first.guideline[0]["runs"][0]["text"] == "Ask the library."
    author.post("recommendation_delete", draft.pk, second.key)
    assert [row.statement for row in draft.recommendations.all()] == ["Changed thing."]


def test_adding_a_recommendation_twice_adds_one(story, visit, draft):
    for _time in range(2):
        visit(story.author).post("recommendation_add", draft.pk, **recommendation_data())
    assert draft.recommendations.count() == 1


def test_two_people_saving_a_recommendation_see_both(story, visit, draft):
    author = visit(story.author)
    author.post("recommendation_add", draft.pk, **recommendation_data())
    row = draft.recommendations.get()
    author.post("recommendation", draft.pk, row.key, version=1, **recommendation_data(statement="Theirs."))
    answer = author.post("recommendation", draft.pk, row.key, version=1, **recommendation_data(statement="Mine."))
    assert answer.status_code == 409
    assert dict(answer.context["theirs_fields"])["Statement"] == "Theirs."
    assert dict(answer.context["mine_fields"])["Statement"] == "Mine."


def test_evidence_is_added_once_and_removed(story, visit, draft):
    data = {"title": "Example report", "kind": "survey", "address": "example.org/report", "year": "2026"}
    for _time in range(2):
        assert visit(story.author).post("evidence_add", draft.pk, **data).status_code == 302
    item = draft.evidence.get()
    assert (item.title, item.address, item.year) == ("Example report", "https://example.org/report", 2026)
    visit(story.author).post("evidence_delete", draft.pk, item.key)
    assert not draft.evidence.exists()


def test_faulty_evidence_is_refused_at_its_field(story, visit, draft):
    for wrong in (
        {"year": "soon"},
        {"address": "javascript:alert(1)"},
        {"kind": "rumour"},
        {"title": ""},
        {"title": "x" * 300},
    ):
        answer = visit(story.author).post("evidence_add", draft.pk, **({"title": "T", "kind": "survey"} | wrong))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == list(wrong)


def test_co_authors_come_and_go(story, visit, draft, outsider):
    author = visit(story.author)
    assert visit(outsider).get("proposal", draft.pk).status_code == 404
    author.post("co_authors", draft.pk, email=outsider.email.upper())
    assert visit(outsider).get("proposal", draft.pk).status_code == 200
    author.post("co_author_remove", draft.pk, outsider.pk)
    assert visit(outsider).get("proposal", draft.pk).status_code == 404


def test_an_address_without_an_account_is_refused_with_words(story, visit, draft):
    answer = visit(story.author).post("co_authors", draft.pk, email="nobody@example.org")
    assert answer.status_code == 422
    assert "email" in answer.context["form"].errors


def test_nobody_writes_in_a_frozen_text_and_typed_words_come_back(story, visit):
    story.in_review()
    answer = visit(story.author).post("section", story.proposal.pk, "context", body="<p>Too late</p>", version=2)
    assert answer.status_code == 409
    assert list(answer.context["kept"].values()) == ["Too late"]
    assert "Too late" in answer.content.decode()


def test_an_empty_section_can_be_saved(story, visit, draft):
    author = visit(story.author)
    author.command("section", draft.pk, "context", body="<p>Words</p>")
    assert author.command("section", draft.pk, "context", body="").status_code == 302
    assert draft.sections.get(kind__key="context").blocks == []
