"""Doorbells of the worker: each calls one service."""

from celery import shared_task

from ekip.shared import clock
from partners.services import sending


@shared_task(name="partners.deliver")
def deliver() -> None:
    """Put digests together and send the mail that is due."""
    sending.send_what_is_due(now=clock.now())
