"""Named questions about what a person may do with people and organisations. Unsaid means no."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ekip.shared.verdicts import Allowed, Denied, Verdict
from partners.models import Membership, Organisation, RoleGrant, User
from partners.models.people import BODY


def holds_role(person: User, *roles: str, scope: str = "") -> bool:
    """Whether the person holds one of `roles` (`RoleGrant.Role` values) in `scope` now.

    A grant for the whole platform covers every scope; `scope=""` asks for a grant for the whole platform.
    """
    if not person.is_authenticated:
        return False
    grants = RoleGrant.objects.filter(person=person, role__in=roles, ended_at__isnull=True)
    return grants.filter(Q(scope="") | Q(scope=scope)).exists()


def sits_on(person: User, body: str) -> bool:
    """Whether the person is a decider in the decision body of that key. A role for the whole platform is none in it."""
    if not person.is_authenticated:
        return False
    grants = RoleGrant.objects.filter(person=person, role=RoleGrant.Role.DECIDER, ended_at__isnull=True)
    return grants.filter(scope=f"{BODY}{body}").exists()


def drafting_organisations(person: User) -> QuerySet[Organisation]:
    """The organisations for which the person may draft now: live memberships as drafter or manager."""
    if not person.is_authenticated:
        return Organisation.objects.none()
    return Organisation.objects.filter(
        memberships__person=person,
        memberships__ended_at__isnull=True,
        memberships__role__in=[Membership.Role.DRAFTER, Membership.Role.MANAGER],
    )


def may_manage(person: User, organisation: Organisation) -> Verdict:
    """Whether the person may keep the organisation's members: its managers, and administrators.

    Who does not belong to the organisation may not know of its members page at all.
    """
    if not person.is_authenticated:
        return Denied(_("Sign in first."), code="not-signed-in", kind="hidden")
    if person.is_staff:
        return Allowed()
    membership = Membership.objects.filter(person=person, organisation=organisation, ended_at__isnull=True).first()
    if membership is None:
        return Denied(_("You do not belong to this organisation."), code="not-a-member", kind="hidden")
    if membership.role != Membership.Role.MANAGER:
        return Denied(_("Only a manager of the organisation keeps its members."), code="not-a-manager")
    return Allowed()


def may_end(person: User, membership: Membership) -> Verdict:
    """Whether the person may end this membership: their own, or as a manager of the organisation."""
    if person.is_authenticated and membership.person_id == person.pk:
        return Allowed()
    return may_manage(person, membership.organisation)


def may_grant_roles(person: User) -> Verdict:
    """Whether the person may give and end role grants: administrators only."""
    if person.is_authenticated and person.is_staff:
        return Allowed()
    return Denied(_("Only an administrator gives and ends roles."), code="not-an-administrator")


def may_keep_deliveries(person: User) -> Verdict:
    """Whether the person may see which mail did not arrive: administrators, and coordinators of the whole platform.

    Nobody else may know of the page.
    """
    if person.is_authenticated and person.is_staff:
        return Allowed()
    if holds_role(person, RoleGrant.Role.COORDINATOR, RoleGrant.Role.DEPUTY):
        return Allowed()
    return Denied(_("Only administrators and coordinators of the platform see this."), code="hidden", kind="hidden")


def needs_second_factor(person: User) -> bool:
    """Whether the person's powers demand a second factor: administrators and holders of a live role grant."""
    if not person.is_authenticated:
        return False
    if person.is_staff or person.is_superuser:
        return True
    return RoleGrant.objects.filter(person=person, ended_at__isnull=True).exists()
