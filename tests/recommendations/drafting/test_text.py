"""Sections, recommendations, evidence, co-authors."""

import pytest

from ekip.shared.errors import EditConflict, Invalid, NotAllowed, NotFound
from recommendations import access
from recommendations.drafting import selectors, services
from recommendations.drafting.services import EvidenceDraft, RecommendationDraft
from recommendations.models import Evidence, Recommendation
from tests.recommendations import rows

MEGABYTE = "x" * 1_000_000


def save_context(proposal, person, blocks, now, version=1):
    return services.save_section(
        proposal_id=proposal.pk, key="context", person=person, blocks=blocks, version=version, now=now
    )


def add(proposal, person, now, **fields):
    draft = RecommendationDraft(**{"statement": "Share the studios.", **fields})
    return services.add_recommendation(proposal_id=proposal.pk, person=person, draft=draft, now=now)


def cite(proposal, person, now, **fields):
    draft = EvidenceDraft(**{"title": "A count", "kind": "statistics", **fields})
    return services.add_evidence(proposal_id=proposal.pk, person=person, draft=draft, now=now)


def test_a_section_is_saved_with_its_words_counted(proposal, author, now):
    section = save_context(proposal, author, rows.text("Nine bodies **own** cameras."), now)
    assert (section.words, section.version, section.saved_by) == (4, 2, author)


def test_an_emptied_section_is_a_section_without_words(proposal, author, now):
    assert save_context(proposal, author, [], now).words == 0


def test_two_people_saving_the_same_section_lose_nothing(proposal, author, outsider, now):
    services.add_co_author(proposal_id=proposal.pk, person=author, user=outsider, now=now)
    save_context(proposal, author, rows.text("First."), now)
    second = rows.text("Second.")
    with pytest.raises(EditConflict) as conflict:
        save_context(proposal, outsider, second, now)
    theirs = conflict.value.context["theirs"]
    assert (theirs.blocks, theirs.saved_by) == (rows.text("First."), author)
    assert conflict.value.context["kept"] == {"blocks": second}
    assert save_context(proposal, outsider, second, now, version=2).blocks == second


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        (None, "text-invalid"),
        ("<p>words</p>", "text-invalid"),
        ([{"kind": "script"}], "text-invalid"),
        ([{"id": "a", "kind": "paragraph", "lang": "en", "runs": [{"text": 7}]}], "text-invalid"),
        ([{"id": "a", "kind": "paragraph", "lang": "en", "runs": [{"text": MEGABYTE}]}], "field-too-long"),
    ],
)
def test_faulty_blocks_name_the_field_and_change_nothing(proposal, author, now, blocks, code):
    with pytest.raises(Invalid) as refusal:
        save_context(proposal, author, blocks, now)
    assert refusal.value.code == code
    assert list(refusal.value.errors) == ["blocks"]
    assert proposal.sections.get(kind__key="context").blocks == []


def test_a_section_that_does_not_exist_is_not_found(proposal, author, now):
    with pytest.raises(NotFound):
        services.save_section(proposal_id=proposal.pk, key="nothing", person=author, blocks=[], version=1, now=now)


def test_a_recommendation_keeps_its_key_when_its_words_change(proposal, author, now):
    recommendation = add(proposal, author, now)
    changed = services.save_recommendation(
        proposal_id=proposal.pk,
        key=recommendation.key,
        person=author,
        draft=RecommendationDraft(statement="Open the studios.", levels=["local", "eu"]),
        version=1,
        now=now,
    )
    assert (changed.key, changed.statement, changed.levels) == (
        "share-the-studios",
        "Open the studios.",
        ["eu", "local"],
    )


def test_the_second_to_save_a_recommendation_is_told(proposal, author, now):
    recommendation = add(proposal, author, now)
    arguments = {"proposal_id": proposal.pk, "key": recommendation.key, "person": author, "version": 1}
    services.save_recommendation(**arguments, draft=RecommendationDraft(statement="Mine."), now=now)
    with pytest.raises(EditConflict) as conflict:
        services.save_recommendation(**arguments, draft=RecommendationDraft(statement="Yours."), now=now)
    assert conflict.value.context["theirs"].statement == "Mine."
    assert conflict.value.context["kept"]["statement"] == "Yours."


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"statement": ""}, "statement"),
        ({"statement": MEGABYTE}, "statement"),
        ({"statement": None}, "statement"),
        ({"rationale": "words"}, "rationale"),
        ({"guideline": rows.text("word " * 10_000)}, "guideline"),
        ({"levels": ["galactic"]}, "levels"),
        ({"levels": "eu"}, "levels"),
        ({"target_actors": [7]}, "target_actors"),
        ({"building_blocks": ["nothing"]}, "building_blocks"),
        ({"evidence": ["of-another-proposal"]}, "evidence"),
    ],
)
def test_a_faulty_recommendation_names_the_field(proposal, author, now, fields, field):
    with pytest.raises(Invalid) as refusal:
        add(proposal, author, now, **fields)
    assert list(refusal.value.errors) == [field]
    assert not Recommendation.objects.exists()


