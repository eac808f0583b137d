"""Starting a proposal: the draft, and the run that carries it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ekip.shared.errors import Invalid, NotAllowed, NotNow
from engine.models import ProcessDefinition, ProcessVersion, Run
from engine.models.definitions import definition_of
from engine.selectors.versions import offered_versions
from engine.services.events import NewEvent, append_events
from engine.services.record import begin
from engine.services.transition import transition
from partners.models import User
from partners.models.people import BODY
from partners.permissions import drafting_organisations
from recommendations import access
from recommendations.areas.eligibility import is_eligible
from recommendations.drafting import services as drafting
from recommendations.models import Grant, PolicyArea, Proposal

NOT_OFFERED = gettext_lazy("This process is no longer offered as it was. Choose one of those that are.")
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
    version_id: int | None = None,
) -> Proposal:
    """Start a proposal in a selected policy area for an organisation that the person drafts for, and open its run.

    The run follows the offered version of a process that `version_id` names, or the first that is offered.
    Without a published briefing of the area the run waits, and the draft opens when the briefing is there.

    Raises:
        NotAllowed: the person does not draft for that organisation.
        NotNow: the area is not selected, or too few sources support it, or no process is offered.
        Invalid: title or language break a rule, or that version is not offered any more.
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
    if not is_eligible(area.sources.count()):
        raise NotNow(_("Fewer sources support the policy area than the process asks for."), code="area-not-supported")
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
    run = open_run(proposal, person=person, version_id=version_id, now=now)
    if transition([run.pk], now=now).set_aside:
        raise RuntimeError(f"the run of proposal {proposal.pk} cannot begin")
    return proposal


def open_run(proposal: Proposal, *, person: User, version_id: int | None = None, now: datetime) -> Run:
    """Open the run of a proposal, pinned to an offered version of a process.

    Raises:
        NotNow: no process is offered.
        Invalid: the version is not offered any more.
    """
    version = _offered(version_id)
    run = Run.objects.create(proposal=proposal, version=version, opened_at=now)
    begin(run, now=now)
    give_oversight(run, now=now)
    append_events([NewEvent(run.pk, "run-opened", person.pk, {"version": version.content_hash})], now=now)
    return run


def give_oversight(run: Run, *, now: datetime) -> None:
    """Let those oversee the run of whom `overseers` tells; giving it again is harmless."""
    access.give(
        [access.NewGrant(run.proposal_id, Grant.Right.OVERSEE, source, role=role) for role, source in overseers(run)],
        now=now,
    )


def overseers(run: Run) -> list[tuple[str, str]]:
    """Who oversees a run, as role and source of a grant: the platform roles, and the decision bodies of its process."""
    bodies = [("decider", f"{BODY}{body.key}") for body in definition_of(run.version_id).bodies]
    return [*((role, f"run:{run.pk}") for role in OVERSEERS), *bodies]


def _offered(version_id: int | None) -> ProcessVersion:
    """That version, or the first that is offered, under the locks that whoever withdraws or publishes one takes."""
    list(ProcessDefinition.objects.select_for_update(no_key=True).order_by("pk"))
    offered = offered_versions()
    if not offered:
        raise NotNow(_("No process is offered at present. A coordinator publishes one."), code="no-process")
    chosen = next((each for each in offered if version_id in (None, each.pk)), None)
    if chosen is None:
        raise Invalid(errors={"process": [str(NOT_OFFERED)]}, code="process-not-offered")
    return chosen
