"""Taking a published version of a process out of use."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid, NotFound
from engine.models import ProcessDefinition, ProcessVersion, VersionWithdrawal
from engine.permissions import may_design
from partners.models import User


@transaction.atomic
def withdraw_version(*, version_id: int, person: User, reason: str, now: datetime) -> VersionWithdrawal:
    """Withdraw a version: no new proposal starts on it, and runs on it go on. A second time gives the first.

    Raises:
        NotAllowed: the person does not change processes.
        NotFound: there is no such version.
        Invalid: no reason is given.
    """
    may_design(person).enforce()
    version = ProcessVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise NotFound
    # Whoever starts a proposal holds this lock too.
    ProcessDefinition.objects.select_for_update(no_key=True).get(pk=version.definition_id)
    if stands := VersionWithdrawal.objects.filter(version=version).first():
        return stands
    if not reason.strip():
        raise Invalid(errors={"reason": [_("Write a reason; it stands on the page of the version.")]})
    return VersionWithdrawal.objects.create(version=version, at=now, by=person, reason=reason.strip())
