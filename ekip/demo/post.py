"""Sending the mail of the story: by the real outbox, each at the instant at which it was written."""

from datetime import datetime

from ekip.shared import clock
from partners.models import Delivery
from partners.services import outbox


def deliver_waiting(*, now: datetime) -> int:
    """Send everything that is due by `now`, as the worker would have done at the time; the number sent."""
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, next_attempt_at__lte=now).order_by(
        "next_attempt_at"
    )
    sent = 0
    for instant in waiting.values_list("next_attempt_at", flat=True).distinct():
        with clock.at(instant):
            sent += outbox.deliver_due(now=clock.now())
    return sent
