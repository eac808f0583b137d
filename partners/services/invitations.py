"""Invitations to join an organisation: sent by mail, good for fourteen days, taken up once."""

import logging
import secrets
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid, NotAllowed, NotFound, NotNow, TooMany
from partners import permissions, selectors
from partners.models import Invitation, Membership, Organisation, User
from partners.services import letters, people

logger = logging.getLogger(__name__)

LASTS = timedelta(days=14)
MOST_IN_A_DAY = 50


def invite(*, organisation: Organisation, email: str, role: str, by: User, now: datetime) -> Invitation:
    """Invite the person behind an address into the organisation, as a manager; an earlier invitation is replaced.

    The token is in the mail and nowhere else: only its hash is stored, and the mail does not pass through the
    outbox, whose rows keep the text.

    Raises:
        NotFound, NotAllowed: `by` may not keep the organisation's members.
        Invalid: no address, no such role, already a member, or the mail could not be sent (nothing is then open).
        TooMany: `by` has sent more than `MOST_IN_A_DAY` in a day.
    """
    permissions.may_manage(by, organisation).enforce()
    email = people.checked_address(email)
    if role not in Membership.Role.values:
        raise Invalid(errors={"role": [_("There is no such role.")]})
    account = selectors.account_with_address(email)
    if account is not None and selectors.live_members(organisation).filter(person=account).exists():
        raise Invalid(errors={"email": [_("The person with this address is a member already.")]})
    if Invitation.objects.filter(invited_by=by, invited_at__gt=now - timedelta(days=1)).count() >= MOST_IN_A_DAY:
        raise TooMany(_("You have sent many invitations today. Send the next ones tomorrow."))
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        _unanswered(organisation).filter(email=email).update(cancelled_at=now)
        invitation = Invitation.objects.create(
            email=email,
            organisation=organisation,
            role=role,
            token_hash=selectors.token_hash(token),
            invited_by=by,
            invited_at=now,
            expires_at=now + LASTS,
        )
    _send(invitation, token, now=now)
    return invitation


def cancel_invitation(*, invitation_id: int, organisation: Organisation, by: User, now: datetime) -> Invitation:
    """Take an unanswered invitation of the organisation back, as a manager: its link opens nothing any more.

    Raises:
        NotFound: there is no such unanswered invitation, or `by` may not know of it.
        NotAllowed: `by` may not keep the organisation's members.
    """
    permissions.may_manage(by, organisation).enforce()
    if not _unanswered(organisation).filter(pk=invitation_id).update(cancelled_at=now):
        raise NotFound
    return Invitation.objects.get(pk=invitation_id)


def accept_invitation(*, token: str, person: User, now: datetime) -> Membership:
    """Take up an invitation with an account that has confirmed the invited address.

    Raises:
        NotFound: no invitation has this token.
        NotNow: it was used, cancelled or has expired (code "invitation-closed").
        NotAllowed: it was sent to another address (code "invited-address").
    """
    with transaction.atomic():
        invitation = _claimed(token, now=now)
        if not selectors.has_confirmed(person, invitation.email):
            raise NotAllowed(
                _("This invitation was sent to another address than those of your account."), code="invited-address"
            )
        return _take_up(invitation, person, now=now)


def accept_with_new_account(
    *, token: str, name: str, password: str, language: str, time_zone: str, now: datetime
) -> User:
    """Take up an invitation by opening an account; the link shows that the address is the person's own.

    Raises:
        NotFound, NotNow: as `accept_invitation`.
        Invalid: the address has an account by now, or a field breaks a rule.
    """
    with transaction.atomic():
        invitation = _claimed(token, now=now)
        person = people.open_account(
            email=invitation.email,
            name=name,
            password=password,
            language=language,
            time_zone=time_zone,
            now=now,
        )
        _take_up(invitation, person, now=now)
    return person


def _unanswered(organisation: Organisation) -> QuerySet[Invitation]:
    return Invitation.objects.filter(organisation=organisation, accepted_at__isnull=True, cancelled_at__isnull=True)


def _claimed(token: str, *, now: datetime) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("organisation")
    invitation = rows.filter(token_hash=selectors.token_hash(token)).first()
    if invitation is None:
        raise NotFound
    if not invitation.is_open(now):
        raise NotNow(_("This invitation was used, taken back, or has expired."), code="invitation-closed")
    return invitation


def _take_up(invitation: Invitation, person: User, *, now: datetime) -> Membership:
    invitation.accepted_at = now
    invitation.accepted_by = person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return people.join(person=person, organisation=invitation.organisation, role=invitation.role, now=now)


def _send(invitation: Invitation, token: str, *, now: datetime) -> None:
    words = {"name": invitation.invited_by.name, "organisation": invitation.organisation.name}
    body = _(
        "%(name)s invites you to join %(organisation)s on the ekip Engine, where partners write, review and "
        "publish recommendations together.\n\nThe link below is yours alone and works for %(days)s days. If you "
        "expected no invitation, leave this mail unanswered: nothing happens."
    ) % {**words, "days": LASTS.days}
    mail = EmailMessage(
        subject=letters.one_line(_("%(name)s invites you to join %(organisation)s") % words),
        body=letters.letter(name="", body=body, path=reverse("partners:invitation", args=[token])),
        to=[invitation.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except OSError as error:
        logger.warning("an invitation could not be sent: %s", error)
        Invitation.objects.filter(pk=invitation.pk).update(cancelled_at=now)
        raise Invalid(
            _("The mail could not be sent, so nobody is invited yet. Try again in a few minutes."), code="mail-not-sent"
        ) from error