def test_recommendations_are_moved_and_close_up_when_one_goes(proposal, author, now):
    keys = [add(proposal, author, now, statement=f"Number {name}").key for name in ("one", "two", "three")]
    services.move_recommendation(proposal_id=proposal.pk, key="number-three", person=author, position=1, now=now)
    services.remove_recommendation(proposal_id=proposal.pk, key="number-one", person=author, now=now)
    assert len(keys) == 3
    assert [(r.key, r.position) for r in proposal.recommendations.all()] == [("number-three", 1), ("number-two", 2)]


def test_a_key_that_a_revision_named_is_never_given_to_another_recommendation(proposal, author, now):
    add(proposal, author, now)
    services.freeze_revision(proposal=proposal, person=author, now=now)
    services.remove_recommendation(proposal_id=proposal.pk, key="share-the-studios", person=author, now=now)
    assert add(proposal, author, now).key == "share-the-studios-2"


def test_a_proposal_has_a_last_recommendation(proposal, author, now):
    Recommendation.objects.bulk_create(
        [Recommendation(proposal=proposal, key=f"r-{n}", statement="S") for n in range(40)]
    )
    with pytest.raises(Invalid) as refusal:
        add(proposal, author, now)
    assert refusal.value.code == "too-many"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": MEGABYTE}, "title"),
        ({"kind": "rumour"}, "kind"),
        ({"kind": None}, "kind"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "mailto:a@example.org"}, "address"),
        ({"address": "https://example.org/" + MEGABYTE}, "address"),
        ({"publisher": MEGABYTE}, "publisher"),
        ({"year": 20260}, "year"),
        ({"year": "soon"}, "year"),
        ({"note": MEGABYTE}, "note"),
    ],
)
def test_faulty_evidence_names_the_field(proposal, author, now, fields, field):
    with pytest.raises(Invalid) as refusal:
        cite(proposal, author, now, **fields)
    assert list(refusal.value.errors) == [field]
    assert not Evidence.objects.exists()


def test_evidence_that_goes_is_no_longer_cited(proposal, author, now):
    evidence = cite(proposal, author, now)
    recommendation = add(proposal, author, now, evidence=[evidence.key])
    services.remove_evidence(proposal_id=proposal.pk, key=evidence.key, person=author, now=now)
    assert list(recommendation.evidence.all()) == []


def test_a_co_author_writes_until_taken_off(proposal, author, outsider, now):
    services.add_co_author(proposal_id=proposal.pk, person=author, email=outsider.email.upper(), now=now)
    save_context(proposal, outsider, rows.text("Ours."), now)
    assert selectors.authors_of(proposal) == [author, outsider]
    services.remove_co_author(proposal_id=proposal.pk, person=outsider, user_id=outsider.pk, now=now)
    with pytest.raises(NotFound):
        save_context(proposal, outsider, rows.text("Mine."), now, version=2)


def test_adding_a_co_author_twice_or_the_author_changes_nothing(proposal, author, outsider, now):
    for user in (outsider, outsider, author):
        services.add_co_author(proposal_id=proposal.pk, person=author, user=user, now=now)
    assert proposal.grants.count() == 2


@pytest.mark.parametrize("email", ["", "nobody@example.org", MEGABYTE])
def test_a_co_author_needs_an_account(proposal, author, now, email):
    with pytest.raises(Invalid) as refusal:
        services.add_co_author(proposal_id=proposal.pk, person=author, email=email, now=now)
    assert list(refusal.value.errors) == ["email"]


def test_who_started_stays_an_author(proposal, author, outsider, now):
    services.add_co_author(proposal_id=proposal.pk, person=author, user=outsider, now=now)
    with pytest.raises(NotAllowed) as refusal:
        services.remove_co_author(proposal_id=proposal.pk, person=outsider, user_id=author.pk, now=now)
    assert refusal.value.code == "starter-stays"
    assert access.rights(author, proposal.pk) == {"author"}
