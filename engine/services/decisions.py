"""Deciding: a validated command, recorded with what was known when it was taken."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid, NotNow
from engine.models import Decision, Disposition, Point, Review, Round, Run, Visit
from engine.models.definitions import definition_of
from engine.permissions import decides_for, may_decide, ties_of
from engine.process.chain import digest
from engine.process.conflicts import bars
from engine.process.tally import ReviewFacts, Tally, tally
from engine.process.values import Transition
from engine.services.events import NewEvent, append_events
from engine.services.rounds import lock_run
from engine.services.transition import Ask, transition
from partners.models import RoleGrant, User
from partners.models.people import BODY
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

    `successor_id` is the edition that takes the place of the one superseded or withdrawn.

    Raises:
        NotFound: nothing that this person may know of.
        NotAllowed: a conflict of interest bars the person.
        NotNow: the stage has moved on; `context["kept"]` holds the typed reason.
        Invalid: no outcome, no reason, or no edition that can take the place.
    """
    run = lock_run(proposal_id)
    try:
        may_decide(person, run.proposal).enforce()
        visit = _open_visit(run, visit_id)
    except NotNow as refusal:
        refusal.context["kept"] = {str(_("Reason")): reason}
        raise
    way = _complete(_way(run, visit, outcome, person), reason)
    # Who knows most of it could guess the rest from a digest: the salt stands beside it, and is told with it only.
    known = inputs(run, way.body) | {"salt": secrets.token_hex(16)}
    decision = Decision.objects.create(
        visit=visit,
        revision=Revision.objects.filter(proposal=run.proposal_id).order_by("-number")[0],
        outcome=outcome,
        reason=reason.strip(),
        inputs=known,
        decided_by=person,
        decided_at=now,
    )
    data = {"decision": decision.pk, "outcome": outcome, "revision": decision.revision.content_hash}
    data["inputs"] = digest(known)
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


def inputs(run: Run, body: str = "") -> dict[str, Any]:
    """What is known when a decision is taken: who may decide, who is barred, quorum, scores, points, revision.

    With `body` those who sit on it may decide.
    """
    if body:
        holders = RoleGrant.objects.filter(role=RoleGrant.Role.DECIDER, scope=f"{BODY}{body}")
    else:
        scopes = ("", f"area:{run.proposal.area.slug}")
        holders = RoleGrant.objects.filter(role__in=("decider", "coordinator", "deputy"), scope__in=scopes)
    deciders = list(holders.filter(ended_at=None).values_list("person_id", flat=True).distinct())
    found = ties_of(deciders, run.proposal)
    barred = sorted(person for person in deciders if bars(found[person]))
    counted = tally_of(run)
    rounds = Round.objects.filter(visit__run=run, closed_at__isnull=False)
    points = Point.objects.filter(review__assignment__round__in=rounds, review__submitted_at__isnull=False)
    revision = Revision.objects.filter(proposal=run.proposal_id).order_by("-number")[0]
    return ({"body": body} if body else {}) | {
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


def _way(run: Run, visit: Visit, outcome: str, person: User) -> Transition | None:
    """The way that the outcome names, if the person decides for the body that takes it."""
    way = definition_of(run.version_id).stage(visit.stage).transition(outcome)
    if way is None or way.by != "decider" or not decides_for(person, run.proposal, [way.body]):
        return None
    return way


def _complete(way: Transition | None, reason: str) -> Transition:
    """The way, if there is one and its reason is written."""
    errors: dict[str, list[str]] = {}
    if way is None:
        errors["outcome"] = [_("Choose what you decide.")]
    if not reason.strip():
        errors["reason"] = [_("Give a reason; all who took part will read it.")]
    elif len(reason) > LONGEST_REASON:
        errors["reason"] = [_("This is longer than %(n)d characters.") % {"n": LONGEST_REASON}]
    if way is None or errors:
        raise Invalid(errors=errors)
    return way
