"""Starting, naming, deleting, restoring, archiving."""

from datetime import timedelta

import pytest

from ekip.shared.errors import EditConflict, Invalid, NotAllowed, NotFound, NotNow
from recommendations import access
from recommendations.drafting import selectors, services
from recommendations.models import Proposal
from tests.recommendations import rows


def start(person, organisation, area, now, **fields):
    values = {"title": "Share the studios", "language": "en", **fields}
    return services.start_proposal(person=person, area=area, lead_organisation=organisation, now=now, **values)


def test_a_new_proposal_has_every_section_and_its_author_and_nothing_open(author, organisation, area, now):
    proposal = start(author, organisation, area, now)
    assert [section.kind.key for section in proposal.sections.all()] == ["context", "problem"]
    assert access.rights(author, proposal.pk) == {"author"}
    assert access.openings_of(proposal.pk) == frozenset()
    assert selectors.authors_of(proposal) == [author]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", "", "field-empty"),
        ("title", "   \n ", "field-empty"),
        ("title", "x" * 1_000_000, "field-too-long"),
        ("title", None, "field-wrong-type"),
        ("title", ["Share"], "field-wrong-type"),
        ("summary", "x" * 1_000_000, "field-too-long"),
        ("summary", 7, "field-wrong-type"),
        ("language", "xx", "field-unknown-value"),
        ("language", None, "field-unknown-value"),
        ("language", "e" * 1_000_000, "field-unknown-value"),
    ],
)
def test_a_faulty_field_is_named(author, organisation, area, now, field, value, code):
    with pytest.raises(Invalid) as refusal:
        start(author, organisation, area, now, **{field: value})
    assert list(refusal.value.errors) == [field]
    assert refusal.value.code == code
    assert not Proposal.objects.exists()


def test_all_faulty_fields_are_named_at_once(author, organisation, area, now):
    with pytest.raises(Invalid) as refusal:
        start(author, organisation, area, now, title="", summary="x" * 2000, language="??")
    assert list(refusal.value.errors) == ["title", "summary", "language"]


def test_markup_in_a_title_stays_words(author, organisation, area, now):
    proposal = start(author, organisation, area, now, title="<script>alert(1)</script>\x00")
    proposal.refresh_from_db()
    assert proposal.title == "<script>alert(1)</script>"


@pytest.mark.parametrize("fields", [{"selected": False}, {"sources": 9}])
def test_an_area_that_is_not_selected_or_lacks_sources_takes_no_proposal(
    author, organisation, vocabularies, now, fields
):
    selected_at = now if fields.get("selected", True) else None
    area = rows.make_area(sources=fields.get("sources", 10), selected_at=selected_at)
    with pytest.raises(Invalid) as refusal:
        start(author, organisation, area, now)
    assert list(refusal.value.errors) == ["area"]


def test_nobody_drafts_for_an_organisation_they_are_only_a_member_of(reviewer, area, now):
    with pytest.raises(Invalid) as refusal:
        start(reviewer, reviewer.organisations.get(), area, now)
    assert list(refusal.value.errors) == ["lead_organisation"]


def test_details_are_saved_and_counted(proposal, author, now):
    saved = services.save_details(
        proposal_id=proposal.pk, person=author, title="New title", summary="", version=1, now=now
    )
    assert (saved.title, saved.summary, saved.version) == ("New title", "", 2)


def test_the_second_to_save_is_told_and_both_texts_are_kept(proposal, author, now):
    services.save_details(proposal_id=proposal.pk, person=author, title="Mine", summary="", version=1, now=now)
    with pytest.raises(EditConflict) as conflict:
        services.save_details(
            proposal_id=proposal.pk, person=author, title="Yours", summary="Words", version=1, now=now
        )
    assert conflict.value.context["theirs"].title == "Mine"
    assert conflict.value.context["kept"] == {"title": "Yours", "summary": "Words"}


def test_a_draft_is_deleted_and_comes_back_as_it_was(proposal, author, now):
    services.delete_draft(proposal_id=proposal.pk, person=author, now=now)
    with pytest.raises(NotFound):
        selectors.proposal_for(author, proposal.pk)
    assert list(selectors.deleted_drafts(author, now=now)) == [proposal]
    services.restore_draft(proposal_id=proposal.pk, person=author, now=now + timedelta(days=29))
    assert selectors.proposal_for(author, proposal.pk) == proposal


def test_a_draft_cannot_come_back_after_thirty_days(proposal, author, now):
    services.delete_draft(proposal_id=proposal.pk, person=author, now=now)
    later = now + timedelta(days=30)
    assert list(selectors.deleted_drafts(author, now=later)) == []
    with pytest.raises(NotNow) as refusal:
        services.restore_draft(proposal_id=proposal.pk, person=author, now=later)
    assert refusal.value.code == "restore-too-late"


def test_only_who_started_a_draft_deletes_or_restores_it(proposal, author, outsider, coordinator, now):
    services.add_co_author(proposal_id=proposal.pk, person=author, user=outsider, now=now)
    with pytest.raises(NotAllowed) as refusal:
        services.delete_draft(proposal_id=proposal.pk, person=outsider, now=now)
    assert refusal.value.code == "not-the-starter"
    services.delete_draft(proposal_id=proposal.pk, person=author, now=now)
    for person in (outsider, coordinator):
        with pytest.raises(NotFound):
            services.restore_draft(proposal_id=proposal.pk, person=person, now=now)


def test_what_was_submitted_once_is_not_deleted(proposal, author, now):
    services.freeze_revision(proposal=proposal, person=author, now=now)
    with pytest.raises(NotNow) as refusal:
        services.delete_draft(proposal_id=proposal.pk, person=author, now=now)
    assert refusal.value.code == "submitted-before"


def test_an_archived_proposal_is_read_but_not_edited_until_it_is_taken_up_again(proposal, author, now):
    services.archive_proposal(proposal_id=proposal.pk, person=author, now=now)
    assert selectors.proposal_for(author, proposal.pk).archived_at == now
    details = {"proposal_id": proposal.pk, "person": author, "title": "T", "summary": "", "version": 1}
    with pytest.raises(NotNow) as refusal:
        services.save_details(**details, now=now)
    assert refusal.value.context["kept"] == {"title": "T", "summary": ""}
    services.unarchive_proposal(proposal_id=proposal.pk, person=author, now=now)
    assert services.save_details(**details, now=now).title == "T"
