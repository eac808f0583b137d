"""Opening a round, answering an invitation, reviewing, and reading what was written."""

import re

import pytest

from ekip.shared import clock
from engine.models import Assignment, Point, Review, Round
from tests import people
from tests.engine.stories import SCORES

pytestmark = pytest.mark.django_db


def round_data(story, **changes):
    return {
        "reviewers": [person.pk for person in story.reviewers],
        "closes_on": "2027-03-20",
        "closes_time": "17:00",
    } | changes


@pytest.fixture
def submitted(story):
    """Submitted, and no round yet."""
    return story.start().write().submit()


@pytest.fixture
def asked(story):
    """A reviewer's assignment in an open round."""
    story.in_review()
    return Assignment.objects.get(reviewer=story.reviewers[0])


@pytest.fixture
def accepted(asked, story, visit):
    """The same, accepted on its page."""
    visit(story.reviewers[0]).post("invitation", asked.pk, answer="accept")
    return asked


def review_data(points=(), **changes):
    data = {f"score-{key}": str(score) for key, score in SCORES.items()}
    data |= {"comment": "Read with interest.", "advice": "revise", "action": "save"}
    data |= {"points-TOTAL_FORMS": str(len(points)), "points-INITIAL_FORMS": "0"}
    for number, point in enumerate(points):
        data |= {f"points-{number}-{name}": value for name, value in point.items()}
    return data | changes


def test_a_person_with_a_conflict_cannot_be_chosen_and_the_page_says_why(story, visit, submitted):
    colleague = people.make_person("Carla Colleague", organisation=story.organisation)
    page = visit(story.coordinator).get("open_round", story.proposal.pk)
    html = page.content.decode()
    assert f'value="{colleague.pk}" id="reviewer-{colleague.pk}" disabled' in html
    assert "Cannot be chosen: belongs to an organisation of the authors." in html
    answer = visit(story.coordinator).command(
        "open_round", story.proposal.pk, **round_data(story, reviewers=[colleague.pk, story.reviewers[0].pk])
    )
    assert answer.status_code == 422
    assert not Round.objects.exists()


def test_opening_a_round_twice_opens_one(story, visit, submitted):
    coordinator = visit(story.coordinator)
    first = coordinator.command("open_round", story.proposal.pk, **round_data(story))
    opened = Round.objects.get()
    assert first.url == f"/rounds/{opened.pk}/"
    assert opened.closes_at.isoformat() == "2027-03-20T16:00:00+00:00"
    again = coordinator.post("open_round", story.proposal.pk, visit_id=story.visit.pk, **round_data(story))
    assert again.url == first.url


def test_a_faulty_round_is_refused(story, visit, submitted):
    coordinator = visit(story.coordinator)
    for wrong in (
        {"reviewers": []},
        {"reviewers": ["x"]},
        {"closes_on": "2027-02-01"},
        {"closes_on": "never"},
        {"closes_time": "25:61"},
    ):
        answer = coordinator.command("open_round", story.proposal.pk, **round_data(story, **wrong))
        assert answer.status_code == 422, wrong
    assert not Round.objects.exists()


def test_searching_keeps_who_was_chosen(story, visit, submitted):
    first, second = story.reviewers
    answer = visit(story.coordinator).post(
        "open_round", story.proposal.pk, search="1", q="region", reviewers=[second.pk]
    )
    shown = {row["candidate"].person: row["chosen"] for row in answer.context["people"]}
    assert shown == {first: False, second: True}


def test_before_accepting_a_reviewer_sees_title_and_summary_only(story, visit, asked):
    reviewer = visit(story.reviewers[0])
    page = reviewer.get("invitation", asked.pk).content.decode()
    assert story.title in page
    assert "What cities can do so that" in page
    assert "Small companies of the creative sector" not in page
    assert reviewer.get("review", asked.pk).url == f"/assignments/{asked.pk}/"


def test_declining_needs_a_reason(story, visit, asked):
    reviewer = visit(story.reviewers[0])
    assert reviewer.post("invitation", asked.pk, answer="decline", reason="").status_code == 422
    reviewer.post("invitation", asked.pk, answer="decline", reason="No time.")
    asked.refresh_from_db()
    assert asked.decline_reason == "No time."
    page = visit(story.coordinator).get("round", asked.round_id).content.decode()
    assert "No time." in page


def test_passages_are_numbered_through_the_whole_text(story, visit, accepted):
    page = visit(story.reviewers[0]).get("review", accepted.pk)
    shown = [int(number) for number in re.findall(r'data-passage="(\d+)"', page.text)]
    assert shown == list(range(1, len(shown) + 1))
    labels = [passage.label for _title, group in page.context["text"].passages for passage in group if passage.block_id]
    assert [int(label.rpartition(" ")[2]) for label in labels] == shown


def test_a_draft_is_kept_with_whatever_is_written_so_far(story, visit, accepted):
    reviewer = visit(story.reviewers[0])
    answer = reviewer.post("review", accepted.pk, **review_data(**{"score-clarity": "", "advice": ""}))
    assert answer.status_code == 302
    review = Review.objects.get()
    assert review.submitted_at is None
    assert {answer.criterion: answer.score for answer in review.answers.all()} == SCORES | {"clarity": None}
    page = reviewer.get("review", accepted.pk)
    assert page.context["form"]["score-relevance"].value() == 4


def test_a_point_is_tied_to_its_passage(story, visit, accepted):
    reviewer = visit(story.reviewers[0])
    text = reviewer.get("review", accepted.pk).context["text"]
    passage = text.sections[0].passages[0]
    point = {"passage": passage.value, "quote": "creative sector", "text": "Which?", "must_answer": "on"}
    reviewer.post("review", accepted.pk, **review_data([point]))
    stored = Point.objects.get()
    assert (stored.place, stored.block_id, stored.quote) == ("context", passage.block_id, "creative sector")


