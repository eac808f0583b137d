"""Freezing a proposal's text."""

import pytest

from partners.models import Membership
from recommendations.drafting import selectors, services
from recommendations.text import sha256_of
from tests import people
from tests.recommendations import rows


def freeze(proposal, now):
    return services.freeze_revision(proposal=proposal, person=proposal.started_by, now=now)


def test_a_revision_holds_the_whole_text_by_keys(proposal, now):
    revision = freeze(rows.fill(proposal, now=now), now)
    revision.refresh_from_db()
    content = revision.content
    assert {key: content[key] for key in ("title", "language", "area", "lead_organisation", "authors")} == {
        "title": "One studio, many stages",
        "language": "en",
        "area": "shared-studios",
        "lead_organisation": "example-city",
        "authors": ["example-city"],
    }
    assert [section["key"] for section in content["sections"]] == ["context", "problem"]
    [recommendation] = content["recommendations"]
    assert recommendation | {"rationale": []} == {
        "key": "publish-one-register-of-equipment-that",
        "position": 1,
        "statement": "Publish one register of equipment that public bodies own.",
        "rationale": [],
        "guideline": [],
        "levels": ["local"],
        "target_actors": ["public-authority"],
        "building_blocks": ["investment-funding"],
        "evidence": ["equipment-count-of-example-city"],
    }
    assert [item["key"] for item in content["evidence"]] == ["equipment-count-of-example-city"]


def test_the_hash_can_be_computed_again_from_what_is_stored(proposal, now):
    revision = freeze(rows.fill(proposal, now=now), now)
    revision.refresh_from_db()
    assert sha256_of(revision.content) == revision.content_hash


def test_freezing_an_unchanged_text_gives_the_same_revision(proposal, author, now):
    first = freeze(proposal, now)
    assert freeze(proposal, now) == first
    services.save_details(proposal_id=proposal.pk, person=author, title="Other", summary="", version=1, now=now)
    second = freeze(proposal, now)
    assert (first.number, second.number) == (1, 2)
    assert first.content_hash != second.content_hash


def test_organisations_of_co_authors_sign_unless_they_write_for_the_lead(proposal, author, organisation, now):
    network = people.make_organisation("Example Network", slug="example-network")
    colleague = people.make_person("A Colleague", organisation=organisation, role=Membership.Role.DRAFTER)
    people.join(colleague, people.make_organisation("Example Choir"), Membership.Role.DRAFTER)
    partner = people.make_person("A Partner", organisation=network, role=Membership.Role.MANAGER)
    people.join(partner, people.make_organisation("Example Club"), Membership.Role.MEMBER)
    for person in (colleague, partner):
        services.add_co_author(proposal_id=proposal.pk, person=author, user=person, now=now)
    assert freeze(proposal, now).content["authors"] == ["example-city", "example-network"]


@pytest.mark.parametrize("recommendations", [1, 20])
def test_freezing_and_missing_cost_the_same_at_any_size(
    proposal, author, now, django_assert_num_queries, recommendations
):
    for number in range(recommendations):
        services.add_recommendation(
            proposal_id=proposal.pk,
            person=author,
            draft=services.RecommendationDraft(statement=f"Number {number}", building_blocks=["social-dimension"]),
            now=now,
        )
    with django_assert_num_queries(2):
        selectors.missing(proposal)
    with django_assert_num_queries(14):
        freeze(proposal, now)
