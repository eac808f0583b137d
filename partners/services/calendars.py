"""The secret address of a person's calendar: made, replaced and taken away by the person alone."""

import secrets
from datetime import datetime

from partners.models import CalendarAddress, User


def make_address(*, person: User, now: datetime) -> CalendarAddress:
    """Give the person's calendar an address; one that it had opens nothing any more."""
    address, _made = CalendarAddress.objects.update_or_create(
        person=person, defaults={"nonce": secrets.token_urlsafe(32), "made_at": now}
    )
    return address


def revoke_address(*, person: User) -> bool:
    """Take the address away; whether there was one."""
    gone, _kinds = CalendarAddress.objects.filter(person=person).delete()
    return bool(gone)
