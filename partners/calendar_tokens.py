"""The secret part of a calendar's address: signed, so that nobody guesses it; a new nonce makes the old one void."""

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare

from partners.models import CalendarAddress, User

_signer = Signer(salt="partners.calendar", sep=".")


def token_of(address: CalendarAddress) -> str:
    """What stands in the address."""
    return _signer.sign(f"{address.person_id}-{address.nonce}")


def person_of(token: str) -> User | None:
    """Whose calendar it opens; None when it was not made here, was replaced or revoked, or its account is closed."""
    try:
        person, _dash, nonce = _signer.unsign(token).partition("-")
    except BadSignature:
        return None
    address = CalendarAddress.objects.select_related("person").filter(person=person, person__is_active=True).first()
    if address is None or not constant_time_compare(address.nonce, nonce):
        return None
    return address.person
