"""Erasing what tells who a person was. The account stays as a nameless row, because history points at it."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from partners.models import (
    Absence,
    CalendarAddress,
    Choice,
    Invitation,
    Membership,
    Notification,
    Rhythm,
    RoleGrant,
    User,
)


@transaction.atomic
def erase_account(person: User, *, now: datetime) -> None:
    """Take name, address, password, second factor, sessions, notifications and roles away; twice is harmless."""
    address = person.email
    for session in UserSession.objects.filter(user=person):
        session.end()
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    for personal in (Notification, Choice, Rhythm, Absence, CalendarAddress):
        personal.objects.filter(person=person).delete()
    Invitation.objects.filter(email=address).delete()
    Membership.objects.filter(person=person, ended_at=None).update(ended_at=now)
    RoleGrant.objects.filter(person=person, ended_at=None).update(ended_at=now)
    person.name = _("Erased person")
    person.email = f"erased-{person.pk}@erased.invalid"
    person.is_active = person.is_staff = person.is_superuser = False
    person.last_login = None
    person.set_unusable_password()
    person.save()
