import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.db.models import F

from partners.models import User
from tests import people

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"
LOCKED = "Signing in is paused"


@pytest.fixture
def person():
    return people.make_person("Ada Example", email="ada@example.org", password=people.PASSWORD)


def sign_in_with(client, password, email="ada@example.org"):
    return client.post(LOGIN, {"login": email, "password": password})


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def sign_up(client, **fields):
    return client.post(
        "/account/signup/",
        {
            "name": "Nora New",
            "email": "Nora@Example.org",
            "password1": people.PASSWORD,
            "password2": people.PASSWORD,
            "language": "sv",
            "time_zone": "Europe/Stockholm",
        }
        | fields,
    )


def link(pattern: str) -> str:
    return re.search(rf"https?://[^/\s]+({pattern})", mail.outbox[-1].body)[1]


def test_the_right_password_opens(client, person):
    assert sign_in_with(client, people.PASSWORD, email=" ADA@example.org").status_code == 302
    assert signed_in(client)


def test_the_seventh_wrong_password_locks(client, person):
    for _ in range(6):
        page = sign_in_with(client, "wrong")
        assert (page.status_code, LOCKED in page.content.decode()) == (200, False)
    page = sign_in_with(client, "wrong")
    assert (page.status_code, LOCKED in page.content.decode()) == (429, True)


def lock(client) -> None:
    for _ in range(7):
        sign_in_with(client, "wrong")


def pass_time(minutes: int) -> None:
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=minutes))


def test_behind_the_lock_the_right_password_is_refused_too(client, person):
    lock(client)
    page = sign_in_with(client, people.PASSWORD)
    assert (page.status_code, signed_in(client)) == (429, False)


def test_the_lock_opens_after_a_quarter_of_an_hour(client, person):
    lock(client)
    pass_time(14)
    assert sign_in_with(client, people.PASSWORD).status_code == 429
    pass_time(2)
    assert sign_in_with(client, people.PASSWORD).status_code == 302
    assert signed_in(client)


def test_writing_the_address_otherwise_starts_no_new_count(client, person):
    for number in range(6):
        sign_in_with(client, "wrong", email=["ada@example.org", "ADA@example.org", " Ada@Example.ORG "][number % 3])
    assert sign_in_with(client, "wrong", email="aDa@example.org").status_code == 429


def test_the_lock_is_for_one_address_from_one_place(client, person):
    lock(client)
    other = people.make_person(email="bea@example.org", password=people.PASSWORD)
    assert sign_in_with(client, people.PASSWORD, email=other.email).status_code == 302
    client.logout()
    elsewhere = client.post(LOGIN, {"login": person.email, "password": people.PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302


def test_an_address_without_an_account_is_counted_and_answered_the_same(client, person):
    pages = [sign_in_with(client, "wrong", email="nobody@example.org") for _ in range(7)]
    assert [page.status_code for page in pages] == [200] * 6 + [429]


def test_passwords_are_not_kept_with_the_failures(client, person):
    sign_in_with(client, "nearly-right-password")
    assert "nearly-right" not in str(AccessAttempt.objects.values().get())


@pytest.mark.parametrize("email", ["a" * 300 + "@example.org", "a" * 1_000_000, "a\x00b@example.org", ""])
def test_an_impossible_address_is_an_error_on_the_form(client, person, email):
    assert sign_in_with(client, "wrong", email=email).status_code == 200
    assert not AccessAttempt.objects.exists()


def test_who_registers_confirms_the_address_first(client):
    assert sign_up(client).status_code == 302
    person = User.objects.get(email="nora@example.org")
    assert (person.name, person.language, person.time_zone) == ("Nora New", "sv", "Europe/Stockholm")
    assert not signed_in(client)
    client.post(LOGIN, {"login": person.email, "password": people.PASSWORD})
    assert not signed_in(client)
    client.post(link(r"/account/confirm-email/[^/\s]+/"))
    assert person.emailaddress_set.get().verified
    client.post(LOGIN, {"login": person.email, "password": people.PASSWORD})
    assert signed_in(client)


def test_registering_a_taken_address_looks_the_same_and_tells_its_owner(client, person):
    fresh, taken = sign_up(client), sign_up(client, email="ada@example.org")
    assert (taken.status_code, taken.url) == (fresh.status_code, fresh.url)
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert User.objects.filter(email="ada@example.org").count() == 1


def test_the_first_guess_comes_from_the_browser(client):
    page = client.get("/account/signup/", headers={"accept-language": "fi"})
    assert page.context["form"]["time_zone"].value() == "Europe/Helsinki"


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 1_000_000}, {"language": "xx"}, {"time_zone": "x"}, {"password1": "1234567890"}],
)
def test_what_breaks_a_rule_makes_no_account(client, wrong):
    assert sign_up(client, **wrong).status_code == 200
    assert not User.objects.exists()


def test_a_forgotten_password_is_chosen_anew_by_mail_and_opens_the_lock(client, person):
    lock(client)
    client.post("/account/password/reset/", {"email": "ada@example.org"})
    page = client.get(link(r"/account/password/reset/key/[^/\s]+/"))
    new = "nine loud mountains"
    client.post(page.url, {"password1": new, "password2": new})
    assert sign_in_with(client, new).status_code == 302
    assert signed_in(client)


def test_account_mail_names_the_operator(client, person, settings):
    settings.OPERATOR = {"name": "Example <Office>", "address": "", "email": "office@example.org"}
    client.post("/account/password/reset/", {"email": "ada@example.org"})
    assert mail.outbox[-1].body.endswith("\nExample <Office>, office@example.org")


def test_a_mail_server_that_does_not_answer_is_said_on_the_page(client, person, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = client.post("/account/password/reset/", {"email": "ada@example.org"}, follow=True)
    assert page.status_code == 200
    assert "could not be sent just now" in page.content.decode()
