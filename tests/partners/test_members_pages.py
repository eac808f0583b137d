import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ekip.shared import clock
from partners.models import Membership
from partners.services import invitations
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(organisation):
    return people.make_person("Elina Manager", organisation=organisation, role=Membership.Role.MANAGER)


def addresses(membership) -> list[str]:
    slug = membership.organisation.slug
    return [
        reverse("partners:members", args=[slug]),
        reverse("partners:invite", args=[slug]),
        reverse("partners:change_role", args=[slug, membership.pk]),
        reverse("partners:end_membership", args=[slug, membership.pk]),
    ]


def test_each_page_opens_for_managers_only(sign_in, author, manager, reviewer, outsider, organisation):
    membership = people.join(reviewer, organisation)
    for address in addresses(membership):
        assert sign_in(manager).get(address).status_code == 200
        assert sign_in(author).get(address).status_code == 403
        assert sign_in(outsider).get(address).status_code == 404


def test_without_an_account_one_is_asked_to_sign_in(client, author):
    for address in addresses(author.memberships.get()):
        assert client.get(address).url.startswith("/account/login/")


def test_a_membership_is_not_reached_through_another_organisation(sign_in, manager, outsider, organisation):
    foreign = outsider.memberships.get()
    for name in ("partners:change_role", "partners:end_membership"):
        assert sign_in(manager).get(reverse(name, args=[organisation.slug, foreign.pk])).status_code == 404
    assert (
        sign_in(manager).post(reverse("partners:end_membership", args=[organisation.slug, foreign.pk])).status_code
        == 404
    )
    foreign.refresh_from_db()
    assert foreign.ended_at is None


def test_a_manager_changes_a_role(sign_in, manager, author, organisation):
    membership = author.memberships.get()
    address = reverse("partners:change_role", args=[organisation.slug, membership.pk])
    assert sign_in(manager).post(address, {"role": "manager"}).status_code == 302
    membership.refresh_from_db()
    assert membership.role == "manager"


def test_the_only_manager_reads_why_the_role_stays(sign_in, manager, organisation):
    own = manager.memberships.get()
    page = sign_in(manager).post(reverse("partners:change_role", args=[organisation.slug, own.pk]), {"role": "member"})
    assert page.status_code == 422
    assert "only manager of the organisation" in page.content.decode()


def test_the_only_manager_cannot_leave(sign_in, manager, organisation):
    browser = sign_in(manager)
    address = reverse("partners:end_membership", args=[organisation.slug, manager.memberships.get().pk])
    assert "Make somebody else a manager first" in browser.get(address).content.decode()
    page = browser.post(address)
    assert page.status_code == 403
    assert "only manager of the organisation" in page.content.decode()


def test_a_member_leaves(sign_in, author, organisation):
    own = author.memberships.get()
    address = reverse("partners:end_membership", args=[organisation.slug, own.pk])
    browser = sign_in(author)
    assert "Leave Example City" in browser.get(address).content.decode()
    assert browser.post(address).url == reverse("partners:profile")
    assert not author.memberships.filter(ended_at=None).exists()


def test_names_cannot_bring_markup(sign_in, manager, organisation, now):
    evil = "<script>alert(1)</script><b>Eve</b>"
    eve = people.make_person(evil, organisation=organisation)
    organisation.name = evil
    organisation.save()
    with clock.at(now):
        invitations.invite(organisation=organisation, email="new@example.org", role="member", by=manager, now=now)
        browser = sign_in(manager)
        for address in [*addresses(eve.memberships.get()), reverse("partners:profile")]:
            page = browser.get(address).content.decode()
            assert "<script>alert" not in page
            assert "&lt;script&gt;alert(1)" in page


def test_the_list_costs_the_same_at_1_and_at_50_rows(sign_in, manager, organisation, now, django_assert_num_queries):
    address = reverse("partners:members", args=[organisation.slug])
    browser = sign_in(manager)

    def fill(numbers):
        for number in numbers:
            people.make_person(f"Member {number}", organisation=organisation)
            invitations.invite(
                organisation=organisation, email=f"i{number}@example.org", role="member", by=manager, now=now
            )

    fill(range(1))
    with clock.at(now):
        browser.get(address)
        with CaptureQueriesContext(connection) as few:
            browser.get(address)
        fill(range(1, 50))
        with django_assert_num_queries(len(few)):
            page = browser.get(address)
    assert page.content.decode().count("Change the role") == 51
