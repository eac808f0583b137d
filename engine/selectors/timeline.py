"""The record of a run as a timeline: by the stages at which it stood, and within them by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from engine.models import Run, Visit
from engine.models.definitions import definition_of
from engine.selectors.history import HistoryEntry


@dataclass(frozen=True)
class Day:
    """What happened on one day, as the reader's zone has it."""

    on: date
    entries: tuple[HistoryEntry, ...]


@dataclass(frozen=True)
class Stretch:
    """The time during which a run stood at the same stages; `label` names them."""

    label: str
    days: tuple[Day, ...]


def timeline(run: Run, entries: Sequence[HistoryEntry]) -> list[Stretch]:
    """Entries, newest first, by the stages that were open when they happened. One query."""
    visits = list(Visit.objects.filter(run=run).order_by("number"))
    names = _names(run, visits)

    def stages_at(entry: HistoryEntry) -> tuple[int, ...]:
        """A stage that is left and the one that is entered meet at one instant: it belongs to the one entered."""
        found = tuple(
            each.pk
            for each in visits
            if each.entered_at <= entry.at and (each.left_at is None or entry.at < each.left_at)
        )
        return found or tuple(each.pk for each in visits[-1:])

    stretches = []
    for open_visits, group in groupby(entries, key=stages_at):
        days = groupby(group, key=lambda entry: timezone.localdate(entry.at))
        label = ", ".join(names[pk] for pk in open_visits)
        stretches.append(Stretch(label, tuple(Day(on, tuple(of_day)) for on, of_day in days)))
    return stretches


def _names(run: Run, visits: Sequence[Visit]) -> dict[int, str]:
    """The stage of each visit, and the how-manieth stay it is from the second on."""
    definition = definition_of(run.version_id)
    names: dict[int, str] = {}
    stays: dict[str, int] = {}
    for visit in visits:
        stays[visit.stage] = stays.get(visit.stage, 0) + 1
        stage = definition.by_key.get(visit.stage)
        label = stage.label if stage else visit.stage
        again = {"stage": label, "n": stays[visit.stage]}
        names[visit.pk] = label if stays[visit.stage] == 1 else _("%(stage)s, stay %(n)d") % again
    return names
