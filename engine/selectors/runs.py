"""Where a proposal is: the stage bar, who must act, and by when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engine.models import Event, Round, Run, Timer, Visit
from engine.models.definitions import definition_of
from engine.process.values import Definition, Stage
from partners.models import User
from recommendations.models import Proposal

WORK: dict[str, Promise] = {
    "investigate": _("research the policy area"),
    "draft": _("write the text and submit it"),
    "review": _("read and review the frozen text"),
    "revise": _("answer the points and revise the text"),
    "decide": _("weigh the advice and decide"),
}
WHO: dict[str, Promise] = {
    "research partners": pgettext_lazy("who acts", "research partners"),
    "authors": pgettext_lazy("who acts", "authors"),
    "reviewers": pgettext_lazy("who acts", "reviewers"),
    "deciders": pgettext_lazy("who acts", "deciders"),
    "coordinators": pgettext_lazy("who acts", "coordinators"),
}


@dataclass(frozen=True)
class StageMark:
    """One stage in the bar; `state` is "done", "current" or "next"."""

    key: str
    label: str
    state: str


@dataclass(frozen=True)
class RunView:
    """A run as its pages show it. `visit_id` goes into every command; None when the run has ended."""

    run: Run
    definition: Definition
    stage: Stage
    stages: tuple[StageMark, ...]
    visit_id: int | None
    who: str | Promise
    what: str | Promise
    due_at: datetime | None

    @property
    def bar(self) -> dict[str, Any]:
        """What `components/stage_bar.html` wants."""
        stages = [{"label": each.label, "state": each.state} for each in self.stages]
        return {"stages": stages, "who": self.who, "what": self.what, "due_at": self.due_at}


def run_view(proposal: Proposal) -> RunView:
    """The run of a proposal, with its stage bar. Four queries."""
    run = Run.objects.select_related("publication").get(proposal=proposal)
    definition = definition_of(run.version_id)
    visits = list(Visit.objects.filter(run=run).order_by("number"))
    here = next((visit for visit in reversed(visits) if visit.left_at is None), visits[-1])
    stage = definition.stage(here.stage)
    rounds = list(Round.objects.filter(visit=here, cancelled_at=None))
    who, what = who_acts(stage, has_open_round=any(each.closed_at is None for each in rounds))
    return RunView(
        run=run,
        definition=definition,
        stage=stage,
        stages=stage_marks(definition, here.stage),
        visit_id=None if stage.is_end else here.pk,
        who=who,
        what=what,
        due_at=None if stage.is_end else _due(here, rounds),
    )


def who_acts(stage: Stage, *, has_open_round: bool) -> tuple[str | Promise, str | Promise]:
    """Who must act in a stage, and what they must do; nothing in an end."""
    if stage.is_end:
        return "", ""
    if stage.round and not has_open_round:
        return WHO["coordinators"], _("open the round")
    return WHO.get(stage.who, stage.who), WORK.get(stage.kind, "")


def main_path(definition: Definition) -> tuple[Stage, ...]:
    """The stages that a run passes when nothing sends it back: from the start along the ways on."""
    path: list[Stage] = []
    stage: Stage | None = definition.start
    while stage is not None and stage not in path:
        path.append(stage)
        onward = next((each for each in stage.transitions if each.kind == "advance"), None)
        stage = definition.stage(onward.to) if onward else None
    return tuple(path)


def stage_marks(definition: Definition, current: str) -> tuple[StageMark, ...]:
    """The stages in order, done up to `current`; a run that ended elsewhere shows where it left the path."""
    path = main_path(definition)
    keys = [stage.key for stage in path]
    if current in keys:
        at = keys.index(current)
        return tuple(
            StageMark(stage.key, stage.label, "done" if n < at else "current" if n == at else "next")
            for n, stage in enumerate(path)
        )
    passed = [StageMark(stage.key, stage.label, "done") for stage in path if not stage.is_end]
    ended = definition.stage(current)
    return (*passed, StageMark(ended.key, ended.label, "current"))


def _due(visit: Visit, rounds: list[Round]) -> datetime | None:
    waiting = [each.closes_at for each in rounds if each.closed_at is None]
    if waiting:
        return min(waiting)
    timer = Timer.objects.filter(visit=visit, fired_at=None, cancelled_at=None).order_by("due_at").first()
    return timer.due_at if timer else None


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
