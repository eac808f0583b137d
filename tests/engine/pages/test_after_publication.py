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
    assert "Decide what becomes of the publication" in page.content.decode()
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
    proposal = visit(published.author).get("proposal", published.proposal.pk).content.decode()
    assert "Withdrawn from the library" in proposal
    assert "Published in the library" not in proposal


def test_only_current_editions_of_other_publications_are_offered(published, visit):
    elsewhere = shelf.place("another-way")
    shelf.say(shelf.place("old"), "supersession", successor=elsewhere)
    shelf.place("twice")
    again = shelf.place("twice")
    page = visit(published.coordinator).get("decide", published.proposal.pk)
    assert outcomes(page) == ["correct", "supersede", "withdraw-publication"]
    assert set(dict(page.context["form"].fields["successor"].choices)) == {"", elsewhere.pk, again.pk}


def test_it_is_superseded_by_what_the_decider_chooses(published, visit, client):
    elsewhere = shelf.place("another-way", title="Another way")
    chosen = {"outcome": "supersede", "reason": "Both are covered there."}
    missing = visit(published.coordinator).command("decide", published.proposal.pk, **chosen)
    assert missing.status_code == 422
    assert missing.context["form"].errors == {"successor": ["Choose what takes its place."]}
    assert "Both are covered there." in missing.content.decode()
    words = confirm(published, visit, **chosen, successor=str(elsewhere.pk))
    assert "The text stays readable." in words
    assert published.stage == "superseded"
    slug = published.run.publication.slug
    page = client.get(f"/library/{slug}/").text
    assert "This edition was superseded" in page
    assert "Another publication takes its place." in page
    assert "/library/another-way/editions/1/" in page
    answer = client.get(f"/api/v1/publications/{slug}/").json()
    assert (answer["standing"], answer["edition"]["standing"]) == ("superseded", "superseded")
    assert [(each["text"], each["successor"]) for each in answer["notices"]] == [
        ("Both are covered there.", "another-way.1")
    ]
    (found,) = client.get("/api/v1/publications/?q=companies").json()["results"]
    assert (found["id"], found["standing"]) == (slug, "superseded")
    assert "Superseded" in client.get("/library/?q=companies").text


def test_a_superseded_publication_can_only_be_withdrawn(published, visit):
    published.decide("supersede", "Newer.", successor_id=shelf.place("another-way").pk)
    page = visit(published.coordinator).get("decide", published.proposal.pk)
    assert outcomes(page) == ["withdraw-publication"]
    history = visit(published.author).get("history", published.proposal.pk).content.decode()
    assert "Another publication took the place of edition 1." in history


def test_a_successor_goes_with_supersession_and_withdrawal_only(published, visit):
    elsewhere = shelf.place("another-way", title="Another way")
    question = visit(published.coordinator).command(
        "decide", published.proposal.pk, outcome="correct", reason="A figure.", successor=str(elsewhere.pk)
    )
    assert question.context["successor"] is None


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
