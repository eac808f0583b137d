"""The people of the demonstration: accounts, memberships, role grants. All of them are invented."""

from datetime import datetime

from ekip.demo.accounts import new_password, read_passwords, write_passwords
from ekip.demo.data_files import Row, rows
from partners.models import Organisation, User
from partners.services import people as services


def load_people(*, now: datetime) -> int:
    """Open the accounts that are missing, and give each account a password that stands in the private file.

    Returns the number of accounts that were opened or got a new password.
    """
    stored = {person.email: person for person in example_people()}
    organisations = Organisation.objects.in_bulk(field_name="slug")
    passwords = read_passwords()
    changed = 0
    for row in rows("people"):
        address = row["email"]
        if address in stored and address in passwords:
            continue
        password = passwords.setdefault(address, new_password())
        if address in stored:
            stored[address].set_password(password)
            stored[address].save(update_fields=["password"])
        else:
            _open(row, organisations[row["organisation"]], password, now=now)
        changed += 1
    if changed:
        write_passwords(passwords)
    return changed


def example_people() -> list[User]:
    """Every example account that can sign in."""
    return list(User.objects.filter(is_example=True, is_active=True))


def by_key() -> dict[str, User]:
    """The example people by the key that the data files know them by."""
    stored = {person.email: person for person in example_people()}
    return {row["key"]: stored[row["email"]] for row in rows("people") if row["email"] in stored}


def _open(row: Row, organisation: Organisation, password: str, *, now: datetime) -> User:
    person = services.open_account(
        email=row["email"],
        name=row["name"],
        password=password,
        now=now,
        language=row["language"],
        time_zone=row["time_zone"],
        is_staff=row.get("administrator", False),
        is_example=True,
    )
    services.join(person=person, organisation=organisation, role=row["role"], now=now)
    for role in row["grants"]:
        services.grant_role(person=person, role=role, now=now)
    return person
