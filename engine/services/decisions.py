"""Deciding: a validated command, recorded with what was known when it was taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid, NotNow
from engine.models import Decision, Disposition, Point, Review, Round, Run, Visit
from engine.models.definitions import definition_of
from engine.permissions import may_decide, ties_of
from engine.process.conflicts import bars
from engine.process.tally import ReviewFacts, Tally, tally
from engine.services.events import NewEvent, append_events
from engine.services.rounds import lock_run
from engine.services.transition import Ask, transition
from partners.models import RoleGrant, User
from recommendations.models import Revision

LONGEST_REASON = 10_000


@transaction.atomic
def decide(
    *,
    proposal_id: int,
    person: User,
    visit_id: int,
    outcome: str,
    reason: str,
    now: datetime,
    successor_id: int | None = None,
) -> Decision:
    """Decide on the newest revision: `outcome` is the key of a transition that deciders may take from this stage.

    `successor_id` is for a withdrawal: the edition that takes the place of the one withdrawn.

    Raises:
        NotFound: nothing that this person may know of.
        NotAllowed: a conflict of interest bars the person.
        NotNow: the stage has moved on; `context["kept"]` holds the typed reason.
        Invalid: no outcome or no reason.
    """
    run = lock_run(proposal_id)
    try:
        may_decide(person, run.proposal).enforce()
        visit = _open_visit(run, visit_id)
    except NotNow as refusal:
        refusal.context["kept"] = {str(_("Reason")): reason}
        raise
    _refuse_incomplete(run, visit, outcome, reason)
    decision = Decision.objects.create(
        visit=visit,
        revision=Revision.objects.filter(proposal=run.proposal_id).order_by("-number")[0],
        outcome=outcome,
        reason=reason.strip(),
        inputs=inputs(run),
        decided_by=person,
        decided_at=now,
    )
    data = {"decision": decision.pk, "outcome": outcome, "revision": decision.revision.content_hash}
    append_events([NewEvent(run.pk, "decided", person.pk, data, {"reason": decision.reason})], now=now)
    transition([run.pk], now=now, ask=Ask(person, visit_id, outcome, "decider", reason, successor_id))
    return decision


def tally_of(run: Run) -> Tally:
    """What the submitted reviews of the run's closed rounds add up to; barred reviewers do not count."""
    reviews = Review.objects.filter(
        assignment__round__visit__run=run,
        assignment__round__kind="review",
        assignment__round__closed_at__isnull=False,
        assignment__barred_at=None,
        submitted_at__isnull=False,
    ).prefetch_related("answers")
    return tally(
        ReviewFacts({each.criterion: each.score for each in review.answers.all() if each.score}, review.advice)
        for review in reviews
    )


def inputs(run: Run) -> dict[str, Any]:
    """What is known when a decision is taken: who may decide, who is barred, quorum, scores, points, revision."""
    scope = f"area:{run.proposal.area.slug}"
    deciders = list(
        RoleGrant.objects.filter(role__in=("decider", "coordinator", "deputy"), ended_at=None, scope__in=("", scope))
        .values_list("person_id", flat=True)
        .distinct()
    )
    found = ties_of(deciders, run.proposal)
    barred = sorted(person for person in deciders if bars(found[person]))
    counted = tally_of(run)
    rounds = Round.objects.filter(visit__run=run, closed_at__isnull=False)
    points = Point.objects.filter(review__assignment__round__in=rounds, review__submitted_at__isnull=False)
    revision = Revision.objects.filter(proposal=run.proposal_id).order_by("-number")[0]
    return {
        "eligible": sorted(set(deciders) - set(barred)),
        "recused": barred,
        "quorum": {"needed": max((each.quorum for each in rounds), default=0), "submitted": counted.submitted},
        "scores": dict(counted.means),
        "advice": dict(counted.advice),
        "points": {"raised": points.count(), "answered": Disposition.objects.filter(point__in=points).count()},
        "revision": revision.content_hash,
    }


def _open_visit(run: Run, visit_id: int) -> Visit:
    visit = run.visits.filter(pk=visit_id, left_at=None).first()
    if visit is None:
        raise NotNow
    return visit


def _refuse_incomplete(run: Run, visit: Visit, outcome: str, reason: str) -> None:
    errors: dict[str, list[str]] = {}
    way = definition_of(run.version_id).stage(visit.stage).transition(outcome)
    if way is None or way.by != "decider":
        errors["outcome"] = [_("Choose what you decide.")]
    if not reason.strip():
        errors["reason"] = [_("Give a reason; all who took part will read it.")]
    elif len(reason) > LONGEST_REASON:
        errors["reason"] = [_("This is longer than %(n)d characters.") % {"n": LONGEST_REASON}]
    if errors:
        raise Invalid(errors=errors)
