"""Small factories of people and organisations. Every call makes something new; tests share nothing.

The five people whom every test knows (and the second reviewer and the decider) are fixtures in `conftest.py`.
"""

from itertools import count

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client

from partners.models import Membership, Organisation, RoleGrant, User

PASSWORD = "seven quiet harbours"
_number = count(1)


def make_organisation(name: str = "Example City", **fields) -> Organisation:
    """An invented organisation; `slug` is made from a number unless given."""
    fields.setdefault("slug", f"organisation-{next(_number)}")
    fields.setdefault("kind", Organisation.Kind.GOVERNMENT)
    fields.setdefault("country", "NL")
    return Organisation.objects.create(name=name, is_example=True, **fields)


def make_person(
    name: str = "Ada Example",
    *,
    organisation: Organisation | None = None,
    role: str = Membership.Role.MEMBER,
    password: str | None = None,
    **fields,
) -> User:
    """A person with a confirmed address, a member of `organisation` in `role` when one is given.

    Without `password` the account has none: sign in with `sign_in`, which is fast.
    """
    fields.setdefault("email", f"person-{next(_number)}@example.org")
    person = User.objects.create_user(name=name, password=password, **fields)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    if organisation:
        join(person, organisation, role)
    return person


def join(person: User, organisation: Organisation, role: str = Membership.Role.MEMBER) -> Membership:
    """A live membership."""
    return Membership.objects.create(person=person, organisation=organisation, role=role)


def grant(person: User, role: str, scope: str = "") -> RoleGrant:
    """A live role grant, with the second factor that the platform demands of its holder."""
    add_second_factor(person)
    return RoleGrant.objects.create(person=person, role=role, scope=scope)


def add_second_factor(person: User) -> None:
    """An authenticator app for the person, once."""
    Authenticator.objects.get_or_create(user=person, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "-"}})


def make_administrator(name: str = "Ada Administrator", **fields) -> User:
    """A person who may use the admin site, with a second factor."""
    person = make_person(name, is_staff=True, is_superuser=True, **fields)
    add_second_factor(person)
    return person


def sign_in(person: User) -> Client:
    """A new browser in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client
