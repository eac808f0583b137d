import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from ekip.shared import clock
from ekip.shared.errors import Invalid, NotAllowed, NotFound, NotNow, TooMany
from partners.models import Delivery, Invitation, Membership, Notification, User
from partners.services import invitations
from tests import people

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://127\.0\.0\.1:8000(/invitation/([^/\s]+)/)")


@pytest.fixture
def manager(organisation):
    return people.make_person("Elina Manager", organisation=organisation, role=Membership.Role.MANAGER)


@pytest.fixture
def invite(organisation, manager, now):
    """Invites an address and gives the token of the mail."""

    def invited(email: str = "new@example.org", role: str = "drafter", at=now) -> str:
        invitations.invite(organisation=organisation, email=email, role=role, by=manager, now=at)
        return LINK.search(mail.outbox[-1].body)[2]

    return invited


def about(**fields) -> dict[str, str]:
    return {
        "name": "Nora New",
        "language": "sv",
        "time_zone": "Europe/Stockholm",
        "password1": people.PASSWORD,
        "password2": people.PASSWORD,
    } | fields


def test_the_token_is_in_the_mail_and_nowhere_else(invite, manager):
    token = invite("New@Example.org")
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"]
    assert sent.subject == "Elina Manager invites you to join Example City"
    stored = Invitation.objects.values().get()
    assert token not in str(stored)
    assert not Notification.objects.exists()
    assert not Delivery.objects.exists()


def test_a_new_person_opens_an_account_and_is_signed_in(invite, client, organisation, now):
    address = LINK.search(invite() and mail.outbox[-1].body)[1]
    with clock.at(now):
        page = client.get(address, headers={"accept-language": "nl-BE,nl;q=0.9,en;q=0.8"})
        assert page.context["form"]["time_zone"].value() == "Europe/Amsterdam"
        response = client.post(address, about())
    assert response.status_code == 302
    person = User.objects.get(email="new@example.org")
    assert (person.name, person.language, person.time_zone) == ("Nora New", "sv", "Europe/Stockholm")
    assert person.emailaddress_set.get().verified
    assert person.memberships.get().role == "drafter"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_somebody_signed_in_with_the_address_joins_with_one_button(invite, sign_in, outsider, organisation, now):
    token = invite(outsider.email)
    with clock.at(now):
        browser = sign_in(outsider)
        assert browser.get(f"/invitation/{token}/").status_code == 200
        browser.post(f"/invitation/{token}/")
    assert outsider.memberships.filter(organisation=organisation, ended_at=None).exists()
    assert Invitation.objects.get().accepted_by == outsider


def test_somebody_with_an_account_is_asked_to_sign_in(invite, client, outsider, now):
    token = invite(outsider.email)
    with clock.at(now):
        page = client.get(f"/invitation/{token}/")
        client.post(f"/invitation/{token}/", about())
    assert f"/account/login/?next=%2Finvitation%2F{token}%2F" in page.content.decode()
    assert not outsider.memberships.filter(organisation__slug="example-city").exists()


def test_another_account_cannot_take_it_up(invite, sign_in, outsider, now):
    token = invite()
    with clock.at(now):
        sign_in(outsider).post(f"/invitation/{token}/")
    with pytest.raises(NotAllowed):
        invitations.accept_invitation(token=token, person=outsider, now=now)
    assert Invitation.objects.get().accepted_at is None


def test_an_unconfirmed_address_is_not_enough(invite, outsider, now):
    token = invite("second@example.org")
    outsider.emailaddress_set.create(email="second@example.org", verified=False)
    with pytest.raises(NotAllowed):
        invitations.accept_invitation(token=token, person=outsider, now=now)


def test_it_works_once(invite, client, now):
    token = invite()
    with clock.at(now):
        client.post(f"/invitation/{token}/", about())
        client.logout()
        assert client.get(f"/invitation/{token}/").status_code == 410
    with pytest.raises(NotNow):
        invitations.accept_with_new_account(
            token=token, name="N", password=people.PASSWORD, language="en", time_zone="UTC", now=now
        )


def test_it_ends_after_fourteen_days(invite, client, now):
    token = invite()
    with clock.at(now + timedelta(days=14) - timedelta(seconds=1)):
        assert client.get(f"/invitation/{token}/").status_code == 200
    with clock.at(now + timedelta(days=14)):
        assert client.get(f"/invitation/{token}/").status_code == 410


def test_inviting_again_replaces_the_earlier_one(invite, client, organisation, manager, now):
    first = invite(role="member")
    second = invite(role="manager", at=now + timedelta(hours=1))
    with clock.at(now + timedelta(hours=2)):
        assert client.get(f"/invitation/{first}/").status_code == 410
        assert client.get(f"/invitation/{second}/").status_code == 200


def test_a_cancelled_one_opens_nothing(invite, sign_in, manager, client, organisation, now):
    token = invite()
    with clock.at(now):
        address = reverse("partners:cancel_invitation", args=[organisation.slug, Invitation.objects.get().pk])
        assert sign_in(manager).post(address).status_code == 302
        assert client.get(f"/invitation/{token}/").status_code == 410


def test_an_unknown_token_is_a_404(client, invite):
    invite()
    assert client.get("/invitation/guess/").status_code == 404


def test_only_managers_invite_and_cancel(invite, organisation, author, outsider, now):
    invite()
    pk = Invitation.objects.get().pk
    for person, refusal in ((author, NotAllowed), (outsider, NotFound)):
        with pytest.raises(refusal):
            invitations.invite(organisation=organisation, email="x@example.org", role="member", by=person, now=now)
        with pytest.raises(refusal):
            invitations.cancel_invitation(invitation_id=pk, organisation=organisation, by=person, now=now)


def test_a_manager_cannot_cancel_the_invitation_of_another_organisation(invite, organisation, now):
    invite()
    elsewhere = people.make_organisation()
    other = people.make_person(organisation=elsewhere, role="manager")
    with pytest.raises(NotFound):
        invitations.cancel_invitation(
            invitation_id=Invitation.objects.get().pk, organisation=elsewhere, by=other, now=now
        )


def test_a_member_is_not_invited_again(invite, author):
    with pytest.raises(Invalid):
        invite(author.email)
    assert not mail.outbox


def test_a_manager_cannot_send_without_end(invite, now, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_IN_A_DAY", 3)
    for number in range(3):
        invite(f"p{number}@example.org")
    with pytest.raises(TooMany):
        invite("p4@example.org")
    assert invite("p5@example.org", at=now + timedelta(days=1, seconds=1))


def test_nobody_is_invited_when_the_mail_does_not_leave(invite, sign_in, manager, settings, organisation, now):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with clock.at(now):
        page = sign_in(manager).post(
            reverse("partners:invite", args=[organisation.slug]), {"email": "new@example.org", "role": "member"}
        )
    assert page.status_code == 422
    assert "nobody is invited yet" in page.content.decode()
    assert Invitation.objects.get().cancelled_at == now


def test_the_new_persons_form_is_checked(invite, client, now):
    token = invite()
    with clock.at(now):
        for wrong in (
            {"name": ""},
            {"password2": "something else"},
            {"password1": "short", "password2": "short"},
            {"password1": "new@example.org", "password2": "new@example.org"},
            {"language": "xx"},
            {"time_zone": "Mars/Olympus"},
            {"name": "x" * 1_000_000},
        ):
            assert client.post(f"/invitation/{token}/", about(**wrong)).status_code == 422
    assert not User.objects.filter(email="new@example.org").exists()
