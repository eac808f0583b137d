"""The serial by which a puller asks "what came after N".

A database sequence would not do: a slow publisher's lower number would appear behind a faster one's higher number,
and a puller that had already seen the higher one would miss it. So the number is taken under a lock that is held
until the transaction ends: numbers become visible in their order, and one that is given up leaves no gap.
"""

from django.db import connection
from django.db.models import Max

from recommendations.models import Edition, Notice

LOCK = 0x656B6970


def lock_serials() -> None:
    """Wait until no other transaction publishes; the lock ends with the present transaction.

    Raises:
        RuntimeError: there is no transaction, so the lock would be gone at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("serials are taken inside a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def next_serial() -> int:
    """The next number over editions and notices, from 1; takes the lock."""
    lock_serials()
    newest = [model._default_manager.aggregate(newest=Max("serial"))["newest"] for model in (Edition, Notice)]
    return 1 + max(number or 0 for number in newest)
