"""Openings and grants decide alone: who reads, who writes, and when."""

import pytest
from django.contrib.auth.models import AnonymousUser

from ekip.shared.errors import NotAllowed, NotFound, NotNow
from partners.models import RoleGrant
from recommendations import access
from recommendations.drafting import selectors, services
from recommendations.models import Grant
from tests import people
from tests.recommendations import rows


@pytest.fixture
def revision(proposal, author, now):
    return services.freeze_revision(proposal=rows.fill(proposal, now=now), person=author, now=now)


def oversee(proposal, now):
    access.give([access.NewGrant(proposal.pk, Grant.Right.OVERSEE, "run:1", role="coordinator")], now=now)


def let_review(proposal, revision, person, now):
    grant = access.NewGrant(proposal.pk, Grant.Right.REVIEW, "assignment:1", person.pk, revision_id=revision.pk)
    access.give([grant], now=now)


def save(proposal, person, now):
    return services.save_details(proposal_id=proposal.pk, person=person, title="Typed", summary="", version=1, now=now)


def test_an_outsider_finds_nothing_and_cannot_tell_it_from_what_does_not_exist(proposal, revision, outsider, now):
    answers = []
    for pk in (proposal.pk, proposal.pk + 1000):
        with pytest.raises(NotFound) as refusal:
            selectors.proposal_for(outsider, pk)
        answers.append((refusal.value.code, str(refusal.value)))
        with pytest.raises(NotFound) as refusal:
            services.save_details(proposal_id=pk, person=outsider, title="T", summary="", version=1, now=now)
        answers.append((refusal.value.code, str(refusal.value)))
    assert len(set(answers)) == 1
    with pytest.raises(NotFound):
        selectors.revision_for(outsider, revision.pk)
    assert list(selectors.readable_proposals(outsider)) == []


def test_an_overseer_reads_the_draft_but_does_not_write(proposal, coordinator, now):
    oversee(proposal, now)
    assert selectors.proposal_for(coordinator, proposal.pk) == proposal
    with pytest.raises(NotAllowed) as refusal:
        save(proposal, coordinator, now)
    assert refusal.value.code == "not-an-author"


def test_a_role_with_a_scope_reaches_only_its_area(proposal, area, now):
    oversee(proposal, now)
    here, elsewhere = people.make_person(), people.make_person()
    people.grant(here, RoleGrant.Role.COORDINATOR, scope=f"area:{area.slug}")
    people.grant(elsewhere, RoleGrant.Role.COORDINATOR, scope="area:another")
    assert list(selectors.readable_proposals(here)) == [proposal]
    assert list(selectors.readable_proposals(elsewhere)) == []


def test_a_reviewer_reads_the_one_frozen_text_and_never_the_draft(proposal, revision, author, reviewer, now):
    let_review(proposal, revision, reviewer, now)
    services.save_details(proposal_id=proposal.pk, person=author, title="Later", summary="", version=1, now=now)
    later = services.freeze_revision(proposal=proposal, person=author, now=now)
    assert selectors.revision_for(reviewer, revision.pk) == revision
    with pytest.raises(NotFound):
        selectors.revision_for(reviewer, later.pk)
    with pytest.raises(NotFound):
        selectors.proposal_for(reviewer, proposal.pk)
    with pytest.raises(NotFound):
        save(proposal, reviewer, now)


def test_a_grant_that_ended_opens_nothing(proposal, revision, reviewer, now):
    let_review(proposal, revision, reviewer, now)
    access.end(["assignment:1"], now=now)
    with pytest.raises(NotFound):
        selectors.revision_for(reviewer, revision.pk)


def test_a_frozen_proposal_is_not_edited_and_the_typed_text_is_given_back(proposal, author, now):
    access.set_openings({proposal.pk: frozenset()})
    with pytest.raises(NotNow) as refusal:
        save(proposal, author, now)
    assert (refusal.value.code, refusal.value.context["kept"]["title"]) == ("stage-moved", "Typed")
    proposal.refresh_from_db()
    assert proposal.title != "Typed"


def test_somebody_without_an_account_reads_nothing(proposal):
    assert access.rights(AnonymousUser(), proposal.pk) == frozenset()
    assert list(selectors.readable_proposals(AnonymousUser())) == []


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_of_proposals_costs_the_same_at_any_length(
    author, organisation, area, now, django_assert_num_queries, number
):
    for _ in range(number):
        rows.make_proposal(author, organisation, area, now=now)
    with django_assert_num_queries(2):
        found = list(selectors.readable_proposals(author))
        assert [(row.area.cluster.key, row.lead_organisation.name) for row in found]
    assert len(found) == number
