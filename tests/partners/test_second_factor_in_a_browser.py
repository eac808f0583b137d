"""The two ways to a second factor, with a key and an app that are simulated."""

import pytest
from playwright.sync_api import Page, expect

from partners.models import RoleGrant
from tests import people
from tests.one_time_codes import code_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(chromium, live_server):
    """A browser in front of a device that has a fingerprint reader."""
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield page
    context.close()


@pytest.fixture
def decider():
    person = people.make_person("Lukas Decider", password=people.PASSWORD)
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.DECIDER)
    return person


def sign_in(page: Page, person) -> None:
    page.goto("/account/login/?next=/profile/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def show_that_it_is_me(page: Page) -> None:
    page.get_by_label("Password", exact=True).fill(people.PASSWORD)
    page.get_by_role("button", name="Continue").click()


def test_a_passkey_is_set_up_and_then_opens_alone(page, decider):
    sign_in(page, decider)
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    page.get_by_role("link", name="Add a key").click()
    show_that_it_is_me(page)
    page.get_by_label("Sign in with this key alone").check()
    page.get_by_role("button", name="Add the key").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/profile/")
    expect(page.get_by_text("You sign in with a second factor.")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/account/login/?next=/profile/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Profile")).to_be_visible()


def test_an_app_is_set_up_and_then_asked_for(page, decider):
    sign_in(page, decider)
    page.get_by_role("link", name="Set up an app").click()
    show_that_it_is_me(page)
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("Code of the app").fill(code_now(secret))
    with page.expect_navigation():
        page.get_by_role("button", name="Use this app").click()
    page.goto("/account/2fa/")
    expect(page.get_by_text("Your app is set up.")).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, decider)
    page.get_by_label("Code of the app").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".error-summary")).to_be_visible()
