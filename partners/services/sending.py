"""One sender at a time: what the worker's doorbell calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from partners.services import digests, outbox

# Any number that no other advisory lock of the site uses.
TURN = 5_307_714_142


def send_what_is_due(*, now: datetime) -> int:
    """Put digests together and send all mail that is due; the number sent.

    While another process is at it this one does nothing. A server that hangs therefore holds up one process of a
    worker, and the others go on with their work.
    """
    if not outbox.is_anything_due(now=now):
        return 0
    with turn() as is_mine:
        if not is_mine:
            return 0
        digests.gather_due(now=now)
        return outbox.deliver_due(now=now)


@contextmanager
def turn() -> Iterator[bool]:
    """Whether this process may send now; nobody else may until the end of the block.

    The lock belongs to a transaction on a connection of its own: it ends with it, also when the process is killed, and
    whatever stands between us and the database.
    """
    own = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TURN])
            (is_mine,) = cursor.fetchone()
        yield is_mine
    finally:
        own.close()
