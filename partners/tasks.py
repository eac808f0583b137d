"""Doorbells of the worker: each calls one service."""

from celery import shared_task

from ekip.shared import clock
from partners.services import outbox


@shared_task(name="partners.deliver")
def deliver() -> None:
    """Send the mail that is due."""
    outbox.deliver_due(now=clock.now())
