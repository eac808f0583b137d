"""Whom a reminder may reach now: those concerned by a run whom no conflict bars, and who of them is in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.models import Run
from engine.permissions import barred_among
from engine.process.reminders import Circle
from engine.process.values import Stage
from engine.selectors.recipients import Concerned, concerned
from partners.rhythm import Hours
from partners.services.rhythm import hours_of


@dataclass(frozen=True)
class Circles:
    """The circles of several runs. `hours` and `barred` also speak of the further people who were asked about."""

    concerned: Mapping[int, Concerned]
    barred: frozenset[tuple[int, int]]
    hours: Mapping[int, Hours]
    now: datetime

    def at(self, run: Run, stage: Stage) -> Circle:
        """Those concerned at a stage of the run. A conflict of interest takes nothing from its authors."""
        by_name = {
            name: people if name == "authors" else self.unbarred(run, people)
            for name, people in self.concerned[run.pk].by_name(stage).items()
        }
        everybody = frozenset[int]().union(*by_name.values())
        return Circle(by_name, frozenset(person for person in everybody if self.is_away(person)))

    def unbarred(self, run: Run, people: Collection[int]) -> frozenset[int]:
        """Those of the people whom no conflict of interest bars."""
        return frozenset(person for person in people if (run.proposal_id, person) not in self.barred)

    def is_away(self, person: int) -> bool:
        """Whether the person is absent on the day that it is for them."""
        hours = self.hours[person]
        return hours.back_on(hours.day_of(self.now)) is not None


def circles_of(runs: Collection[Run], further: Mapping[int, Collection[int]], *, now: datetime) -> Circles:
    """The circles of runs whose proposals and areas are loaded; `further` people by run id. Eleven queries."""
    found = concerned(runs)
    people = {
        run.proposal: {
            *further.get(run.pk, ()),
            *found[run.pk].authors,
            *(person for group in found[run.pk].by_role.values() for person in group),
            *(person for group in found[run.pk].bodies.values() for person in group),
        }
        for run in runs
    }
    everybody = {person for group in people.values() for person in group}
    return Circles(found, barred_among(people), hours_of(everybody, now), now)
