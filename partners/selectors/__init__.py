"""Reads about people, organisations and invitations. A row is reached through what the person may know of."""

import hashlib
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db.models import QuerySet

from ekip.shared.errors import NotFound
from partners.models import Invitation, Membership, Organisation, RoleGrant, User


def organisation_by_slug(slug: str) -> Organisation:
    """The organisation; NotFound when there is none."""
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        raise NotFound
    return organisation


def live_members(organisation: Organisation) -> QuerySet[Membership]:
    """The live memberships of the organisation with their people, by name."""
    rows = Membership.objects.filter(organisation=organisation, ended_at__isnull=True)
    return rows.select_related("person").order_by("person__sort_key", "pk")


def live_member(organisation: Organisation, membership_id: int) -> Membership:
    """One live membership of the organisation; NotFound when there is none."""
    membership = live_members(organisation).filter(pk=membership_id).select_related("organisation").first()
    if membership is None:
        raise NotFound
    return membership


def is_last_manager(membership: Membership) -> bool:
    """Whether nobody else is a manager of the membership's organisation."""
    if membership.role != Membership.Role.MANAGER:
        return False
    managers = live_members(membership.organisation).filter(role=Membership.Role.MANAGER)
    return not managers.exclude(pk=membership.pk).exists()


def live_memberships(person: User) -> QuerySet[Membership]:
    """The person's live memberships with their organisations, by name."""
    rows = Membership.objects.filter(person=person, ended_at__isnull=True)
    return rows.select_related("organisation").order_by("organisation__sort_key", "pk")


def live_role_grants(person: User) -> QuerySet[RoleGrant]:
    """The person's live role grants."""
    return RoleGrant.objects.filter(person=person, ended_at__isnull=True).order_by("role", "scope")


def open_invitations(organisation: Organisation, *, now: datetime) -> QuerySet[Invitation]:
    """The organisation's invitations that can still be taken up, newest first."""
    rows = Invitation.objects.filter(
        organisation=organisation, accepted_at__isnull=True, cancelled_at__isnull=True, expires_at__gt=now
    )
    return rows.select_related("invited_by").order_by("-invited_at", "-pk")


def token_hash(token: str) -> str:
    """What is stored of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_by_token(token: str) -> Invitation:
    """The invitation that was sent with `token`, open or not; NotFound when there is none."""
    rows = Invitation.objects.select_related("organisation", "invited_by")
    invitation = rows.filter(token_hash=token_hash(token)).first()
    if invitation is None:
        raise NotFound
    return invitation


def account_with_address(email: str) -> User | None:
    """The account that signs in with the address, or None."""
    person = User.objects.filter(email=email.lower()).first()
    if person is not None:
        return person
    return User.objects.filter(emailaddress__email__iexact=email, emailaddress__verified=True).first()


def has_confirmed(person: User, email: str) -> bool:
    """Whether the person has shown that mail to the address reaches them."""
    return EmailAddress.objects.filter(user=person, email__iexact=email, verified=True).exists()


def has_second_factor(person: User) -> bool:
    """Whether the person signs in with an authenticator app or a key (recovery codes alone do not count)."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user=person, type__in=kinds).exists()


def has_unreadable_key(person: User) -> bool:
    """Whether a security key of the person is stored in a form that nobody can read: then none of them can be asked."""
    for key in Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN):
        try:
            WebAuthn(key).authenticator_data  # noqa: B018 - reading it is the question
        except Exception:  # whatever reading raises, the key cannot be asked
            return True
    return False
