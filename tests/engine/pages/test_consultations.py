"""A consultation from its opening to its outcome, as everybody, those who take part and the coordinator see it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engine.models import Assignment, Round
from engine.selectors.desk import desk_of
from engine.services.consultations import take_part
from engine.services.verification import access_differences, chain_faults, replay_differences
from recommendations import access
from tests.engine.processes import SCORES, consulting, deciding, drafting, ended, follow, reading, revising
from tests.people import join

pytestmark = pytest.mark.django_db

SENTENCE = "Small companies of the creative sector"


@pytest.fixture
def waiting(story):
    """A proposal that waits for its consultation to be opened."""
    stages = (drafting("consulting"), consulting("revising"), revising("deciding"), deciding("closed"), ended())
    return follow(story, *stages).start().write().submit()


@pytest.fixture
def consultation(waiting, visit) -> Round:
    """An open consultation."""
    answer = visit(waiting.coordinator).command("open_round", waiting.proposal.pk, **deadline("2027-03-20"))
    assert answer.status_code == 302
    return Round.objects.get()


@pytest.fixture(autouse=True)
def everything_agrees():
    """After every story, access rows, event chains and replay agree with what happened."""
    yield
    assert (access_differences(), chain_faults(), replay_differences()) == ([], [], [])


def deadline(day: str) -> dict[str, str]:
    return {"closes_on": day, "closes_time": "17:00"}


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def contribute(visitor, round, **typed):
    """Take part, write, look once more, hand in."""
    part = visitor.post("consultation", round.pk)
    assert part.status_code == 302
    pk = Assignment.objects.get(round=round, reviewer__email=visitor.story_person).pk
    management = {"points-TOTAL_FORMS": "1", "points-INITIAL_FORMS": "0"}
    visitor.post("review", pk, action="confirm", **management, **typed)
    saved = visitor.get("review", pk, confirm="").context["saved"]
    return visitor.post("review", pk, action="send", saved=saved)


@pytest.fixture
def guest(visit):
    """`guest(person)` opens pages as that person, and knows who it is."""

    def enter(person):
        visitor = visit(person)
        visitor.story_person = person.email if person else ""
        return visitor

    return enter


def test_the_coordinator_chooses_a_deadline_and_invites_nobody(waiting, visit, outsider):
    page = visit(waiting.coordinator).get("open_round", waiting.proposal.pk)
    assert "reviewers" not in page.context["form"].fields
    assert "Everybody can read the frozen text" in text_of(page)
    late = visit(waiting.coordinator).command("open_round", waiting.proposal.pk, **deadline("2026-01-01"))
    assert late.status_code == 422
    assert visit(outsider).get("open_round", waiting.proposal.pk).status_code == 404
    assert not Round.objects.exists()


def test_opening_twice_opens_one(waiting, visit, consultation):
    again = visit(waiting.coordinator).get("open_round", waiting.proposal.pk)
    assert again.status_code == 302
    assert not Assignment.objects.exists()


def test_the_coordinators_desk_says_what_to_open(waiting):
    tasks = [task.text for task in desk_of(waiting.coordinator, now=waiting.now).for_you]
    assert tasks == ["Open the consultation of “Shared means for small companies”"]


def test_anybody_reads_the_frozen_text_without_an_account(consultation, visit):
    listed = text_of(visit(None).get("consultations"))
    assert "Shared means for small companies" in listed
    assert "Open until 20 March 2027, 16:00 (UTC)" in listed
    page = text_of(visit(None).get("consultation", consultation.pk))
    assert SENTENCE in page
    assert "Sign in to take part" in page
    assert "The authors answer every remark." in page


def test_without_a_consultation_the_list_says_so(story, visit):
    assert "No consultation is open now" in text_of(visit(None).get("consultations"))


def test_the_process_page_leads_to_the_text(consultation, visit, waiting):
    page = visit(None).get("process").content.decode()
    assert f"/proposals/{waiting.proposal.pk}/text/" in page
    answer = visit(None).get("public_text", waiting.proposal.pk)
    assert (answer.status_code, answer.url) == (302, f"/consultations/{consultation.pk}/")


def test_a_public_stage_shows_the_frozen_text_before_its_round_is_opened(waiting, visit):
    page = text_of(visit(None).get("public_text", waiting.proposal.pk))
    assert SENTENCE in page
    assert "This is a draft" in page


def test_a_stage_that_is_only_listed_shows_no_text(story, visit):
    story.start().write().submit()
    assert visit(None).get("public_text", story.proposal.pk).status_code == 404


def test_who_takes_part_without_an_account_signs_in_first(consultation, visit):
    answer = visit(None).post("consultation", consultation.pk)
    assert answer.url == f"/account/login/?next=/consultations/{consultation.pk}/"
    assert not Assignment.objects.exists()


def test_somebody_takes_part_once_however_often_they_press(consultation, visit, outsider):
    for _time in range(2):
        answer = visit(outsider).post("consultation", consultation.pk)
    part = Assignment.objects.get()
    assert answer.url == f"/assignments/{part.pk}/review/"
    assert (part.accepted_at, part.invited_by) == (part.invited_at, outsider)
    assert "Go on with your contribution" in text_of(visit(outsider).get("consultation", consultation.pk))


def test_authors_and_their_organisation_cannot_take_part(consultation, visit, waiting, official):
    join(official, waiting.organisation)
    for person in (waiting.author, official):
        assert visit(person).post("consultation", consultation.pk).status_code == 403
        assert "have a stake in this proposal" in text_of(visit(person).get("consultation", consultation.pk))
    assert not Assignment.objects.exists()


def test_a_contribution_needs_neither_scores_nor_advice_but_words(consultation, guest, outsider):
    visitor = guest(outsider)
    visitor.post("consultation", consultation.pk)
    pk = Assignment.objects.get().pk
    page = text_of(visitor.get("review", pk))
    assert "Your contribution" in page
    assert "Your advice" not in page
    assert "Scores" not in page
    management = {"points-TOTAL_FORMS": "1", "points-INITIAL_FORMS": "0"}
    empty = visitor.post("review", pk, action="confirm", **management)
    assert empty.status_code == 422
    assert "Write a comment, or remark on a passage." in text_of(empty)


def test_contributions_are_handed_in_once_and_answered_like_every_point(consultation, guest, outsider, waiting, visit):
    remark = {"points-0-text": "Name the rooms.", "points-0-must_answer": "on"}
    contribute(guest(outsider), consultation, comment="A good idea.", **remark)
    assert "Your contribution is handed in" in text_of(guest(outsider).get("consultation", consultation.pk))
    again = guest(outsider).post("review", Assignment.objects.get().pk, action="save", comment="More")
    assert again.status_code == 409
    waiting.pass_time(days=20)
    assert waiting.stage == "revising"
    seen = text_of(visit(waiting.author).get("points", waiting.proposal.pk))
    assert "Contribution 1" in seen
    assert "Name the rooms." in seen
    assert outsider.name not in seen
    waiting.answer_points()
    waiting.submit()
    assert waiting.stage == "deciding"


def test_the_coordinator_sees_who_takes_part_and_authors_do_not(consultation, guest, outsider, waiting, visit):
    contribute(guest(outsider), consultation, comment="A good idea.")
    assert outsider.name in text_of(visit(waiting.coordinator).get("round", consultation.pk))
    waiting.pass_time(days=20)
    page = text_of(visit(waiting.author).get("round", consultation.pk))
    assert "Contribution 1" in page
    assert "A good idea." in page
    assert outsider.name not in page
    history = text_of(visit(waiting.author).get("history", waiting.proposal.pk))
    assert "A contribution was handed in." in history
    assert outsider.name not in history


def test_who_came_by_themselves_read_nothing_of_what_invited_reviewers_wrote(story, visit, outsider):
    stages = consulting("reading"), reading("revising"), revising("deciding"), deciding("closed"), ended()
    follow(story, drafting("consulting"), *stages).start().write().submit()
    part = take_part(round_id=story.open_consultation().pk, person=outsider, now=story.now)
    story.hand_in(part, "Name the rooms.", advice="", scores={})
    story.pass_time(days=14)
    story.open_round(template="reading")
    reviewer = story.reviewers[0]
    story.review(reviewer, "Say who pays.", scores=SCORES)
    story.pass_time(days=14)
    for person, remarks in ((outsider, ["Name the rooms."]), (reviewer, ["Name the rooms.", "Say who pays."])):
        table = visit(person).get("responses", story.proposal.pk).context["table"]
        assert [row.remark for row in table.rows] == remarks


def test_too_few_contributions_keep_the_stage(consultation, waiting):
    waiting.pass_time(days=20)
    assert waiting.stage == "consulting"
    assert Round.objects.get().closed_at == waiting.now


def test_at_the_deadline_the_text_is_gone_and_nobody_takes_part(consultation, waiting, visit, outsider):
    waiting.now = Round.objects.get().closes_at
    page = text_of(visit(None).get("consultation", consultation.pk))
    assert "This consultation has closed" in page
    assert SENTENCE not in page
    assert visit(outsider).post("consultation", consultation.pk).status_code == 409


def test_a_closed_consultation_says_where_the_proposal_stands(consultation, guest, outsider, waiting, visit):
    contribute(guest(outsider), consultation, comment="A good idea.")
    waiting.pass_time(days=20)
    page = text_of(visit(None).get("consultation", consultation.pk))
    assert "This consultation has closed" in page
    assert SENTENCE not in page
    assert waiting.title not in page
    assert visit(None).get("public_text", waiting.proposal.pk).status_code == 404
    waiting.submit()
    assert "stands at: Deciding" in text_of(visit(None).get("consultation", consultation.pk))


def test_a_person_who_was_removed_cannot_come_back(consultation, outsider, visit, waiting):
    visit(outsider).post("consultation", consultation.pk)
    pk = Assignment.objects.get().pk
    visit(waiting.coordinator).post("remove_reviewer", pk, reason="Advertising")
    assert visit(outsider).post("consultation", consultation.pk).status_code == 403
    assert "has removed you" in text_of(visit(outsider).get("consultation", consultation.pk))
    assert access.readable_revisions(outsider, waiting.proposal.pk) == frozenset()


def test_only_consultations_stand_at_their_address(story, visit):
    story.in_review()
    assert visit(None).get("consultation", Round.objects.get().pk).status_code == 404
    assert visit(story.author).post("consultation", Round.objects.get().pk).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many(consultation, visit, waiting):
    visitor = visit(None)
    visitor.get("consultations")
    counted = {}
    for more in (0, 3):
        for _time in range(more):
            waiting.title = f"Another {_time}"
            waiting.start().write().submit()
            waiting.open_consultation()
        with CaptureQueriesContext(connection) as queries:
            page = visitor.get("consultations")
        counted[len(page.context["page"].object_list)] = len(queries)
    assert set(counted) == {1, 4}
    assert len(set(counted.values())) == 1
