"""The words of mail: changed in the browser for one process and language, previewed, and sent."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ekip.shared.errors import EditConflict
from engine.models import MailText, ProcessDefinition
from engine.services.letters import Telling, messages_of
from engine.services.mail_texts import save_mail_text, use_our_words
from engine.wording import BY_KEY, PLACEHOLDERS, WORDINGS
from partners.models import Notification
from tests.people import make_person

pytestmark = pytest.mark.django_db

WHERE = ("ekip-engine", "invitation", "en")
WORDS = {"subject": "Would you judge “{title}”?", "body": "It is about {area}.\n\n{summary}\n\nUntil {answer_by}."}


def save(story, **changes):
    arguments = {
        "definition_key": "ekip-engine",
        "kind": "invitation",
        "language": "en",
        "version": 0,
        "person": story.coordinator,
        "now": story.now,
        **WORDS,
    }
    return save_mail_text(**{**arguments, **changes})


@pytest.fixture
def designer(story, visit):
    return visit(story.coordinator)


def test_our_own_words_have_no_faults_and_use_only_placeholders_that_are_explained():
    for wording in WORDINGS:
        used = re.findall(r"\{(\w+)\}", f"{wording.subject} {wording.body}")
        assert set(used) <= set(wording.placeholders) <= set(PLACEHOLDERS)


def test_changed_words_are_sent_and_the_rest_keeps_ours(story, designer):
    answer = designer.post("mail_text", *WHERE, **WORDS, version=0)
    assert answer.status_code == 302
    story.start().write().submit().open_round()
    sent = Notification.objects.filter(kind="invitation")
    assert {each.subject for each in sent} == {f"Would you judge “{story.title}”?"}
    assert {each.body for each in sent} == {f"It is about Area shared-means.\n\n{story.proposal.summary}"}
    wanted = Notification.objects.filter(kind="round-wanted").values_list("subject", flat=True)
    assert set(wanted) == {f"“{story.title}” waits for a review round"}


def test_each_person_reads_the_words_of_their_language_and_instants_in_their_zone(story, now):
    save(story, language="sv", subject="Granska “{title}”", body="Svara senast {answer_by}.")
    swede, greek = make_person("Astrid Sverige"), make_person("Eleni Hellas")
    swede.language, swede.time_zone = "sv", "Europe/Stockholm"
    greek.language, greek.time_zone = "el", "Europe/Athens"
    swede.save()
    greek.save()
    story.start()
    values = {"summary": "", "answer_by": now}
    told = Telling(story.run, [swede.pk, greek.pk, swede.pk], "invitation", "x:1", "invitation", "/", values)
    first, second = messages_of([told])
    assert (first.subject, first.body) == (
        f"Granska “{story.title}”",
        "Svara senast 1 March 2027, 10:00 (Stockholm).",
    )
    assert second.body.endswith("Please answer until 1 March 2027, 11:00 (Athens).")


def test_the_page_shows_how_it_reads_and_saves_nothing(designer):
    page = designer.post("mail_text", *WHERE, **WORDS, version=0, action="preview")
    html = page.content.decode()
    assert (page.status_code, MailText.objects.count()) == (200, 0)
    assert "Would you judge “Shared means for small companies”?" in html
    assert "Until 12 March 2027, 17:00 (Brussels)." in html


@pytest.mark.parametrize(
    ("field", "words", "told"),
    [
        ("subject", "Hello\nBcc: everybody@example.org", "A subject is one line."),
        ("subject", "", "Write something here"),
        ("body", "Dear {titel}", "Do you mean {title}?"),
        ("body", "{% load x %}", "is no placeholder of this mail"),
        ("body", "{reviewer} wrote", "is no placeholder of this mail"),
        ("body", "x" * 4001, "Write at most 4000 characters."),
        ("body", "a } b", "A brace stands alone here: }"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_kept(designer, field, words, told):
    page = designer.post("mail_text", *WHERE, **{**WORDS, field: words}, version=0)
    assert (page.status_code, MailText.objects.count()) == (422, 0)
    [message] = page.context["form"].errors[field]
    assert told in message
    assert page.context["form"][field].value() == words


def test_two_people_who_save_lose_nothing(story, designer):
    save(story, subject="Theirs {title}")
    page = designer.post("mail_text", *WHERE, **WORDS, version=0)
    html = page.content.decode()
    assert (page.status_code, "Theirs {title}" in html, "Would you judge" in html) == (409, True, True)
    designer.post("mail_text", *WHERE, **WORDS, version=1)
    assert MailText.objects.get().subject == WORDS["subject"]


def test_our_words_are_sent_again_after_asking(story, designer):
    row = save(story)
    page = designer.get("mail_text_reset", *WHERE).content.decode()
    assert "are gone for good" in page
    designer.post("mail_text_reset", *WHERE, version=row.version)
    assert MailText.objects.count() == 0
    assert designer.get("mail_text_reset", *WHERE).status_code == 302
    save(story)
    save(story, version=1, subject="Newer {title}")
    with pytest.raises(EditConflict):
        use_our_words(
            definition_key="ekip-engine", kind="invitation", language="en", version=1, person=story.coordinator
        )


def test_only_those_who_change_processes_may(story, visit):
    for person in (story.author, story.reviewers[0]):
        assert visit(person).get("mail_texts", "ekip-engine").status_code == 403
        assert visit(person).post("mail_text", *WHERE, **WORDS, version=0).status_code == 403
        assert visit(person).post("mail_text_reset", *WHERE, version=0).status_code == 403
    assert MailText.objects.count() == 0


def test_what_is_not_there_is_not_found(designer):
    for where in (("nothing", "invitation", "en"), ("ekip-engine", "nothing", "en"), ("ekip-engine", "declined", "xx")):
        assert designer.get("mail_text", *where).status_code == 404


def test_the_list_costs_the_same_with_many_texts(story, designer, django_assert_num_queries):
    designer.get("mail_texts", "ekip-engine")
    with CaptureQueriesContext(connection) as few:
        designer.get("mail_texts", "ekip-engine")
    definition = ProcessDefinition.objects.get(key="ekip-engine")
    common = {"definition": definition, "language": "en", "saved_by": story.coordinator, "saved_at": story.now}
    MailText.objects.bulk_create(MailText(kind=key, subject="x", body="y", **common) for key in BY_KEY)
    with django_assert_num_queries(len(few)):
        designer.get("mail_texts", "ekip-engine")
