"""What a decider weighs: scores, advice, points with their answers, and the revision."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from engine.models import Decision, Review, Round, Run
from engine.selectors.cases import CaseView, case_views
from engine.selectors.frozen import FrozenText, frozen_text
from engine.selectors.points import Ledger, ledger
from engine.selectors.reviews import ReviewView, ScoreLine, review_views, score_lines
from engine.selectors.runs import RunView
from recommendations.library.selectors import successors_of
from recommendations.models import EditionText, Proposal, Revision


@dataclass(frozen=True)
class RoundResult:
    """A closed round: the scores by criterion and its reviews, or the cases of a city test."""

    round: Round
    scores: tuple[ScoreLine, ...]
    reviews: tuple[ReviewView, ...]
    cases: tuple[CaseView, ...] = ()


@dataclass(frozen=True)
class DecisionView:
    """Everything on the decision page."""

    revision: Revision
    text: FrozenText
    rounds: tuple[RoundResult, ...]
    advice: tuple[tuple[str | Promise, int], ...]
    ledger: Ledger


@dataclass(frozen=True)
class Taken:
    """A decision with its outcome in words; `is_withdrawal` says that it took the publication back."""

    decision: Decision
    label: str
    is_withdrawal: bool


def successors_for(run: Run) -> list[tuple[int, str]]:
    """Editions that can take the place of those of the run's publication, newest first: id and words. One query."""
    rows = (
        EditionText.objects.filter(language=F("edition__language"), edition__in=successors_of(run.publication_id))
        .select_related("edition")
        .order_by("-edition__serial")
    )
    numbered = _("%(title)s, edition %(number)s")
    return [(each.edition_id, numbered % {"title": each.title, "number": each.edition.number}) for each in rows]


def newest_decision(run: RunView) -> Taken | None:
    """The last decision that was taken on a run, or None. One query."""
    rows = Decision.objects.filter(visit__run=run.run).select_related("visit", "decided_by")
    decision = rows.order_by("-decided_at", "-pk").first()
    if decision is None:
        return None
    way = run.definition.way(decision.visit.stage, decision.outcome)
    return Taken(decision, way.label if way else decision.outcome, way is not None and "withdraw" in way.effects)


def decision_view(proposal: Proposal, *, page_language: str) -> DecisionView:
    """What is known when a decision is taken. Deciders know the reviewers by name."""
    revision = Revision.objects.filter(proposal=proposal).order_by("-number")[0]
    closed = Round.objects.filter(visit__run__proposal=proposal, closed_at__isnull=False).order_by("opened_at")
    closed = closed.select_related("revision")
    rounds = tuple(_result(round) for round in closed)
    given = Counter(view.review.advice for result in rounds for view in result.reviews if view.review.advice)
    return DecisionView(
        revision=revision,
        text=frozen_text(revision.content, page_language=page_language),
        rounds=rounds,
        advice=tuple((label, given[key]) for key, label in Review.Advice.choices) if given else (),
        ledger=ledger(proposal, page_language=page_language),
    )


def _result(round: Round) -> RoundResult:
    if round.kind == "city-test":
        return RoundResult(round, (), (), tuple(case_views(round, by_name=True)))
    views = review_views(round, by_name=True)
    return RoundResult(round, tuple(score_lines(round, views)), tuple(views))
