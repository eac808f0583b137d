"""Where a proposal is: the stage bar, who must act, and by when. A run may stand at several stages at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engine.models import Event, Pause, Round, Run, Timer, Visit
from engine.models.definitions import definition_of
from engine.process.course import course
from engine.process.values import Definition, Stage
from engine.selectors.pauses import open_pause
from partners.models import User
from recommendations.models import Proposal

TEST = _("test the draft locally")
BRIEFING = _("write the research briefing")
WORK: dict[str, Promise] = {
    "investigate": _("research the policy area"),
    "draft": _("write the text and submit it"),
    "review": _("read and review the frozen text"),
    "consult": _("read and comment on the text"),
    "test": TEST,
    "revise": _("answer the points and revise the text"),
    "decide": _("weigh the advice and decide"),
    "correct": _("mend the text"),
}
WHO: dict[str, Promise] = {
    "research partners": pgettext_lazy("who acts", "research partners"),
    "authors": pgettext_lazy("who acts", "authors"),
    "reviewers": pgettext_lazy("who acts", "reviewers"),
    "cities": pgettext_lazy("who acts", "cities"),
    "deciders": pgettext_lazy("who acts", "deciders"),
    "coordinators": pgettext_lazy("who acts", "coordinators"),
    "deputies": pgettext_lazy("who acts", "deputies"),
    "everyone": pgettext_lazy("who acts", "everyone"),
    "platform": pgettext_lazy("who acts", "nobody; the platform publishes"),
    "cities and deciders": pgettext_lazy("who acts", "cities; deciders correct or withdraw"),
}


@dataclass(frozen=True)
class StageMark:
    """One stage in the bar; `state` is "done", "current" or "next"."""

    key: str
    label: str
    state: str


@dataclass(frozen=True)
class StagePosition:
    """One open visit: who must do what there, by when, and what follows. `visit_id` goes into every command on it."""

    stage: Stage
    visit_id: int
    who: str | Promise
    what: str | Promise
    due_at: datetime | None
    round: Round | None
    paused_at: datetime | None = None
    then: str = ""

    @property
    def awaits_round(self) -> bool:
        """Whether a round has to be opened here."""
        return self.stage.round is not None and self.round is None


@dataclass(frozen=True)
class RunView:
    """A run as its pages show it; `positions` are its open visits, none when it has ended; `pause` is an open one."""

    run: Run
    definition: Definition
    steps: tuple[tuple[StageMark, ...], ...]
    positions: tuple[StagePosition, ...]
    pause: Pause | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing can happen any more."""
        return not self.positions

    @property
    def awaits_briefing(self) -> bool:
        """Whether drafting opens only when the research briefing of the policy area is published."""
        return any(at.stage.awaits("briefed") for at in self.positions)

    @property
    def is_judged(self) -> bool:
        """Whether somebody judges the frozen text now."""
        judging = {"review", "consult", "test", "decide"}
        return any(judging & at.stage.capabilities and not at.stage.is_open_ended for at in self.positions)

    @property
    def bar(self) -> dict[str, Any]:
        """What `components/stage_bar.html` wants."""
        acting = [each for each in self.positions if each.who]
        resting = [each.stage.description for each in self.positions if not each.who]
        if self.has_ended:
            resting = [str(_("It has ended here. Nothing follows."))]
        return {
            "steps": self.steps,
            "acts": acting,
            "rest": () if acting else resting,
            "is_parallel": len(self.positions) > 1,
        }

    def offering(self, kind: str, by: str) -> StagePosition | None:
        """The first position from which such a way leads; None when there is none."""
        return next((at for at in self.positions if at.stage.way(kind, by)), None)

    def deciding(self, bodies: Collection[str] = ()) -> StagePosition | None:
        """The first position at which somebody may decide, of those of these decision bodies if there are any."""
        found = [at for at in self.positions if "decide" in at.stage.capabilities]
        theirs = (at for at in found if any(way.body in bodies for way in at.stage.transitions if way.by == "decider"))
        return next(theirs, next(iter(found), None))

    def holding_round(self, stage: str = "", visit: str = "") -> StagePosition | None:
        """The position of that visit, or of that stage, if it has a round; else the first that waits for one."""
        with_round = [at for at in self.positions if at.stage.round]
        if named := next((at for at in with_round if str(at.visit_id) == visit), None):
            return named
        if stage:
            return next((at for at in with_round if at.stage.key == stage), None)
        return next((at for at in with_round if at.awaits_round), next(iter(with_round), None))


