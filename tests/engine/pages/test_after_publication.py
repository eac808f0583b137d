"""Correcting, withdrawing, and leaving a publication as it is, on the pages of deciders and authors."""

import pytest

from recommendations.models import Edition, Notice
from tests.recommendations import shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(story):
    """Published; it is being followed up."""
    return story.in_decision().decide()


@pytest.fixture
def correcting(published):
    """The authors may mend the text."""
    return published.decide(outcome="correct", reason="A figure was wrong.")


def confirm(story, visit, **data):
    """Send the decision, read the question, and send it once more; the words of the consequences."""
    person = visit(story.coordinator)
    data = {"reason": "For this reason."} | data
    question = person.command("decide", story.proposal.pk, **data)
    assert question.templates[0].name == "engine/decision_confirm.html"
    done = person.post("decide", story.proposal.pk, visit_id=story.visit.pk, confirmed="1", **data)
    assert done.url == f"/proposals/{story.proposal.pk}/"
    return " ".join(map(str, question.context["consequences"]))


def outcomes(page):
    return [key for key, _label in page.context["form"].fields["outcome"].choices]


def test_a_published_text_is_corrected_or_withdrawn_not_decided_again(published, visit):
    page = visit(published.coordinator).get("decide", published.proposal.pk)
    assert outcomes(page) == ["correct", "withdraw-publication"]
    assert "Correct or withdraw the publication" in page.content.decode()
    assert "The authors can change the text." in confirm(published, visit, outcome="correct")
    assert published.stage == "correction"


def test_it_is_withdrawn_with_a_successor_from_the_library(published, visit):
    elsewhere = shelf.place("another-way", title="Another way")
    gone = shelf.place("gone-before", title="Gone before")
    shelf.say(gone, "withdrawal")
    page = visit(published.coordinator).get("decide", published.proposal.pk)
    offered = dict(page.context["form"].fields["successor"].choices)
    assert set(offered) == {"", elsewhere.pk}
    words = confirm(published, visit, outcome="withdraw-publication", successor=str(elsewhere.pk))
    assert "withdrawn for good" in words
    notice = Notice.objects.get(edition__publication=published.run.publication)
    assert (notice.kind, notice.text, notice.successor) == ("withdrawal", "For this reason.", elsewhere)


def test_a_successor_that_is_not_offered_is_refused(published, visit):
    shelf.place("another-way")
    answer = visit(published.coordinator).command(
        "decide", published.proposal.pk, outcome="withdraw-publication", reason="Old.", successor="999999"
    )
    assert answer.status_code == 422
    assert not Notice.objects.exists()


def test_authors_are_told_that_they_correct_a_published_text(correcting, visit):
    html = visit(correcting.author).get("proposal", correcting.proposal.pk).content.decode()
    assert "You are correcting a published text" in html
    assert "Edit title and summary" in html
    overseen = visit(correcting.coordinator).get("proposal", correcting.proposal.pk).content.decode()
    assert "The published text is being corrected" in overseen


def test_no_such_notice_before_or_after(published, visit):
    html = visit(published.author).get("proposal", published.proposal.pk).content.decode()
    assert "being corrected" not in html
    assert "You are correcting" not in html


def test_deciders_preview_what_the_correction_changes(correcting, visit):
    person = visit(correcting.coordinator)
    before = person.get("decide", correcting.proposal.pk)
    assert outcomes(before) == ["reissue", "leave-as-it-is"]
    assert before.context["correction"].comparison.is_same
    assert "have not changed the text yet" in before.content.decode()
    correcting.write_section("context", "The mended figure is twelve. " * 20)
    after = person.get("decide", correcting.proposal.pk, changes="side").content.decode()
    assert '<div class="sides">' in after
    assert "The draft</p>" in after
    assert "mended figure" in after


def test_a_corrected_edition_is_published_and_the_page_of_changes_says_why(correcting, visit, client):
    correcting.write_section("context", "The mended figure is twelve. " * 20)
    assert "next edition" in confirm(correcting, visit, outcome="reissue")
    newest = Edition.objects.latest("number")
    assert newest.number == 2
    page = client.get(f"/library/{newest.publication.slug}/editions/2/changes/").text
    assert "For this reason." in page
    assert "mended figure" in page
    old = client.get(f"/library/{newest.publication.slug}/editions/1/")
    assert old.status_code == 200
    assert "This edition was corrected" in old.text


def test_an_edition_can_be_left_as_it_is(correcting, visit):
    assert "stays as it is" in confirm(correcting, visit, outcome="leave-as-it-is")
    assert correcting.stage == "follow-up"
    assert Edition.objects.count() == 1
