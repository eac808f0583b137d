"""The response table: who reads it, what it says, and its file."""

import csv
import io

import pytest

from engine.models import Assignment, Point, Round
from tests.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(story):
    """Two points of reviewers, one of a city test, all answered and submitted again."""
    story.in_review()
    for person in story.reviewers:
        story.review(person, f"Remark of {person.name.split()[0]}.")
    story.test_in_city("=HYPERLINK(1)")
    story.pass_time(days=14)
    return story.answer_points().submit()


def test_every_remark_stands_in_it_with_its_fate(answered, visit):
    page = visit(answered.author).get("responses", answered.proposal.pk)
    rows = page.context["table"].rows
    assert len(rows) == 3
    assert {(str(row.outcome), row.reason) for row in rows} == {("Accepted", "We changed it.")}
    assert all(row.place.startswith("Context") for row in rows)
    html = page.content.decode()
    assert "3 remarks, 3 answered." in html
    for person in (*answered.reviewers, answered.facilitator):
        assert person.name not in html


@pytest.mark.parametrize("who", ["author", "coordinator", "reviewer", "second_reviewer", "decider"])
def test_those_who_took_part_read_it(answered, visit, who, request):
    person = request.getfixturevalue(who)
    for name in ("responses", "responses_download"):
        assert visit(person).get(name, answered.proposal.pk).status_code == 200


def test_others_learn_nothing(answered, visit, outsider):
    for person in (outsider, make_person("Nils Nobody")):
        assert visit(person).get("responses", answered.proposal.pk).status_code == 404
        assert visit(person).get("responses_download", answered.proposal.pk).status_code == 404
    assert visit(None).get("responses", answered.proposal.pk).status_code == 302
    assert visit(outsider).get("responses", 999_999).status_code == 404


def test_a_reviewer_reads_it_when_the_round_has_closed(story, visit):
    story.in_review()
    reviewer = story.reviewers[0]
    story.review(reviewer, "One remark.")
    assert visit(reviewer).get("responses", story.proposal.pk).status_code == 404
    assert visit(story.author).get("responses", story.proposal.pk).context["table"].rows == ()


@pytest.mark.tampers
def test_a_barred_reviewer_no_longer_reads_it(answered, visit):
    reviewer = answered.reviewers[0]
    Assignment.objects.filter(reviewer=reviewer).update(barred_at=answered.now)
    assert visit(reviewer).get("responses", answered.proposal.pk).status_code == 404


def test_a_round_that_keeps_its_reviews_keeps_their_points_too(answered, visit):
    tester, reviewer = answered.facilitator, answered.reviewers[0]
    Round.objects.filter(kind="review").update(visibility="never")
    assert visit(reviewer).get("responses", answered.proposal.pk).status_code == 404
    page = visit(tester).get("responses", answered.proposal.pk)
    assert [row.remark for row in page.context["table"].rows] == ["=HYPERLINK(1)"]
    assert "Remark of" not in page.text
    for person in (answered.author, answered.coordinator):
        assert len(visit(person).get("responses", answered.proposal.pk).context["table"].rows) == 3


def test_the_file_runs_no_formula(answered, visit):
    Point.objects.filter(number=1).exclude(text__startswith="=").update(text="  +1+cmd|' /C calc'!A0")
    answer = visit(answered.author).get("responses_download", answered.proposal.pk)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment;")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][5] == "Remark"
    remarks = [row[5] for row in rows[1:]]
    assert "'=HYPERLINK(1)" in remarks
    assert "'  +1+cmd|' /C calc'!A0" in remarks


def test_script_in_remarks_is_shown_as_words(answered, visit):
    Point.objects.update(text="<script>alert(1)</script>", quote="<b>", wording="<i>")
    html = visit(answered.author).get("responses", answered.proposal.pk).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
