"""When runs will be published, as `engine.process.forecast` draws it from the runs of the same process before them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.models import Pause, Run, Visit
from engine.models.definitions import definition_of
from engine.process.forecast import Forecast, History, Passage, Silence, Standing

LOOKED_AT = 5000
"""How many stays at most, the latest, history is made of."""

Stretch = tuple[datetime, datetime | None]
"""When a pause began and ended; one that has not ended has no end."""


@dataclass(frozen=True)
class Place:
    """One stage at which a run stands; a round that is open there ends at `round_until`."""

    stage: str
    entered_at: datetime
    round_until: datetime | None


def histories(versions: Collection[int]) -> dict[int, History]:
    """How earlier runs of each version's process went, by version id. Two queries.

    Time in which a run was paused does not count.
    """
    by_key: dict[str, list[Passage]] = {definition_of(version).key: [] for version in versions}
    in_process = {"run__version__definition__key__in": by_key}
    rows = Visit.objects.filter(left_at__isnull=False, **in_process).order_by("-left_at", "-pk")
    stood = pauses_of(Pause.objects.filter(**in_process).values_list("run_id", "began_at", "ended_at"))
    fields = ("run__version__definition__key", "run_id", "stage", "left_by", "entered_at", "left_at")
    for key, run, stage, way, entered_at, left_at in rows.values_list(*fields)[:LOOKED_AT]:
        length = left_at - entered_at - paused_for(stood.get(run, ()), entered_at, left_at)
        by_key[key].append(Passage(run, stage, way, length))
    return {version: History(definition_of(version), by_key[definition_of(version).key]) for version in set(versions)}


def pauses_of(rows: Iterable[tuple[int, datetime, datetime | None]]) -> dict[int, list[Stretch]]:
    """Pauses by run id."""
    found: dict[int, list[Stretch]] = {}
    for run, began_at, ended_at in rows:
        found.setdefault(run, []).append((began_at, ended_at))
    return found


def paused_for(pauses: Iterable[Stretch], start: datetime, end: datetime) -> timedelta:
    """How long a run was paused between two instants."""
    lengths = (min(ended_at or end, end) - max(began_at, start) for began_at, ended_at in pauses)
    return sum((max(length, timedelta()) for length in lengths), timedelta())


def taken_by(runs: Collection[int]) -> dict[int, Counter[tuple[str, str]]]:
    """How often each run took which way, by run id. One query."""
    found: dict[int, Counter[tuple[str, str]]] = {run: Counter() for run in runs}
    rows = Visit.objects.filter(run__in=runs, left_at__isnull=False).exclude(left_by="")
    for run, stage, way in rows.values_list("run_id", "stage", "left_by"):
        found[run][stage, way] += 1
    return found


def forecast_of(
    run: Run,
    places: Sequence[Place],
    history: History,
    taken: Counter[tuple[str, str]],
    pauses: Sequence[Stretch],
    *,
    now: datetime,
) -> Forecast | Silence | None:
    """The forecast of one run; None when it is published or paused. No query."""
    if run.publication_id or any(ended_at is None for _began_at, ended_at in pauses):
        return None
    standings = [
        Standing(
            each.stage,
            max(now - each.entered_at - paused_for(pauses, each.entered_at, now), timedelta()),
            max(each.round_until - now, timedelta()) if each.round_until else timedelta(),
        )
        for each in places
    ]
    return history.forecast(standings, taken, now=now)


def silence_words(silence: Silence, history: History) -> str:
    """Why nothing is said."""
    stage = history.definition.stage(silence.stage).label
    if silence.is_late:
        return _("No forecast: it has stood at “%(stage)s” longer than nearly all before it.") % {"stage": stage}
    words = ngettext(
        "No forecast yet: it takes %(needed)d finished stays at “%(stage)s”, and %(found)d is known.",
        "No forecast yet: it takes %(needed)d finished stays at “%(stage)s”, and %(found)d are known.",
        silence.found,
    )
    return words % {"found": silence.found, "stage": stage, "needed": silence.needed}


def basis_words(told: Forecast) -> str:
    """From what a range was computed."""
    words = ngettext("from %(n)d run of this process", "from %(n)d runs of this process", told.runs)
    least = ngettext(
        "at least %(n)d stay at each stage ahead", "at least %(n)d stays at each stage ahead", told.passages
    )
    return f"{words % {'n': told.runs}}, {least % {'n': told.passages}}"
