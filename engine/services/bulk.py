"""What a coordinator does to many proposals at once: looked at first, then done exactly as it was shown.

Each act says for every run what will happen, or why nothing does. The stamp of a row is made of these words: when it
is confirmed, the words are made anew after the locks, and a row whose words have changed is left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid
from ekip.shared.verdicts import Denied
from engine.models import Run
from engine.permissions import HIDDEN, may_schedule_each
from engine.services.gather import claim
from partners.models import User
from recommendations.drafting.selectors import readable_proposals

MOST = 100


Line = tuple[str, str, tuple[str, int]]
"""What will happen, or (then the first is empty) why it will not, and to what."""


@dataclass(frozen=True)
class Planned:
    """One run: what will happen to it, in lines, and what will not and why. `targets` are what the act works on."""

    run: Run
    will: tuple[str, ...] = ()
    wont: tuple[str, ...] = ()
    targets: tuple[tuple[str, int], ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether anything happens to it."""
        return bool(self.will)

    @property
    def stamp(self) -> str:
        """Made of the words: other words, another stamp."""
        return sha256("\n".join([str(self.run.pk), *self.will, "", *self.wont]).encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Result:
    """What became of one run: "done", "nothing" (as the preview said) or "changed" since the preview."""

    run: Run
    state: str
    lines: tuple[str, ...]


class Act(Protocol):
    """Something that can be done to many runs."""

    def look(self, runs: Sequence[Run], person: User, *, now: datetime) -> dict[int, Planned]:
        """What would happen, by run id; every one of them may be coordinated by the person."""
        ...

    def do(self, planned: Sequence[Planned], person: User, *, now: datetime) -> None:
        """Do it to these, in the present transaction, which holds the locks of their runs."""
        ...


@transaction.atomic
def look_at(act: Act, *, run_ids: Collection[int], person: User, now: datetime) -> list[Planned]:
    """What the act would do to each run, by title. Runs that the person may not know of are left out."""
    return _planned(act, _reachable(run_ids, person), person, now=now)


@transaction.atomic
def carry_out(
    act: Act, *, run_ids: Collection[int], stamps: Mapping[int, str], person: User, now: datetime
) -> list[Result]:
    """Do what the preview showed, and only that, all in one; a row that has changed since is left as it is.

    Raises:
        Invalid: something that the person entered.
    """
    _refuse_too_many(run_ids)
    claim(run_ids, wait=True)
    planned = _planned(act, _reachable(run_ids, person), person, now=now)
    as_shown = [each for each in planned if stamps.get(each.run.pk) == each.stamp]
    act.do([each for each in as_shown if each.is_possible], person, now=now)
    return [_result(each, is_as_shown=each in as_shown) for each in planned]


def _refuse_too_many(run_ids: Collection[int]) -> None:
    if len(set(run_ids)) > MOST:
        raise Invalid(_("Choose at most %(n)d proposals at once.") % {"n": MOST})


def _reachable(run_ids: Collection[int], person: User) -> list[Run]:
    _refuse_too_many(run_ids)
    runs = Run.objects.filter(pk__in=run_ids, proposal__in=readable_proposals(person))
    return list(runs.select_related("proposal__area").order_by("proposal__title", "pk"))


def _planned(act: Act, runs: list[Run], person: User, *, now: datetime) -> list[Planned]:
    verdicts = may_schedule_each(person, [run.proposal for run in runs])
    allowed = [run for run in runs if verdicts[run.proposal_id]]
    found = act.look(allowed, person, now=now) if allowed else {}
    planned = []
    for run in runs:
        verdict = verdicts[run.proposal_id]
        if verdict is HIDDEN:
            planned.append(Planned(run, wont=(_("Only who coordinates this policy area can do this."),)))
        elif isinstance(verdict, Denied):
            planned.append(Planned(run, wont=(str(verdict.reason),)))
        else:
            planned.append(found[run.pk])
    return planned


def _result(planned: Planned, *, is_as_shown: bool) -> Result:
    if not is_as_shown:
        return Result(planned.run, "changed", (*planned.will, *planned.wont))
    if planned.is_possible:
        return Result(planned.run, "done", planned.will)
    return Result(planned.run, "nothing", planned.wont)
