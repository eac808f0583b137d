from datetime import timedelta

import pytest

from ekip.shared.errors import Invalid, NotAllowed, NotFound
from partners.models import Membership, Notification, RoleGrant, User
from partners.services import people as service
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(organisation):
    return people.make_person("Elina Manager", organisation=organisation, role=Membership.Role.MANAGER)


def membership_of(person) -> Membership:
    return person.memberships.get(ended_at=None)


def test_an_account_is_opened_with_a_confirmed_address(now):
    person = service.open_account(email=" Ada@Example.org ", name="Ada\nBell", password=None, now=now)
    assert (person.email, person.name, person.joined_at) == ("ada@example.org", "Ada Bell", now)
    assert person.emailaddress_set.get().verified
    assert not person.has_usable_password()


@pytest.mark.parametrize(
    "wrong", [{"email": "nobody"}, {"name": "  "}, {"time_zone": "Mars/Olympus"}, {"language": "xx"}]
)
def test_an_account_that_breaks_a_rule_is_refused(now, wrong):
    fields = {"email": "ada@example.org", "name": "Ada", "password": None} | wrong
    with pytest.raises(Invalid) as refusal:
        service.open_account(**fields, now=now)
    assert list(refusal.value.errors) == list(wrong)
    assert not User.objects.exists()


def test_an_address_has_one_account_in_whatever_case(author, now):
    with pytest.raises(Invalid):
        service.open_account(email=author.email.upper(), name="Second", password=None, now=now)


def test_a_confirmed_second_address_has_its_account_too(author, now):
    author.emailaddress_set.create(email="second@example.org", verified=True)
    with pytest.raises(Invalid):
        service.open_account(email="Second@example.org", name="Second", password=None, now=now)


def test_joining_twice_changes_nothing(outsider, organisation, now):
    first = service.join(person=outsider, organisation=organisation, role="drafter", now=now)
    again = service.join(person=outsider, organisation=organisation, role="manager", now=now + timedelta(days=1))
    assert (again.pk, again.role, again.started_at) == (first.pk, "drafter", now)


def test_one_can_come_back_after_leaving(author, manager, organisation, now):
    service.leave(membership_id=membership_of(author).pk, by=author, now=now)
    service.join(person=author, organisation=organisation, role="member", now=now)
    assert author.memberships.count() == 2
    assert membership_of(author).role == "member"


def test_a_manager_changes_a_role_and_the_member_is_told_once(author, manager, now):
    service.change_role(membership_id=membership_of(author).pk, role="manager", by=manager, now=now)
    service.change_role(membership_id=membership_of(author).pk, role="manager", by=manager, now=now)
    assert membership_of(author).role == "manager"
    told = Notification.objects.get(person=author)
    assert told.body == "Elina Manager has changed your role in Example City to: Manager."


def test_a_role_that_does_not_exist_is_refused(author, manager, now):
    with pytest.raises(Invalid):
        service.change_role(membership_id=membership_of(author).pk, role="king", by=manager, now=now)


def test_members_do_not_change_roles(author, manager, now):
    with pytest.raises(NotAllowed):
        service.change_role(membership_id=membership_of(author).pk, role="manager", by=author, now=now)


def test_outsiders_learn_nothing_of_memberships(author, outsider, now):
    for service_of_managers in (service.leave, lambda **a: service.change_role(role="member", **a)):
        with pytest.raises(NotFound):
            service_of_managers(membership_id=membership_of(author).pk, by=outsider, now=now)


def test_the_last_manager_stays(manager, author, now):
    with pytest.raises(NotAllowed) as refusal:
        service.leave(membership_id=membership_of(manager).pk, by=manager, now=now)
    assert refusal.value.code == "last-manager"
    with pytest.raises(NotAllowed):
        service.change_role(membership_id=membership_of(manager).pk, role="member", by=manager, now=now)
    service.change_role(membership_id=membership_of(author).pk, role="manager", by=manager, now=now)
    service.leave(membership_id=membership_of(manager).pk, by=manager, now=now)
    assert not manager.memberships.filter(ended_at=None).exists()


def test_who_is_removed_is_told_and_who_leaves_is_not(author, reviewer, manager, organisation, now):
    other = service.join(person=reviewer, organisation=organisation, role="member", now=now)
    service.leave(membership_id=membership_of(author).pk, by=author, now=now)
    service.leave(membership_id=other.pk, by=manager, now=now)
    assert list(Notification.objects.values_list("person", flat=True)) == [reviewer.pk]


def test_a_membership_ends_once(author, manager, now):
    pk = membership_of(author).pk
    service.leave(membership_id=pk, by=author, now=now)
    with pytest.raises(NotFound):
        service.leave(membership_id=pk, by=author, now=now)


def test_an_administrator_grants_and_ends_a_role(author, now):
    administrator = people.make_administrator("Katrin Keeper")
    grant = service.grant_role(person=author, role="decider", scope="area:one", granted_by=administrator, now=now)
    again = service.grant_role(person=author, role="decider", scope="area:one", granted_by=administrator, now=now)
    assert grant == again
    service.end_role(grant_id=grant.pk, by=administrator, now=now)
    assert RoleGrant.objects.get().ended_at == now
    assert sorted(Notification.objects.values_list("body", flat=True)) == [
        "Katrin Keeper has ended this role of yours: Decider (area:one).",
        "Katrin Keeper has given you this role: Decider (area:one). Sign in with a second factor to use it.",
    ]


def test_nobody_else_grants_or_ends_a_role(coordinator, author, now):
    with pytest.raises(NotAllowed):
        service.grant_role(person=author, role="decider", granted_by=coordinator, now=now)
    with pytest.raises(NotAllowed):
        service.end_role(grant_id=coordinator.role_grants.get().pk, by=coordinator, now=now)


@pytest.mark.parametrize(("role", "scope"), [("king", ""), ("decider", "area:"), ("decider", "everything")])
def test_roles_and_scopes_are_checked(author, now, role, scope):
    with pytest.raises(Invalid):
        service.grant_role(person=author, role=role, scope=scope, now=now)
