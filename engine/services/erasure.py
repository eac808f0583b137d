"""Erasing a person: names and words go from the rows that can lose them; the event chain stays verifiable."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engine.models import Assignment, Event, EventWords
from partners.models import Notification, User
from partners.services.erasure import erase_account
from recommendations import access
from recommendations.models import Grant


@transaction.atomic
def erase_person(person: User, *, now: datetime) -> int:
    """Erase who a person was and the words of their events; the number of events whose words went.

    What was written into reviews and answers stays, since others' words rest on it; it never bore names.
    """
    events = Event.objects.filter(actor=person)
    causes = [f"event:{pk}" for pk in events.values_list("pk", flat=True)]
    Notification.objects.filter(cause__in=causes, kind="declined").update(body=_("These words were erased."))
    Assignment.objects.filter(reviewer=person).exclude(decline_reason="").update(decline_reason="")
    sources = Grant.objects.filter(person=person, ends_at=None).values_list("source", flat=True)
    access.end([source for source in sources if not source.startswith("assignment:")], now=now)
    gone, _kinds = EventWords.objects.filter(event__in=events).delete()
    erase_account(person, now=now)
    return gone
