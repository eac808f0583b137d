"""A city test on its pages: opened, accepted, recorded, handed in, read by those who may."""

import pytest

from engine.models import Assignment, CityCase, Review, Round
from engine.services import rounds
from tests.people import join

pytestmark = pytest.mark.django_db

NOTICE = "It is one local perspective"


@pytest.fixture
def asked(story):
    """The facilitator is asked to test; nobody answered yet."""
    story.in_review()
    return story.open_city_test().assignments.get()


@pytest.fixture
def accepted(story, asked):
    """The facilitator has accepted."""
    rounds.accept(assignment_id=asked.pk, person=story.facilitator, now=story.now)
    asked.refresh_from_db()
    return asked


def case_data(story, points=(), **changes):
    """What the case form sends; `points` are dicts of one point each."""
    key = story.proposal.recommendations.all()[0].key
    data = {
        "ecosystem": story.ecosystem.pk,
        "set_up": "A day in the old harbour.",
        "participants-government": "6",
        f"finding-{key}": "The fund exists.",
        "gaps": "Nobody repairs the tools.",
        "resources": "Half a post.",
        "points-TOTAL_FORMS": str(len(points) + 1),
        "points-INITIAL_FORMS": "0",
    }
    for number, point in enumerate(points):
        data |= {f"points-{number}-{name}": value for name, value in point.items()}
    return data | changes


def test_the_coordinator_opens_it_beside_the_review(story, visit):
    story.start().write().submit()
    coordinator = visit(story.coordinator)
    page = coordinator.get("proposal", story.proposal.pk).content.decode()
    assert f"/proposals/{story.proposal.pk}/rounds/new/?stage=city-prototyping" in page
    form = coordinator.get("open_round", story.proposal.pk, stage="city-prototyping")
    assert form.context["is_city_test"]
    join(story.facilitator, story.organisation)
    barred = coordinator.get("open_round", story.proposal.pk, stage="city-prototyping").content.decode()
    assert "Cannot be chosen: belongs to an organisation of the authors." in barred
    Assignment.objects.all().delete()
    story.facilitator.memberships.filter(organisation=story.organisation).delete()
    data = {"visit_id": form.context["form"]["visit_id"].value(), "closes_on": "2027-03-20", "closes_time": "17:00"}
    answer = coordinator.post("open_round", story.proposal.pk, **data, reviewers=[story.facilitator.pk])
    opened = Round.objects.get()
    assert (opened.kind, answer.url) == ("city-test", f"/rounds/{opened.pk}/")
    again = coordinator.post("open_round", story.proposal.pk, **data, reviewers=[story.facilitator.pk])
    assert again.url == answer.url


def test_before_accepting_only_title_and_summary_are_shown(story, visit, asked):
    facilitator = visit(story.facilitator)
    page = facilitator.get("invitation", asked.pk).content.decode()
    assert story.title in page
    assert "Small companies of the creative sector" not in page
    assert "try it out with people of your city" in page
    assert facilitator.get("case", asked.pk).url == f"/assignments/{asked.pk}/"
    assert facilitator.post("invitation", asked.pk, answer="accept").url == f"/assignments/{asked.pk}/case/"


def test_the_case_stands_beside_the_frozen_text_with_its_notice(story, visit, accepted):
    facilitator = visit(story.facilitator)
    page = facilitator.get("case", accepted.pk).content.decode()
    assert "Small companies of the creative sector" in page
    assert NOTICE in page
    assert facilitator.get("review", accepted.pk).url == f"/assignments/{accepted.pk}/case/"


def test_a_draft_is_kept_with_whatever_is_written_so_far(story, visit, accepted):
    facilitator = visit(story.facilitator)
    answer = facilitator.post("case", accepted.pk, **case_data(story, ecosystem="", set_up="So far"))
    assert answer.status_code == 302
    assert CityCase.objects.get().set_up == "So far"
    form = facilitator.get("case", accepted.pk).context["form"]
    assert (form["set_up"].value(), form["participants-government"].value()) == ("So far", 6)


def test_handing_in_asks_once_and_is_final(story, visit, accepted):
    facilitator = visit(story.facilitator)
    data = case_data(story, [{"text": "The room is missing.", "must_answer": "on"}], action="confirm")
    assert facilitator.post("case", accepted.pk, **data).url.endswith("?confirm")
    page = facilitator.get("case", accepted.pk, confirm="")
    for words in ("The room is missing.", "The fund exists.", "Example Port City", NOTICE):
        assert words in page.content.decode()
    assert Review.objects.get().submitted_at is None
    for _time in range(2):
        assert facilitator.post("case", accepted.pk, action="send", saved=page.context["saved"]).status_code < 400
    assert Review.objects.get().submitted_at == story.now
    assert "Handed in" in facilitator.get("case", accepted.pk).content.decode()
    late = facilitator.post("case", accepted.pk, **case_data(story, set_up="Too late."))
    assert late.status_code == 409
    assert "Too late." in late.content.decode()


