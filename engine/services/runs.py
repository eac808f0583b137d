"""Starting a proposal: the draft, and the run that carries it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid, NotAllowed, NotNow
from engine.models import ProcessVersion, Run, Visit
from engine.models.definitions import definition_of
from engine.services.events import NewEvent, append_events
from engine.services.record import set_openings, start_timers
from engine.services.transition import transition
from partners.models import User
from partners.permissions import drafting_organisations
from recommendations import access
from recommendations.drafting import services as drafting
from recommendations.models import Grant, PolicyArea, Proposal

OVERSEERS = ("coordinator", "deputy", "decider")


@transaction.atomic
def start(
    *,
    person: User,
    title: str,
    area_id: int,
    lead_organisation_id: int,
    language: str,
    summary: str = "",
    now: datetime,
    is_example: bool = False,
) -> Proposal:
    """Start a proposal in a selected policy area for an organisation that the person drafts for, and open its run.

    Raises:
        NotAllowed: the person does not draft for that organisation.
        NotNow: the area is not selected, or too few sources support it.
        Invalid: title or language break a rule.
        RuntimeError: the first step of the process failed; nothing is stored.
    """
    organisation = drafting_organisations(person).filter(pk=lead_organisation_id).first()
    if organisation is None:
        raise NotAllowed(_("You do not draft for this organisation."), code="not-a-drafter")
    area = PolicyArea.objects.select_for_update().filter(pk=area_id).first()
    if area is None:
        raise Invalid(errors={"area": [_("Choose a policy area.")]})
    if area.selected_at is None:
        raise NotNow(_("This policy area has not been selected."), code="area-not-selected")
    proposal = drafting.start_proposal(
        person=person,
        title=title,
        area=area,
        lead_organisation=organisation,
        language=language,
        summary=summary,
        now=now,
        is_example=is_example,
    )
    run = open_run(proposal, person=person, now=now)
    if transition([run.pk], now=now).set_aside:
        raise RuntimeError(f"the run of proposal {proposal.pk} cannot begin")
    if not access.is_open(proposal.pk, "edit"):
        raise NotNow(_("Fewer sources support the policy area than the process asks for."), code="area-not-supported")
    return proposal


def open_run(proposal: Proposal, *, person: User, now: datetime) -> Run:
    """Open the run of a proposal, pinned to the newest version of the process."""
    version = ProcessVersion.objects.order_by("-published_at", "-pk").first()
    if version is None:
        raise NotNow(_("No process has been published yet; run load_reference."), code="no-process")
    run = Run.objects.create(proposal=proposal, version=version, opened_at=now)
    visit = Visit.objects.create(run=run, stage=definition_of(version.pk).start.key, number=1, entered_at=now)
    access.give(
        [access.NewGrant(proposal.pk, Grant.Right.OVERSEE, f"run:{run.pk}", role=role) for role in OVERSEERS], now=now
    )
    start_timers([visit])
    set_openings([run])
    append_events([NewEvent(run.pk, "run-opened", person.pk, {"version": version.content_hash})], now=now)
    return run
