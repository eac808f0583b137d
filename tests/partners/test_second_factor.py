import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.urls import reverse

from tests import people

pytestmark = pytest.mark.django_db
SET_UP = "/profile/second-factor/"


@pytest.fixture
def unprepared(coordinator):
    """A coordinator without a second factor."""
    Authenticator.objects.filter(user=coordinator).delete()
    return coordinator


def test_a_role_opens_nothing_without_a_second_factor(sign_in, unprepared):
    response = sign_in(unprepared).get("/profile/?tab=1")
    assert (response.status_code, response.url) == (302, f"{SET_UP}?next=%2Fprofile%2F%3Ftab%3D1")


def test_neither_does_administration(sign_in, db):
    administrator = people.make_administrator()
    assert sign_in(administrator).get("/admin/").status_code == 200
    Authenticator.objects.all().delete()
    assert sign_in(administrator).get("/admin/").url.startswith(SET_UP)
    assert sign_in(administrator).post("/admin/partners/user/add/").url == SET_UP


def test_the_way_to_set_it_up_is_open(sign_in, unprepared):
    browser = sign_in(unprepared)
    assert reverse("mfa_activate_totp") in browser.get(SET_UP).content.decode()
    for address in (reverse("mfa_index"), reverse("account_email"), reverse("usersessions_list")):
        assert browser.get(address).status_code == 200
    assert browser.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in browser.session


def test_who_has_one_goes_on(sign_in, coordinator):
    browser = sign_in(coordinator)
    assert browser.get("/profile/").status_code == 200
    assert browser.get(f"{SET_UP}?next=/profile/").url == "/profile/"
    assert browser.get(f"{SET_UP}?next=https://evil.example/").url == reverse("mfa_index")


def test_recovery_codes_alone_do_not_count(sign_in, unprepared):
    Authenticator.objects.create(user=unprepared, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert sign_in(unprepared).get("/profile/").status_code == 302


def test_nobody_else_is_held_up(sign_in, author, client):
    assert sign_in(author).get("/profile/").status_code == 200
    assert client.get(LOGIN).status_code == 200


def test_the_demonstration_waives_it_and_says_so(sign_in, unprepared, settings):
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.demo.urls"
    page = sign_in(unprepared).get("/profile/")
    assert page.status_code == 200
    assert "The demonstration does without one" in page.content.decode()


LOGIN = "/account/login/"


def test_who_has_one_is_asked_for_it_at_every_sign_in(client):
    person = people.make_person(email="ada@example.org", password=people.PASSWORD)
    TOTP.activate(person, generate_totp_secret())
    response = client.post(LOGIN, {"login": person.email, "password": people.PASSWORD})
    assert response.url.startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session


UNREADABLE = [{}, {"id": "x"}, {"rawId": "?", "response": {}}]


@pytest.mark.parametrize("stored", UNREADABLE)
@pytest.mark.parametrize("page", ["mfa_add_webauthn", "mfa_reauthenticate_webauthn"])
def test_a_key_that_cannot_be_read_is_named_as_the_fault(sign_in, author, page, stored):
    WebAuthn.add(author, "Blue key", stored)
    browser = sign_in(author)
    answer = browser.get(reverse(page), follow=True)
    assert (answer.status_code, "cannot be read" in answer.text) == (422, True)
    assert browser.get(reverse("mfa_list_webauthn")).status_code == 200


def test_so_it_is_at_the_sign_in(client):
    person = people.make_person(email="ada@example.org", password=people.PASSWORD)
    WebAuthn.add(person, "Blue key", {})
    asked = client.post(LOGIN, {"login": person.email, "password": people.PASSWORD})
    answer = client.get(asked.url)
    assert (answer.status_code, "cannot be read" in answer.text) == (422, True)


def test_the_admin_has_no_sign_in_of_its_own(client, sign_in, author, db):
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/").url == "/account/login/?next=%2Fadmin%2F"
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).url.startswith("/account/login/")
    assert sign_in(author).get("/admin/login/?next=/admin/").status_code == 403
