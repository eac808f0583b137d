"""The signed address in a mail by which its reader stops mail of one group, without signing in."""

from django.core.signing import BadSignature, Signer

from ekip.shared.errors import NotFound

# No instant in it: a mail that is sent again has the same bytes, and one of last year can still be stopped.
_signer = Signer(salt="partners.unsubscribing")


def token_for(person_id: int, group: str) -> str:
    """What stands in the address."""
    return _signer.sign(f"{person_id}.{group}")


def read_token(token: str) -> tuple[int, str]:
    """The person and the group of an address; NotFound when we did not make it."""
    try:
        person, _dot, group = _signer.unsign(token).partition(".")
    except BadSignature as error:
        raise NotFound from error
    return int(person), group
