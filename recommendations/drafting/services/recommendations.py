"""The recommendations of a proposal."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from ekip.shared.errors import EditConflict, NotFound
from partners.models import User
from recommendations.content import Blocks
from recommendations.drafting import limits
from recommendations.drafting.locking import locked_for_edit, mark_changed
from recommendations.entries import Entries
from recommendations.keys import new_key
from recommendations.models import (
    BuildingBlock,
    Evidence,
    Level,
    Proposal,
    Recommendation,
    Revision,
    TargetActor,
)


@dataclass(frozen=True)
class RecommendationDraft:
    """What a person enters for one recommendation; lists hold keys, of the vocabularies and of the evidence."""

    statement: str
    rationale: Blocks = field(default_factory=list)
    guideline: Blocks = field(default_factory=list)
    levels: Sequence[str] = ()
    target_actors: Sequence[str] = ()
    building_blocks: Sequence[str] = ()
    evidence: Sequence[str] = ()


@transaction.atomic
def add_recommendation(*, proposal_id: int, person: User, draft: RecommendationDraft, now: datetime) -> Recommendation:
    """Add a recommendation at the end; its key is made from the statement and never changes.

    Raises:
        NotFound, NotAllowed, NotNow: see `locked_for_edit`.
        Invalid: a faulty field, or the proposal has as many as it can.
    """
    kept = asdict(draft)
    proposal = locked_for_edit(proposal_id, person, **kept)
    entries = Entries()
    if proposal.recommendations.count() >= limits.RECOMMENDATIONS:
        message = _("A proposal has at most %(most)s recommendations.") % {"most": limits.RECOMMENDATIONS}
        entries.fault("statement", "too-many", message)
    checked = _checked(proposal, draft, entries)
    entries.enforce(**kept)
    last = proposal.recommendations.aggregate(last=Max("position"))["last"] or 0
    recommendation = Recommendation(
        proposal=proposal,
        key=new_key(checked.statement, fallback="recommendation", taken=lambda key: _is_taken(proposal, key)),
        position=last + 1,
        version=0,
    )
    return _stored(recommendation, checked, now)


@transaction.atomic
def save_recommendation(
    *, proposal_id: int, key: str, person: User, draft: RecommendationDraft, version: int, now: datetime
) -> Recommendation:
    """Store a changed recommendation, if nobody saved it since `version`.

    Raises:
        NotFound, NotAllowed, NotNow: see `locked_for_edit`; NotFound also for one that does not exist.
        EditConflict: somebody did; carries `theirs` (as stored) and `kept` (what was typed).
        Invalid: a faulty field.
    """
    kept = asdict(draft)
    proposal = locked_for_edit(proposal_id, person, **kept)
    recommendation = _found(proposal, key)
    if recommendation.version != version:
        raise EditConflict(theirs=recommendation, kept=kept)
    entries = Entries()
    checked = _checked(proposal, draft, entries)
    entries.enforce(**kept)
    return _stored(recommendation, checked, now)


@transaction.atomic
def remove_recommendation(*, proposal_id: int, key: str, person: User, now: datetime) -> None:
    """Take a recommendation out; those after it move up.

    Raises:
        NotFound, NotAllowed, NotNow: see `locked_for_edit`; NotFound also for one that does not exist.
    """
    proposal = locked_for_edit(proposal_id, person)
    _found(proposal, key).delete()
    _number(list(proposal.recommendations.all()))
    mark_changed(proposal, now)


@transaction.atomic
def move_recommendation(*, proposal_id: int, key: str, person: User, position: int, now: datetime) -> None:
    """Put a recommendation at `position`, counted from 1; beyond the ends means the end.

    Raises:
        NotFound, NotAllowed, NotNow: see `locked_for_edit`; NotFound also for one that does not exist.
    """
    proposal = locked_for_edit(proposal_id, person)
    moved = _found(proposal, key)
    others = [row for row in proposal.recommendations.all() if row.pk != moved.pk]
    others.insert(max(position, 1) - 1, moved)
    _number(others)
    mark_changed(proposal, now)


def _found(proposal: Proposal, key: str) -> Recommendation:
    recommendation = proposal.recommendations.filter(key=key).first()
    if recommendation is None:
        raise NotFound
    return recommendation


def _checked(proposal: Proposal, draft: RecommendationDraft, entries: Entries) -> RecommendationDraft:
    return RecommendationDraft(
        statement=entries.line("statement", draft.statement, most=limits.STATEMENT),
        rationale=entries.blocks("rationale", draft.rationale, most=limits.PASSAGE_BYTES),
        guideline=entries.blocks("guideline", draft.guideline, most=limits.PASSAGE_BYTES),
        levels=entries.several("levels", draft.levels, Level.values),
        target_actors=entries.several(
            "target_actors", draft.target_actors, list(TargetActor.objects.values_list("key", flat=True))
        ),
        building_blocks=entries.several(
            "building_blocks", draft.building_blocks, list(BuildingBlock.objects.values_list("key", flat=True))
        ),
        evidence=entries.several("evidence", draft.evidence, list(proposal.evidence.values_list("key", flat=True))),
    )


def _stored(recommendation: Recommendation, draft: RecommendationDraft, now: datetime) -> Recommendation:
    recommendation.statement = draft.statement
    recommendation.rationale, recommendation.guideline = draft.rationale, draft.guideline
    recommendation.levels = list(draft.levels)
    recommendation.version += 1
    recommendation.save()
    proposal = recommendation.proposal
    recommendation.target_actors.set(TargetActor.objects.filter(key__in=draft.target_actors))
    recommendation.building_blocks.set(BuildingBlock.objects.filter(key__in=draft.building_blocks))
    recommendation.evidence.set(Evidence.objects.filter(proposal=proposal, key__in=draft.evidence))
    mark_changed(proposal, now)
    return recommendation


def _is_taken(proposal: Proposal, key: str) -> bool:
    """A key of a removed recommendation stays taken once a revision has named it: readers may hold on to it."""
    named = {"recommendations": [{"key": key}]}
    return (
        proposal.recommendations.filter(key=key).exists()
        or Revision.objects.filter(proposal=proposal, content__contains=named).exists()
    )


def _number(rows: list[Recommendation]) -> None:
    for position, row in enumerate(rows, start=1):
        row.position = position
    Recommendation.objects.bulk_update(rows, ["position"])
