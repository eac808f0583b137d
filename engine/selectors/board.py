"""The board of those who coordinate or decide: every run under way in their reach, narrowed, sorted, with its ages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ekip.shared.folding import fold
from engine.models import Pause, Run
from engine.permissions import barred_from
from engine.process.course import aside, course
from engine.process.forecast import Forecast, History
from engine.process.values import Definition, Stage
from engine.selectors import forecasts
from engine.selectors.positions import OpenRound, Position, positions, rights_of
from engine.selectors.runs import who_acts
from partners.models import User
from recommendations.models import Proposal

SORTS: dict[str, Promise] = {
    "due": gettext_lazy("Due date"),
    "age": gettext_lazy("Time at its stage"),
    "title": gettext_lazy("Title"),
    "area": gettext_lazy("Policy area"),
}
SHOWS: dict[str, Promise] = {
    "all": gettext_lazy("All"),
    "overdue": gettext_lazy("Overdue"),
    "mine": gettext_lazy("Waiting for me"),
    "paused": gettext_lazy("Paused"),
}


@dataclass(frozen=True)
class Filters:
    """How the board is narrowed and sorted; everything is in the address."""

    process: str = ""
    area: str = ""
    stage: str = ""
    show: str = "all"
    words: str = ""
    sort: str = "due"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.process or self.area or self.stage or self.words or self.show != "all")


@dataclass(frozen=True)
class BoardPlace:
    """A stage at which a run stands: for how long, against the median of its process, and what it waits for.

    `waits_for_reader` says that it is the reader's to act.
    """

    stage: Stage
    definition: Definition
    entered_at: datetime
    age: timedelta
    median: timedelta | None
    round: OpenRound | None
    due_at: datetime | None
    who: str | Promise
    what: str | Promise
    is_overdue: bool
    waits_for_reader: bool

    @property
    def days(self) -> str:
        """How long it has stood there, and what is usual: “18 days, median 12”."""
        n = self.age.days
        words = ngettext("%(n)d day", "%(n)d days", n) % {"n": n}
        if self.median is None:
            return words
        return _("%(days)s, median %(median)d") % {"days": words, "median": round(self.median / timedelta(days=1))}

    @property
    def bar(self) -> int:
        """The length of the bar, of 100; the median is at 50."""
        if not self.median:
            return 0
        return min(100, round(50 * (self.age / self.median)))

    @property
    def ratio(self) -> float:
        """Its age as a multiple of the median."""
        return self.age / self.median if self.median else 0.0


@dataclass(frozen=True)
class BoardRow:
    """A run on the board. A conflict of interest leaves where it stands, and takes what judging is about."""

    run: Run
    proposal: Proposal
    places: tuple[BoardPlace, ...]
    is_barred: bool
    is_paused: bool
    paused_until: datetime | None
    coordinates: bool

    @property
    def due_at(self) -> datetime | None:
        """When the first of its dates is due."""
        return min((each.due_at for each in self.places if each.due_at), default=None)

    @property
    def is_overdue(self) -> bool:
        """Whether one of its dates has passed."""
        return any(each.is_overdue for each in self.places)

    @property
    def waits_for_reader(self) -> bool:
        """Whether something here is the reader's to do."""
        return any(each.waits_for_reader for each in self.places)


@dataclass(frozen=True)
class Told:
    """What is said of the publication: a range with its basis, or why there is none."""

    forecast: Forecast | None
    words: str


@dataclass(frozen=True)
class Column:
    """A stage with the runs that stand there; `more` are not shown."""

    key: str
    label: str
    cards: tuple[tuple[BoardRow, BoardPlace], ...]
    total: int

    @property
    def more(self) -> int:
        """How many runs stand there beside those shown."""
        return self.total - len(self.cards)


