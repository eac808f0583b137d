import pytest
from django.urls import reverse

from partners.models import Delivery, Membership, Notification, Organisation, RoleGrant, User
from partners.services import outbox
from partners.services.gatherings import GatheringDraft, Group, record_gathering
from partners.services.outbox import Message
from tests import people

pytestmark = pytest.mark.django_db
MODELS = [
    "delivery",
    "ecosystem",
    "gathering",
    "invitation",
    "membership",
    "notification",
    "organisation",
    "rolegrant",
    "sector",
    "territory",
    "user",
]


@pytest.fixture
def administrator(db):
    return people.make_administrator()


@pytest.fixture
def browser(administrator, sign_in):
    return sign_in(administrator)


def address(model: str, page: str, *arguments) -> str:
    return reverse(f"admin:partners_{model}_{page}", args=arguments)


@pytest.mark.parametrize("model", MODELS)
def test_every_list_opens(browser, author, coordinator, now, model):
    outbox.notify([Message(author.pk, "role-granted", "cause", "Subject", "Body")], now=now)
    assert browser.get(address(model, "changelist")).status_code == 200


@pytest.mark.parametrize("model", ["delivery", "gathering", "notification", "invitation", "sector"])
def test_state_is_only_looked_at(browser, model):
    assert browser.get(address(model, "add")).status_code == 403


def test_a_delivery_cannot_be_changed(browser, author, now):
    outbox.notify([Message(author.pk, "role-granted", "cause", "Subject", "Body")], now=now)
    delivery = Delivery.objects.get()
    assert browser.get(address("delivery", "change", delivery.pk)).status_code == 200
    assert browser.post(address("delivery", "change", delivery.pk), {"state": "sent"}).status_code == 403
    assert browser.post(address("delivery", "delete", delivery.pk), {"post": "yes"}).status_code == 403


def test_a_gathering_is_read_with_who_came(browser, coordinator, now):
    groups = (Group("academia", "NL", 417),)
    draft = GatheringDraft("meet_up", "An evening", now.date(), is_online=True, attendance=groups)
    pk = record_gathering(draft=draft, person=coordinator, now=now).pk
    assert "417" in browser.get(address("gathering", "change", pk)).content.decode()
    assert browser.post(address("gathering", "change", pk), {"title": "A night"}).status_code == 403


def test_what_was_given_up_can_be_tried_again(browser, author, now):
    outbox.notify([Message(author.pk, "role-granted", "cause", "Subject", "Body")], now=now)
    Delivery.objects.update(state="dead", attempts=8)
    pk = Delivery.objects.get().pk
    browser.post(address("delivery", "changelist"), {"action": "try_again", "_selected_action": [pk]})
    assert Delivery.objects.values_list("state", "attempts").get() == ("waiting", 0)


def test_a_person_is_added_without_a_password(browser):
    fields = {"email": "New@Example.org", "name": "New", "language": "en", "time_zone": "UTC", "is_active": "on"}
    assert browser.post(address("user", "add"), fields).status_code == 302
    person = User.objects.get(email="new@example.org")
    assert not person.has_usable_password()
    assert person.emailaddress_set.get().verified


def test_another_persons_second_address_is_not_given_away(browser, author):
    author.emailaddress_set.create(email="second@example.org", verified=True)
    fields = {"email": "second@example.org", "name": "New", "language": "en", "time_zone": "UTC"}
    assert "There is an account with this address" in browser.post(address("user", "add"), fields).content.decode()


def test_a_person_is_edited(browser, author):
    fields = {"name": "Hanna New", "language": "nl", "time_zone": "UTC", "is_active": "on", "email": "evil@example.org"}
    assert browser.post(address("user", "change", author.pk), fields).status_code == 302
    assert User.objects.filter(pk=author.pk, name="Hanna New", email=author.email).exists()


def test_a_person_with_a_history_is_not_deleted(browser, author, outsider, official):
    people_with_history = [author.pk, outsider.pk]
    for page in (
        browser.post(address("user", "delete", author.pk), {"post": "yes"}),
        browser.post(
            address("user", "changelist"),
            {"action": "delete_selected", "_selected_action": people_with_history, "post": "yes"},
        ),
    ):
        assert page.status_code == 200
        assert "Hanna Author, Example City" in page.content.decode()
    assert User.objects.filter(pk__in=people_with_history).count() == 2


def test_accounts_are_closed_together_but_not_ones_own(browser, administrator, author, outsider):
    chosen = [author.pk, outsider.pk, administrator.pk]
    browser.post(address("user", "changelist"), {"action": "close_accounts", "_selected_action": chosen})
    assert set(User.objects.filter(is_active=True, pk__in=chosen)) == {administrator}


def test_an_organisation_with_members_is_not_deleted(browser, organisation, author):
    page = browser.post(address("organisation", "delete", organisation.pk), {"post": "yes"})
    assert "Hanna Author, Example City" in page.content.decode()
    assert Organisation.objects.filter(pk=organisation.pk).exists()


def test_role_grants_are_given_and_ended_through_the_service(browser, administrator, author):
    browser.post(address("rolegrant", "add"), {"person": author.pk, "role": "decider", "scope": ""})
    grant = RoleGrant.objects.get()
    assert (grant.person, grant.granted_by) == (author, administrator)
    browser.post(address("rolegrant", "changelist"), {"action": "end_grants", "_selected_action": [grant.pk]})
    grant.refresh_from_db()
    assert grant.ended_at is not None
    assert Notification.objects.filter(person=author).count() == 2


def test_a_wrong_scope_is_an_error_on_the_form(browser, author):
    page = browser.post(address("rolegrant", "add"), {"person": author.pk, "role": "decider", "scope": "all"})
    assert page.status_code == 200
    assert not RoleGrant.objects.exists()


def test_the_last_managers_membership_is_not_ended(browser, organisation):
    manager = people.make_person(organisation=organisation, role="manager")
    pk = manager.memberships.get().pk
    browser.post(address("membership", "changelist"), {"action": "end_memberships", "_selected_action": [pk]})
    assert Membership.objects.get(pk=pk).ended_at is None


def test_memberships_are_added(browser, outsider, organisation):
    fields = {"person": outsider.pk, "organisation": organisation.pk, "role": "manager"}
    browser.post(address("membership", "add"), fields)
    assert outsider.memberships.get(organisation=organisation).role == "manager"


def test_others_do_not_see_the_site(sign_in, coordinator, author):
    for person in (coordinator, author):
        assert sign_in(person).get(address("user", "changelist")).status_code == 302


def test_markup_in_names_appears_as_text(browser):
    people.make_person("<script>alert(1)</script>", organisation=people.make_organisation("<script>alert(2)</script>"))
    for model in ("user", "organisation", "membership"):
        assert "<script>alert" not in browser.get(address(model, "changelist")).content.decode()