def run_view(proposal: Proposal) -> RunView:
    """The run of a proposal, with its stage bar. Five queries."""
    run = Run.objects.select_related("publication", "version__definition").get(proposal=proposal)
    definition = definition_of(run.version_id)
    visits = list(Visit.objects.filter(run=run).order_by("number"))
    here = [visit for visit in visits if visit.left_at is None]
    rounds = {each.visit_id: each for each in Round.objects.filter(visit__in=here, closed_at=None, cancelled_at=None)}
    dues = first_dues(here)
    pause = open_pause(run)
    open_stages = {visit.stage for visit in here} or {visits[-1].stage}
    return RunView(
        run=run,
        definition=definition,
        steps=stage_marks(definition, open_stages, {visit.stage for visit in visits}),
        positions=tuple(
            _position(
                definition.stage(visit.stage),
                visit,
                rounds.get(visit.pk),
                dues.get(visit.pk),
                pause,
                then=_then(definition, definition.stage(visit.stage)),
            )
            for visit in here
            if not definition.stage(visit.stage).is_end
        ),
        pause=pause,
    )


def who_acts(stage: Stage, *, has_open_round: bool) -> tuple[str | Promise, str | Promise]:
    """Who must act in a stage, and what they must do; nothing where nobody is waited for."""
    if stage.kind not in WORK:
        return "", ""
    if stage.round and not has_open_round:
        return WHO["coordinators"], _("open the round")
    return WHO.get(stage.who, stage.who), _work(stage)


def _work(stage: Stage) -> str | Promise:
    if stage.awaits("briefed"):
        return BRIEFING
    return TEST if "test" in stage.capabilities else WORK[stage.kind]


def stage_marks(
    definition: Definition, current: Collection[str], passed: Collection[str]
) -> tuple[tuple[StageMark, ...], ...]:
    """The steps of the course, stages beside each other together; `current` are open, `passed` were ever entered.

    A run that stands beside the course shows what it passed and where it stands.
    """
    steps = course(definition)
    at = next((n for n, step in enumerate(steps) if any(stage.key in current for stage in step)), None)
    if at is None:
        done = [[StageMark(each.key, each.label, "done") for each in step if each.key in passed] for step in steps]
        here = tuple(StageMark(key, definition.stage(key).label, "current") for key in sorted(current))
        return (*(tuple(step) for step in done if step), here)
    return tuple(
        tuple(StageMark(each.key, each.label, _state(each.key, n, at, current, passed)) for each in step)
        for n, step in enumerate(steps)
    )


def first_dues(visits: Iterable[Visit]) -> Mapping[int, datetime]:
    """When the first timer of each visit is due, by visit id; since then, if it has fired, the stage is overdue.

    One query.
    """
    rows = Timer.objects.filter(visit__in=list(visits), cancelled_at=None).values_list("visit")
    return dict(rows.annotate(due=Min("due_at")))


def was_done_by(person: User, visit_id: int, *, kind: str = "", transition: str = "") -> bool:
    """Whether this very person already took the visit onward in that way: then a repeated command is no news."""
    visit = Visit.objects.filter(pk=visit_id, left_at__isnull=False).first()
    if visit is None:
        return False
    moves = Event.objects.filter(run=visit.run_id, kind="moved", actor=person, at=visit.left_at)
    wanted = (
        {"from": visit.stage} | ({"kind": kind} if kind else {}) | ({"transition": transition} if transition else {})
    )
    return moves.filter(data__contains=wanted).exists()


def _then(definition: Definition, stage: Stage) -> str:
    """The stages to which the way on leads, in words."""
    way = next((each for each in stage.transitions if each.kind == "advance"), None)
    return ", ".join(definition.stage(key).label for key in way.enters) if way else ""


def _position(
    stage: Stage, visit: Visit, round: Round | None, due: datetime | None, pause: Pause | None, *, then: str
) -> StagePosition:
    who, what = who_acts(stage, has_open_round=round is not None)
    paused_at = pause.began_at if pause else None
    return StagePosition(stage, visit.pk, who, what, round.closes_at if round else due, round, paused_at, then)


def _state(key: str, step: int, at: int, current: Collection[str], passed: Collection[str]) -> str:
    if key in current:
        return "current"
    # Beside a branch that is still open, one that was passed waits at the join.
    return "done" if step < at or (step == at and key in passed) else "next"
