"""The example people whom a visitor of the demonstration can become with one click."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ekip.demo.data_files import Row, rows
from ekip.shared.errors import NotFound
from partners.models import Organisation, RoleGrant, User


@dataclass(frozen=True)
class ExamplePerson:
    """Who it is, whom they speak for, and what to try as this person."""

    key: str
    name: str
    organisation: str
    roles: str
    blurb: str


def example_people() -> list[ExamplePerson]:
    """Everybody in the data files who has an example account, in the order of the files. Two queries."""
    names = dict(User.objects.filter(is_example=True, is_active=True).values_list("email", "name"))
    organisations = dict(Organisation.objects.filter(is_example=True).values_list("slug", "name"))
    return [
        ExamplePerson(
            key=row["key"],
            name=names[row["email"]],
            organisation=organisations.get(row["organisation"], ""),
            roles=", ".join(_roles(row)),
            blurb=row["blurb"],
        )
        for row in rows("people")
        if row["email"] in names
    ]


def _roles(row: Row) -> Iterable[str]:
    yield from (str(RoleGrant.Role(role).label) for role in row["grants"])
    if row.get("administrator"):
        yield _("Administrator")


def example_account(key: str) -> User:
    """The account of the example person with that key.

    Raises:
        NotFound: nobody has the key, or the account is no example or closed.
    """
    addresses = {row["key"]: row["email"] for row in rows("people")}
    person = User.objects.filter(email=addresses.get(key, ""), is_example=True, is_active=True).first()
    if person is None:
        raise NotFound
    return person
