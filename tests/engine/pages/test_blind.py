"""Who learns whose name: authors never learn who reviewed; in a double-blind round reviewers learn no author either."""

import pytest
from django.urls import reverse

from ekip.shared.errors import Invalid
from engine.models import Assignment, Round
from engine.models.definitions import definition_of
from engine.selectors.candidates import candidates
from engine.selectors.consultations import public_text
from engine.services.migration import migrate
from partners.models import Membership, Notification
from recommendations.drafting.services import add_co_author
from tests.engine.processes import (
    SCORES,
    consulting,
    deciding,
    drafting,
    ended,
    follow,
    publish_process,
    reading,
    revising,
)
from tests.people import make_organisation, make_person

pytestmark = pytest.mark.django_db

WRITERS = ("Hanna", "Example City", "example-city", "Oskar", "Example Studio")


def stages(mode: str):
    return (
        drafting("reading"),
        reading("revising", round={"blind": mode, "quorum": 1, "visibility": "after-close"}),
        revising("deciding"),
        deciding("closed"),
        ended(),
    )


def blind(story, mode: str):
    follow(story, *stages(mode)).start().write()
    studio = make_organisation("Example Studio", slug="example-studio")
    writer = make_person("Oskar Writer", organisation=studio, role=Membership.Role.DRAFTER)
    add_co_author(proposal_id=story.proposal.pk, person=story.author, user=writer, now=story.now)
    story.submit()
    story.open_round(template="reading")
    return story


@pytest.fixture
def own(story, reviewer):
    """`own(page)` is the address of one of the reviewer's pages."""
    return lambda: Assignment.objects.get(reviewer=reviewer).pk


def letters(person) -> str:
    return " ".join(f"{each.subject} {each.body}" for each in Notification.objects.filter(person=person))


def leaks(words: str) -> list[str]:
    return [name for name in WRITERS if name in words]


def test_the_round_keeps_its_own_copy_of_the_blindness(story):
    blind(story, "double")
    assert Round.objects.get().blind == "double"


def test_a_double_blind_reviewer_meets_no_author_anywhere(story, reviewer, visit, own, client):
    blind(story, "double")
    seen = [letters(reviewer), visit(reviewer).get("invitation", own()).content.decode()]
    assert "You do not learn who wrote the text." in seen[-1]
    story.review(reviewer, "Name the rooms.", scores=SCORES)
    seen.append(visit(reviewer).get("review", own()).content.decode())
    story.pass_time(days=14)
    story.answer_points()
    seen.append(visit(reviewer).get("review", own()).content.decode())
    seen.append(visit(reviewer).get("round", Round.objects.get().pk).content.decode())
    seen.append(visit(reviewer).get("responses", story.proposal.pk).content.decode())
    seen.append(visit(reviewer).get("responses_download", story.proposal.pk).content.decode())
    seen.append(letters(reviewer))
    assert [leaks(page) for page in seen] == [[]] * len(seen)
    assert visit(reviewer).get("proposal", story.proposal.pk).status_code == 404
    assert visit(reviewer).get("history", story.proposal.pk).status_code == 404


def test_who_oversees_a_proposal_cannot_review_it_without_knowing_its_authors(story, coordinator, decider, visit):
    blind(story, "double")
    story.pass_time(days=14)  # too few handed in: a further round can be opened
    overseeing = [each for each in candidates_of(story) if each.person in (coordinator, decider)]
    assert [each.verdict.code for each in overseeing] == ["knows-authors"] * 2
    story.reviewers = [decider]
    with pytest.raises(Invalid) as refusal:
        story.open_round(template="reading")
    assert "oversees the proposal and can read who wrote it" in refusal.value.errors["reviewers"][0]


def test_who_oversees_a_proposal_can_review_it_where_names_are_known(story, decider):
    blind(story, "single")
    story.pass_time(days=14)
    assert [bool(each.verdict) for each in candidates_of(story) if each.person == decider] == [True]


def candidates_of(story):
    visit = story.visit
    stage = definition_of(story.run.version_id).stage(visit.stage)
    return candidates(story.proposal, visit_id=visit.pk, stage=stage)


def test_the_review_form_shows_no_author(story, reviewer, visit, own):
    blind(story, "double")
    visit(reviewer).post("invitation", own(), answer="accept")
    page = visit(reviewer).get("review", own())
    assert page.status_code == 200
    assert leaks(page.content.decode()) == []


def test_public_pages_keep_quiet_until_publication(story, reviewer, visit):
    blind(story, "double")
    page = visit(None).get("process").content.decode()
    assert story.title in page
    assert leaks(page) == []
    organisation = visit(reviewer).client.get(reverse("pages:organisation", args=["example-city"])).content.decode()
    assert story.title not in organisation


def test_a_run_that_goes_over_to_a_version_without_blindness_hides_its_authors_still(story, visit):
    blind(story, "double")
    version = publish_process(*stages("none"), now=story.now)
    migrate(run_ids=[story.run.pk], version_id=version.pk, person=None, reason="Time.", now=story.now)
    page = visit(None).get("process").content.decode()
    assert story.title in page
    assert leaks(page) == []


def test_without_double_blindness_public_pages_name_the_organisation(story, visit):
    blind(story, "single")
    page = visit(None).get("process").content.decode()
    assert "Example City" in page
    organisation = visit(None).client.get(reverse("pages:organisation", args=["example-city"])).content.decode()
    assert story.title in organisation


def test_a_consultation_of_a_double_blind_process_names_no_author(story, visit):
    stages = consulting("reading"), reading("closed", round={"blind": "double"}), ended()
    follow(story, drafting("consulting"), *stages).start().write().submit()
    text = public_text(story.proposal.pk, now=story.now)
    assert text.hides_authors
    assert leaks(visit(None).get("public_text", story.proposal.pk).content.decode()) == []
    round = story.open_consultation()
    for page in (visit(None).get("consultation", round.pk), visit(None).get("consultations")):
        assert story.title in page.content.decode()
        assert leaks(page.content.decode()) == []


def test_authors_do_not_learn_who_reviews_where_being_one_is_only_a_warning(story, reviewer, second_reviewer, visit):
    warn = {"author": "warn", "same-organisation": "warn", "same-network": "warn"}
    follow(story, drafting("reading"), reading("closed"), ended(), conflicts=warn)
    story.start().write().submit().open_round(template="reading")
    story.review(reviewer, "A remark.", scores=SCORES)
    pages = [visit(story.author).get(name, story.proposal.pk) for name in ("history", "proposal")]
    words = " ".join(page.content.decode() for page in pages)
    assert "A review was handed in." in words
    assert [each.name for each in (reviewer, second_reviewer) if each.name in words] == []


@pytest.mark.parametrize("mode", ["none", "single", "double"])
def test_authors_do_not_learn_who_reviewed(story, reviewer, second_reviewer, visit, mode):
    blind(story, mode)
    story.review(reviewer, "Name the rooms.", scores=SCORES)
    story.pass_time(days=14)
    pages = [
        visit(story.author).get("round", Round.objects.get().pk),
        visit(story.author).get("points", story.proposal.pk),
        visit(story.author).get("responses", story.proposal.pk),
        visit(story.author).get("history", story.proposal.pk),
        visit(story.author).get("proposal", story.proposal.pk),
    ]
    words = " ".join(page.content.decode() for page in pages) + letters(story.author)
    assert "Reviewer 1" in words
    names = (reviewer.name, second_reviewer.name, "Example Region", "Example Network")
    assert [name for name in names if name in words] == []