@dataclass(frozen=True)
class Board:
    """Every row in the person's reach, before narrowing, and what the filters offer."""

    rows: list[BoardRow]
    histories: Mapping[int, History]
    pauses: Mapping[int, Sequence[forecasts.Stretch]]
    now: datetime

    @property
    def definitions(self) -> dict[str, Definition]:
        """The processes of the rows, by key, by title."""
        found = {place.definition.key: place.definition for row in self.rows for place in row.places}
        return dict(sorted(found.items(), key=lambda item: fold(item[1].title)))

    @property
    def areas(self) -> list[tuple[str, str]]:
        """The policy areas of the rows: key and title, by title."""
        found = {row.proposal.area.slug: row.proposal.area for row in self.rows}
        return [(area.slug, area.title) for area in sorted(found.values(), key=lambda area: area.sort_key)]

    @property
    def stages(self) -> list[tuple[str, str]]:
        """The stages of the rows' processes, key and label: along the course, those beside it last."""
        ordered: dict[str, str] = {}
        for definition in self.definitions.values():
            steps = [stage for step in course(definition) for stage in step]
            for stage in (*steps, *aside(definition)):
                if not stage.is_end:
                    ordered.setdefault(stage.key, stage.label)
        standing = {place.stage.key for row in self.rows for place in row.places}
        return [(key, label) for key, label in ordered.items() if key in standing]

    def narrowed(self, by: Filters) -> list[BoardRow]:
        """The rows that fit, sorted; what is only followed any more is left out, unless that stage is asked for."""
        wanted = fold(by.words)
        rows = [row for row in self.rows if _fits(row, by) and (not wanted or wanted in _said(row.proposal))]
        return sorted(rows, key=_order(by.sort))

    def columns(self, rows: Iterable[BoardRow], *, most: int) -> list[Column]:
        """The rows by stage; a run that stands at two stages is in both."""
        cards: dict[str, list[tuple[BoardRow, BoardPlace]]] = {}
        for row in rows:
            for place in row.places:
                cards.setdefault(place.stage.key, []).append((row, place))
        return [
            Column(key, label, tuple(cards[key][:most]), len(cards[key])) for key, label in self.stages if key in cards
        ]

    def told(self, rows: Sequence[BoardRow]) -> dict[int, Told]:
        """What is said of the publication of each row, by run id. One query."""
        taken = forecasts.taken_by([row.run.pk for row in rows])
        return {row.run.pk: self._told(row, taken[row.run.pk]) for row in rows}

    def _told(self, row: BoardRow, taken: Any) -> Told:
        if row.is_paused:
            return Told(None, _("No forecast while it is paused."))
        history = self.histories[row.run.version_id]
        places = [
            forecasts.Place(each.stage.key, each.entered_at, each.round.closes_at if each.round else None)
            for each in row.places
        ]
        told = forecasts.forecast_of(row.run, places, history, taken, self.pauses.get(row.run.pk, ()), now=self.now)
        if isinstance(told, Forecast):
            return Told(told, forecasts.basis_words(told))
        return Told(None, forecasts.silence_words(told, history) if told else "")


def board_of(person: User, *, now: datetime) -> Board:
    """The board of a person who holds a role. A constant number of queries."""
    rights = rights_of(person)
    here = [at for at in positions(person, rights) if at.proposal.pk in rights.overseen]
    runs = {at.visit.run_id: at.visit.run for at in here}
    pauses = list(Pause.objects.filter(run__in=runs).values_list("run_id", "began_at", "ended_at", "until"))
    stood = forecasts.pauses_of(row[:3] for row in pauses)
    until = {run: ends for run, _began, ended_at, ends in pauses if ended_at is None}
    known = forecasts.histories([run.version_id for run in runs.values()])
    barred = barred_from(person, [run.proposal for run in runs.values()])
    by_run: dict[int, list[Position]] = {}
    for at in here:
        by_run.setdefault(at.visit.run_id, []).append(at)
    rows = [
        BoardRow(
            run=runs[pk],
            proposal=runs[pk].proposal,
            places=tuple(_place(at, known[at.visit.run.version_id], stood.get(pk, ()), now=now) for at in group),
            is_barred=runs[pk].proposal_id in barred,
            is_paused=pk in until,
            paused_until=until.get(pk),
            coordinates=any(at.coordinates for at in group),
        )
        for pk, group in by_run.items()
    ]
    return Board(rows, known, stood, now)


def _place(at: Position, history: History, pauses: Sequence[forecasts.Stretch], *, now: datetime) -> BoardPlace:
    who, what = who_acts(at.stage, has_open_round=at.round is not None)
    is_paused = any(ended_at is None for _began, ended_at in pauses)
    opens = at.coordinates and at.stage.round is not None and at.round is None
    decides = at.decides and "decide" in at.stage.capabilities and not at.stage.is_open_ended
    entered_at = at.visit.entered_at
    return BoardPlace(
        stage=at.stage,
        definition=history.definition,
        entered_at=entered_at,
        age=max(now - entered_at - forecasts.paused_for(pauses, entered_at, now), timedelta()),
        median=history.median(at.stage.key),
        # How far a round is belongs to judging: a conflict of interest hides it.
        round=at.round if at.oversees else None,
        due_at=at.due_at,
        who=who,
        what=what,
        is_overdue=at.due_at is not None and at.due_at <= now and not is_paused,
        waits_for_reader=not is_paused and (opens or decides),
    )


def _fits(row: BoardRow, by: Filters) -> bool:
    stages = {place.stage.key for place in row.places}
    if by.process and row.places[0].definition.key != by.process:
        return False
    if by.area and row.proposal.area.slug != by.area:
        return False
    if by.stage and by.stage not in stages:
        return False
    if not by.stage and all(place.stage.kind == "follow" for place in row.places):
        return False
    match by.show:
        case "overdue":
            return row.is_overdue
        case "mine":
            return row.waits_for_reader
        case "paused":
            return row.is_paused
        case _:
            return True


def _said(proposal: Proposal) -> str:
    return fold(f"{proposal.title} {proposal.lead_organisation.name} {proposal.area.title}")


def _order(sort: str) -> Callable[[BoardRow], Any]:
    def title(row: BoardRow) -> tuple[str, int]:
        return fold(row.proposal.title), row.run.pk

    match sort:
        case "age":
            return lambda row: (-max(place.ratio for place in row.places), *title(row))
        case "title":
            return title
        case "area":
            return lambda row: (row.proposal.area.sort_key, *title(row))
        case _:
            return lambda row: (not row.is_overdue, row.due_at is None, row.due_at or row.run.opened_at, *title(row))
