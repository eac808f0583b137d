"""The people of the walks, with passwords and second factors that the real sign-in page asks for."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from playwright.sync_api import Page

from ekip.shared import clock
from partners.models import Ecosystem, Membership, RoleGrant, Territory, User
from recommendations.models import PolicyArea
from tests.browser.visitor import Visitor
from tests.engine.stories import make_area
from tests.one_time_codes import code_now
from tests.people import PASSWORD, make_organisation, make_person

# The web server does not know the fast hash of the tests.
_hashed = PBKDF2PasswordHasher().encode(PASSWORD, "of the browser tests")
_secret = generate_totp_secret()


@dataclass(frozen=True)
class Cast:
    """Everybody in a walk: two authors, two reviewers, a colleague of the first author, a city, the coordinator."""

    author: User
    co_author: User
    colleague: User
    reviewer: User
    second_reviewer: User
    facilitator: User
    coordinator: User
    area: PolicyArea


def make_cast() -> Cast:
    """The people, and a policy area that ten sources support."""
    city = make_organisation("Example City", slug="example-city")
    area = make_area(now=clock.now())
    PolicyArea.objects.filter(pk=area.pk).update(title="Shared tools", is_example=True)
    area.refresh_from_db()
    coordinator = _person("Sofia Coordinator", "Example Office")
    RoleGrant.objects.create(person=coordinator, role=RoleGrant.Role.COORDINATOR)
    TOTP.activate(coordinator, _secret)
    territory = Territory.objects.create(slug="example-port", name="Example Port", level="municipality")
    Ecosystem.objects.create(slug="example-port-city", name="Example Port City", kind="city", territory=territory)
    return Cast(
        author=_person("Hanna Author", city, role=Membership.Role.DRAFTER),
        co_author=_person("Oskar Writer", "Example Studio", role=Membership.Role.DRAFTER),
        colleague=_person("Henrik Colleague", city),
        reviewer=_person("Giulia Reviewer", "Example Region"),
        second_reviewer=_person("Tomáš Reviewer", "Example Network", email="tomas@example.org"),
        facilitator=_person("Farah Facilitator", "Example Port Agency"),
        coordinator=coordinator,
        area=area,
    )


def _person(name: str, organisation, **fields) -> User:
    if isinstance(organisation, str):
        organisation = make_organisation(organisation)
    fields.setdefault("email", f"{name.split()[0].lower()}@example.org")
    person = make_person(name, organisation=organisation, time_zone="Europe/Amsterdam", is_example=True, **fields)
    person.password = _hashed
    person.save(update_fields=["password"])
    return person


def sign_in(tab: Page, person: User) -> None:
    """Fill the sign-in page on which the person is, with the code of their app where they have one."""
    tab.get_by_label("E-mail address").fill(person.email)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    if Authenticator.objects.filter(user=person).exists():
        tab.get_by_label("code").fill(code_now(_secret))
        tab.get_by_role("button", name="Sign in", exact=True).click()


def at_the_desk(visitor: Visitor, person: User) -> Page:
    """The person, signed in, at the desk."""
    tab = visitor.open("/account/login/")
    sign_in(tab, person)
    tab.wait_for_url("**/desk/")
    return tab
