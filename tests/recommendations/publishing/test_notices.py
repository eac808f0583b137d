"""Notices and redaction."""

import pytest

from ekip.shared.errors import Gone, Invalid, NotAllowed, NotNow
from recommendations.library import documents
from recommendations.library import selectors as library
from recommendations.library.search import search_query
from recommendations.models import EditionText
from recommendations.publishing import issue_notice, publish, redact_edition
from tests import people


@pytest.fixture
def edition(draft, now):
    return publish(draft, now=now)


@pytest.fixture
def administrator(db):
    return people.make_administrator()


def test_a_notice_takes_its_serial_from_the_same_row_of_numbers(edition, draft, coordinator, now):
    notice = issue_notice(edition, "withdrawal", "It was wrong.", person=coordinator, now=now)
    assert (notice.serial, publish(draft, now=now).serial) == (2, 3)


def test_a_withdrawn_edition_is_no_longer_listed(edition, coordinator, now):
    issue_notice(edition, "withdrawal", "It was wrong.", person=coordinator, now=now)
    assert list(library.current_editions()) == []
    with pytest.raises(NotNow) as refusal:
        issue_notice(edition, "correction", "Really.", person=coordinator, now=now)
    assert refusal.value.code == "withdrawn"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "rumour"}, "kind"),
        ({"text": ""}, "text"),
        ({"text": "x" * 1_000_000}, "text"),
        ({"text": None}, "text"),
    ],
)
def test_a_faulty_notice_names_the_field(edition, coordinator, now, fields, field):
    values = {"kind": "correction", "text": "A figure was wrong.", **fields}
    with pytest.raises(Invalid) as refusal:
        issue_notice(edition, values["kind"], values["text"], person=coordinator, now=now)
    assert list(refusal.value.errors) == [field]


def test_an_edition_does_not_follow_itself(edition, coordinator, now):
    with pytest.raises(Invalid):
        issue_notice(edition, "supersession", "Newer.", person=coordinator, now=now, successor=edition)


def test_an_author_does_not_issue_notices(edition, author, now):
    with pytest.raises(NotAllowed):
        issue_notice(edition, "withdrawal", "It was wrong.", person=author, now=now)
    assert edition.notices.count() == 0


def test_a_redacted_edition_has_lost_its_words_and_says_why(edition, administrator, now):
    content_hash = edition.documents.get().content_hash
    notice = redact_edition(edition, person=administrator, reason="A court ordered it.", now=now)
    assert (notice.kind, notice.text) == ("withdrawal", "A court ordered it.")
    assert [(text.title, text.summary, text.sections, text.folded) for text in edition.texts.all()] == [
        ("", "", [], "")
    ]
    assert [r.statement for r in edition.recommendations.all()] == [""]
    assert EditionText.objects.filter(search=search_query("stages")).count() == 0
    with pytest.raises(Gone):
        documents.body_of("shared-studios", 1, content_hash)


def test_only_administrators_redact_and_only_once(edition, administrator, coordinator, now):
    with pytest.raises(NotAllowed):
        redact_edition(edition, person=coordinator, reason="Because.", now=now)
    with pytest.raises(Invalid):
        redact_edition(edition, person=administrator, reason=" ", now=now)
    assert edition.texts.get().title == "One studio, many stages"
    redact_edition(edition, person=administrator, reason="A court ordered it.", now=now)
    with pytest.raises(NotNow):
        redact_edition(edition, person=administrator, reason="Again.", now=now)
