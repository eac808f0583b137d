import pytest
from django.contrib.auth.models import AnonymousUser

from ekip.shared.errors import NotAllowed, NotFound
from partners import permissions
from partners.models import Membership, RoleGrant
from tests import people

pytestmark = pytest.mark.django_db


def test_the_five_people_belong_to_five_organisations(author, reviewer, coordinator, official, outsider):
    five = (author, reviewer, coordinator, official, outsider)
    assert len({person.memberships.get().organisation_id for person in five}) == 5


def test_a_role_is_held_while_its_grant_lives(coordinator, author, now):
    assert permissions.holds_role(coordinator, "coordinator")
    assert not permissions.holds_role(author, "coordinator")
    coordinator.role_grants.update(ended_at=now)
    assert not permissions.holds_role(coordinator, "coordinator")


def test_one_of_several_roles_is_enough(coordinator):
    assert permissions.holds_role(coordinator, "deputy", "coordinator")
    assert not permissions.holds_role(coordinator, "deputy", "decider")


def test_a_grant_for_the_platform_covers_every_scope_and_a_scoped_one_only_its_own(coordinator, author):
    people.grant(author, RoleGrant.Role.DEPUTY, scope="area:one")
    assert permissions.holds_role(coordinator, "coordinator", scope="area:one")
    assert permissions.holds_role(author, "deputy", scope="area:one")
    assert not permissions.holds_role(author, "deputy", scope="area:two")
    assert not permissions.holds_role(author, "deputy")


@pytest.mark.parametrize(("role", "drafts"), [("member", False), ("drafter", True), ("manager", True)])
def test_drafters_and_managers_draft_for_their_organisation(organisation, outsider, role, drafts):
    person = people.make_person(organisation=organisation, role=role)
    assert list(permissions.drafting_organisations(person)) == ([organisation] if drafts else [])


def test_who_has_left_drafts_no_longer(author, now):
    author.memberships.update(ended_at=now)
    assert list(permissions.drafting_organisations(author)) == []


def test_managers_and_administrators_keep_the_members(organisation, author, outsider):
    manager = people.make_person(organisation=organisation, role=Membership.Role.MANAGER)
    elsewhere = people.make_person(organisation=people.make_organisation(), role=Membership.Role.MANAGER)
    assert permissions.may_manage(manager, organisation)
    assert permissions.may_manage(people.make_administrator(), organisation)
    with pytest.raises(NotAllowed):
        permissions.may_manage(author, organisation).enforce()
    for stranger in (outsider, elsewhere, AnonymousUser()):
        with pytest.raises(NotFound):
            permissions.may_manage(stranger, organisation).enforce()


def test_nobody_without_an_account_may_anything(db, organisation):
    nobody = AnonymousUser()
    assert not permissions.holds_role(nobody, "coordinator")
    assert not permissions.drafting_organisations(nobody).exists()
    assert not permissions.may_grant_roles(nobody)
    assert not permissions.needs_second_factor(nobody)


def test_only_administrators_grant_roles(coordinator):
    assert permissions.may_grant_roles(people.make_administrator())
    assert not permissions.may_grant_roles(coordinator)


def test_power_demands_a_second_factor(coordinator, author, now):
    assert permissions.needs_second_factor(people.make_administrator())
    assert permissions.needs_second_factor(coordinator)
    assert not permissions.needs_second_factor(author)
    coordinator.role_grants.update(ended_at=now)
    assert not permissions.needs_second_factor(coordinator)