def test_what_may_stay_empty_is_said_once_for_those_who_took_part_and_what_was_met(story, visit, accepted):
    form = visit(story.facilitator).get("case", accepted.pk).context["form"]
    assert not any("(optional)" in field.as_field_group() for field in (*form.kinds, *form.met))
    assert "(optional)" in form["gaps"].as_field_group()


def test_an_incomplete_case_is_not_handed_in(story, visit, accepted):
    key = story.proposal.recommendations.all()[0].key
    empty = {"ecosystem": "", "set_up": "", "participants-government": "0", f"finding-{key}": ""}
    answer = visit(story.facilitator).post("case", accepted.pk, **case_data(story, **empty, action="confirm"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"ecosystem", "set_up", "__all__"}
    assert len(answer.context["form"].non_field_errors()) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"participants-government": "-1"},
        {"participants-government": "1001"},
        {"participants-government": "x"},
        {"ecosystem": "999999"},
        {"ecosystem": "nowhere"},
        {"gaps": "x" * 20_001},
        {"points-TOTAL_FORMS": "many"},
    ],
)
def test_faulty_cases_are_refused_and_kept_on_the_page(story, visit, accepted, wrong):
    answer = visit(story.facilitator).post("case", accepted.pk, **case_data(story, **wrong))
    assert answer.status_code == 422
    assert "A day in the old harbour." in answer.content.decode()


def test_adding_another_point_works_without_scripts(story, visit, accepted):
    facilitator = visit(story.facilitator)
    answer = facilitator.post("case", accepted.pk, **case_data(story, [{"text": "One."}], action="add-point"))
    assert answer.url.endswith("#new-point")
    assert len(facilitator.get("case", accepted.pk).context["points"].forms) == 2


def test_what_is_typed_after_the_deadline_comes_back(story, visit, accepted):
    story.pass_time(days=15)
    answer = visit(story.facilitator).post("case", accepted.pk, **case_data(story))
    assert answer.status_code == 409
    assert "A day in the old harbour." in answer.content.decode()


def test_nobody_else_reaches_the_case(story, visit, accepted, outsider, reviewer):
    for person in (outsider, reviewer, story.author, story.coordinator):
        assert visit(person).get("case", accepted.pk).status_code == 404
    own = Assignment.objects.get(reviewer=reviewer)
    assert visit(reviewer).get("case", own.pk).status_code == 404


def test_the_round_page_shows_cases_after_closing_and_names_nobody_to_authors(story, visit):
    story.in_review()
    story.test_in_city("The room is missing.")
    number = Round.objects.get(kind="city-test").pk
    before = visit(story.author).get("round", number).content.decode()
    assert "1 of 1 handed in" in before
    assert "The fund exists" not in before
    story.pass_time(days=14)
    for person, named in ((story.author, False), (story.coordinator, True), (story.facilitator, False)):
        page = visit(person).get("round", number).content.decode()
        assert "The fund exists" in page
        assert NOTICE in page
        assert (f'<span class="soft small">{story.facilitator.name}' in page) is named


def test_its_points_are_answered_and_the_decision_shows_the_case(story, visit):
    story.in_review()
    for person in story.reviewers:
        story.review(person)
    story.test_in_city("The room is missing.")
    story.pass_time(days=14)
    page = visit(story.author).get("points", story.proposal.pk).content.decode()
    assert "City test, Example Port City" in page
    assert "The room is missing." in page
    story.answer_points().submit()
    decision = visit(story.coordinator).get("decide", story.proposal.pk).content.decode()
    assert "The fund exists" in decision
    assert NOTICE in decision


def test_reviewers_read_each_other_after_closing_by_pseudonym(story, visit, outsider):
    story.in_review()
    number = Round.objects.get().pk
    first, second = story.reviewers
    story.review(first, "A remark.")
    assert visit(first).get("round", number).status_code == 404
    story.pass_time(days=14)
    page = visit(first).get("round", number).content.decode()
    assert "Reviewer 1" in page
    assert "Read with interest." in page
    assert second.name not in page
    assert f"/proposals/{story.proposal.pk}/" not in page
    for person in (second, outsider):
        assert visit(person).get("round", number).status_code == 404
    Round.objects.filter(pk=number).update(visibility="never")
    assert visit(first).get("round", number).status_code == 404


def test_script_in_a_case_is_shown_as_words(story, visit):
    story.in_review()
    assignment = story.open_city_test().assignments.get()
    rounds.accept(assignment_id=assignment.pk, person=story.facilitator, now=story.now)
    facilitator, evil = visit(story.facilitator), "<script>alert(1)</script>"
    facilitator.post("case", assignment.pk, **case_data(story, set_up=evil, gaps=evil, action="confirm"))
    page = facilitator.get("case", assignment.pk, confirm="")
    facilitator.post("case", assignment.pk, action="send", saved=page.context["saved"])
    story.pass_time(days=14)
    shown = visit(story.author).get("round", assignment.round_id).content.decode()
    assert evil not in shown
    assert "&lt;script&gt;" in shown
