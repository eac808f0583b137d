"""People: opening an account, joining and leaving an organisation, role grants."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid, NotAllowed, NotFound
from partners import permissions, selectors
from partners.languages import ENGLISH
from partners.models import Membership, Organisation, RoleGrant, User
from partners.models.people import BODY
from partners.services import outbox
from partners.services.letters import one_line


def open_account(
    *,
    email: str,
    name: str,
    password: str | None,
    now: datetime,
    language: str = ENGLISH.tag,
    time_zone: str = ENGLISH.zone,
    is_staff: bool = False,
    is_example: bool = False,
) -> User:
    """Make an account whose address counts as confirmed; `password=None` leaves the person to choose one by mail.

    Only for addresses that are known to reach the person: by an invitation's link, or typed by an administrator.

    Raises:
        Invalid: the address is none or has an account; the name is empty; the zone does not exist.
    """
    email = checked_address(email)
    if selectors.account_with_address(email) is not None:
        raise Invalid(errors={"email": [_("There is an account with this address.")]})
    person = User(
        email=email,
        name=one_line(name),
        language=language,
        time_zone=time_zone,
        is_staff=is_staff,
        is_superuser=is_staff,
        is_example=is_example,
        joined_at=now,
    )
    person.set_password(password)
    try:
        person.full_clean()
    except ValidationError as error:
        raise Invalid(errors=error.message_dict) from error
    with transaction.atomic():
        person.save()
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def join(*, person: User, organisation: Organisation, role: str, now: datetime) -> Membership:
    """Make the person a member of the organisation; a live membership stays as it is.

    Raises:
        Invalid: `role` is no membership role.
    """
    _check_role(role, Membership.Role.values)
    membership, _created = Membership.objects.get_or_create(
        person=person, organisation=organisation, ended_at=None, defaults={"role": role, "started_at": now}
    )
    return membership


def change_role(*, membership_id: int, role: str, by: User, now: datetime) -> Membership:
    """Give a live member another role, as a manager; the person is told.

    Raises:
        NotFound, NotAllowed: `by` may not keep the organisation's members.
        NotAllowed: the organisation would be left without a manager (code "last-manager").
        Invalid: `role` is no membership role.
    """
    _check_role(role, Membership.Role.values)
    with transaction.atomic():
        membership = _locked(membership_id)
        permissions.may_manage(by, membership.organisation).enforce()
        if membership.role == role:
            return membership
        if role != Membership.Role.MANAGER:
            _refuse_last_manager(membership)
        membership.role = role
        membership.save(update_fields=["role"])
        text = _("%(name)s has changed your role in %(organisation)s to: %(role)s.") % {
            "name": by.name,
            "organisation": membership.organisation,
            "role": membership.get_role_display(),
        }
        _tell_member(membership, by, kind="membership-role", at=now, text=text)
    return membership


def leave(*, membership_id: int, by: User, now: datetime) -> Membership:
    """End a live membership: one's own, or as a manager; who is removed is told.

    Raises:
        NotFound, NotAllowed: `by` is neither the member nor a manager.
        NotAllowed: the organisation would be left without a manager (code "last-manager").
    """
    with transaction.atomic():
        membership = _locked(membership_id)
        permissions.may_end(by, membership).enforce()
        _refuse_last_manager(membership)
        membership.ended_at = now
        membership.save(update_fields=["ended_at"])
        text = _("%(name)s has ended your membership in %(organisation)s.") % {
            "name": by.name,
            "organisation": membership.organisation,
        }
        _tell_member(membership, by, kind="membership-ended", at=now, text=text)
    return membership


def grant_role(*, person: User, role: str, now: datetime, scope: str = "", granted_by: User | None = None) -> RoleGrant:
    """Give the person a platform role in `scope` ("", "area:<slug>" or, for a decider, "body:<key>").

    A live grant stays as it is.

    `granted_by=None` is the installation itself (set-up, demonstration); otherwise an administrator, and the
    person is told.

    Raises:
        NotAllowed: `granted_by` is no administrator.
        Invalid: no such role, or no such form of scope.
    """
    try:
        RoleGrant(person=person, role=role, scope=scope).clean_fields(exclude=["granted_by"])
    except ValidationError as error:
        raise Invalid(errors=error.message_dict) from error
    if scope.startswith(BODY) and role != RoleGrant.Role.DECIDER:
        raise Invalid(errors={"scope": [_("Only a decider sits on a decision body.")]})
    if granted_by is not None:
        permissions.may_grant_roles(granted_by).enforce()
    with transaction.atomic():
        grant, created = RoleGrant.objects.get_or_create(
            person=person,
            role=role,
            scope=scope,
            ended_at=None,
            defaults={"granted_by": granted_by, "granted_at": now},
        )
        if created and granted_by is not None:
            text = _("%(name)s has given you this role: %(role)s. Sign in with a second factor to use it.")
            _tell_holder(grant, kind="role-granted", text=text % _words(grant, granted_by), now=now)
    return grant


def end_role(*, grant_id: int, by: User, now: datetime) -> RoleGrant:
    """End a live role grant, as an administrator; the person is told.

    Raises:
        NotAllowed: `by` is no administrator.
        NotFound: there is no such live grant.
    """
    permissions.may_grant_roles(by).enforce()
    with transaction.atomic():
        rows = RoleGrant.objects.select_for_update(of=("self",)).select_related("person")
        grant = rows.filter(pk=grant_id, ended_at__isnull=True).first()
        if grant is None:
            raise NotFound
        grant.ended_at = now
        grant.save(update_fields=["ended_at"])
        text = _("%(name)s has ended this role of yours: %(role)s.")
        _tell_holder(grant, kind="role-ended", text=text % _words(grant, by), now=now)
    return grant


def checked_address(email: str) -> str:
    """`email` without space around it and in lower case; Invalid when it is no address."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(errors={"email": [_("This is not an e-mail address.")]}) from error
    return email


def _check_role(role: str, roles: list[str]) -> None:
    if role not in roles:
        raise Invalid(errors={"role": [_("There is no such role.")]})


def _locked(membership_id: int) -> Membership:
    """The live membership, with its organisation locked: whoever counts its managers does so alone."""
    membership = Membership.objects.filter(pk=membership_id).first()
    if membership is None:
        raise NotFound
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    live = Membership.objects.select_related("organisation", "person").filter(ended_at__isnull=True)
    locked = live.filter(pk=membership_id).first()
    if locked is None:
        raise NotFound
    return locked


def _refuse_last_manager(membership: Membership) -> None:
    if selectors.is_last_manager(membership):
        raise NotAllowed(
            _("This is the only manager of the organisation. Make somebody else a manager first."),
            code="last-manager",
        )


def _tell_member(membership: Membership, by: User, *, kind: str, at: datetime, text: str) -> None:
    if membership.person_id == by.pk:
        return
    cause = f"membership:{membership.pk}:{at.isoformat()}"
    subject = _("Your place in %(organisation)s") % {"organisation": membership.organisation}
    outbox.notify([outbox.Message(membership.person_id, kind, cause, subject, text, "/profile/")], now=at)


def _tell_holder(grant: RoleGrant, *, kind: str, text: str, now: datetime) -> None:
    subject = _("Your roles on the platform")
    outbox.notify(
        [outbox.Message(grant.person_id, kind, f"role-grant:{grant.pk}", subject, text, "/profile/")], now=now
    )


def _words(grant: RoleGrant, by: User) -> dict[str, str]:
    role = grant.get_role_display()
    return {"name": by.name, "role": f"{role} ({grant.scope})" if grant.scope else role}