def test_a_quote_that_does_not_stand_there_is_kept_as_words(story, visit, accepted):
    reviewer = visit(story.reviewers[0])
    passage = reviewer.get("review", accepted.pk).context["text"].sections[0].passages[0]
    point = {"passage": passage.value, "quote": "not in there", "text": "Where?"}
    assert reviewer.post("review", accepted.pk, **review_data([point])).status_code == 302
    assert Point.objects.get().quote == "not in there"


def test_adding_another_point_without_scripts_saves_and_offers_one_more(story, visit, accepted):
    reviewer = visit(story.reviewers[0])
    answer = reviewer.post("review", accepted.pk, **review_data([{"text": "One."}], action="add-point"))
    assert answer.url.endswith("#new-point")
    assert len(reviewer.get("review", accepted.pk).context["points"].forms) == 2


def test_a_point_without_a_remark_is_refused_and_kept_on_the_page(story, visit, accepted):
    answer = visit(story.reviewers[0]).post("review", accepted.pk, **review_data([{"wording": "Say it so."}]))
    assert answer.status_code == 422
    assert "Say it so." in answer.content.decode()


def test_an_incomplete_review_is_not_sent(story, visit, accepted):
    answer = visit(story.reviewers[0]).post(
        "review", accepted.pk, **review_data(action="confirm", **{"score-clarity": "", "advice": "perhaps"})
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["score-clarity", "advice"]
    assert "Read with interest." in answer.content.decode()


def test_handing_in_asks_once_and_shows_what_is_sent(story, visit, accepted):
    reviewer = visit(story.reviewers[0])
    asked_once = reviewer.post("review", accepted.pk, **review_data([{"text": "Say how much."}], action="confirm"))
    assert asked_once.url.endswith("?confirm")
    page = reviewer.get("review", accepted.pk, confirm="")
    assert "Say how much." in page.content.decode()
    assert Review.objects.get().submitted_at is None
    for _time in range(2):
        answer = reviewer.post("review", accepted.pk, action="send", saved=page.context["saved"])
        assert answer.status_code in (200, 302)
    assert Review.objects.get().submitted_at == story.now
    assert "Handed in" in reviewer.get("review", accepted.pk).content.decode()


def test_what_has_changed_since_the_question_is_asked_again(story, visit, accepted):
    reviewer = visit(story.reviewers[0])
    reviewer.post("review", accepted.pk, **review_data(action="confirm"))
    reviewer.post("review", accepted.pk, action="send", saved="2020-01-01T00:00:00+00:00")
    assert Review.objects.get().submitted_at is None


def test_after_the_deadline_typed_words_come_back(story, visit, accepted):
    story.pass_time(days=15)
    answer = visit(story.reviewers[0]).post("review", accepted.pk, **review_data([{"text": "Too late."}]))
    assert answer.status_code == 409
    assert "Read with interest." in answer.content.decode()
    assert "Too late." in answer.content.decode()


def test_the_script_gets_an_answer_it_can_show(story, visit, accepted):
    reviewer = visit(story.reviewers[0])
    with clock.at(story.now):
        answer = reviewer.client.post(
            f"/assignments/{accepted.pk}/review/", review_data(), headers={"accept": "application/json"}
        )
    assert answer.status_code == 200
    assert answer.json()["saved"].startswith("Saved at 1 March 2027")


def test_faulty_reviews_are_refused_not_broken(story, visit, accepted):
    reviewer = visit(story.reviewers[0])
    for wrong in (
        {"score-relevance": "6"},
        {"score-relevance": "x"},
        {"comment": "x" * 1_000_000},
        {"points-TOTAL_FORMS": "many"},
        {"points-TOTAL_FORMS": "100000"},
        {"points-TOTAL_FORMS": "1", "points-0-passage": "nowhere|0", "points-0-text": "Where?"},
    ):
        assert reviewer.post("review", accepted.pk, **review_data(**wrong)).status_code == 422, wrong


def test_script_in_a_review_is_shown_as_words(story, visit):
    story.in_review()
    evil = "<script>alert(1)</script>"
    for person in story.reviewers:
        story.review(person, evil)
    story.pass_time(days=14)
    for person, name, pk in (
        (story.author, "points", story.proposal.pk),
        (story.coordinator, "round", Round.objects.get().pk),
    ):
        page = visit(person).get(name, pk).content.decode()
        assert evil not in page
    assert "&lt;script&gt;" in visit(story.author).get("points", story.proposal.pk).content.decode()


def test_authors_read_reviews_by_pseudonym_after_closing_only(story, visit):
    story.in_review()
    number = Round.objects.get().pk
    for person in story.reviewers:
        story.review(person, "A remark.")
    before = visit(story.author).get("round", number).content.decode()
    assert "2 of 2 handed in" in before
    assert "Read with interest." not in before
    story.pass_time(days=14)
    after = visit(story.author).get("round", number).content.decode()
    assert "Reviewer 1" in after
    assert "Read with interest." in after
    for name in ("round", "points", "proposal", "history"):
        pk = number if name == "round" else story.proposal.pk
        page = visit(story.author).get(name, pk).content.decode()
        for person in story.reviewers:
            assert person.name not in page


def test_coordinators_see_who_was_asked_and_reviews_after_closing(story, visit):
    story.in_review()
    number = Round.objects.get().pk
    story.review(story.reviewers[0], "A remark.")
    before = visit(story.coordinator).get("round", number).content.decode()
    assert story.reviewers[0].name in before
    assert "1 of 2 handed in" in before
    assert "Read with interest." not in before
    story.pass_time(days=14)
    assert "Read with interest." in visit(story.coordinator).get("round", number).content.decode()
