"""The process as the public sees it: its stages in words, as a drawing, and where each public proposal stands."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.models import ProcessVersion, Visit
from engine.models.definitions import definition_of
from engine.process.values import Definition, Stage
from engine.selectors.runs import WHO, main_path
from recommendations.models import Proposal

DEFAULT = "ekip-engine"
STEP = 150
LINE = 90
RADIUS = 14
BELOW_NAMES = 58


@dataclass(frozen=True)
class StageLine:
    """A stage as the ordered list tells it."""

    key: str
    label: str
    description: str
    who: str | Promise
    length: str
    ways_back: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Dot:
    """A stage in the drawing: the middle of its circle, and its name in at most two lines."""

    x: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Arc:
    """A way back in the drawing, as an SVG path; withdrawals run below the line, returns above."""

    path: str
    kind: str


@dataclass(frozen=True)
class Drawing:
    """The process as a line of circles with arcs; measures in the units of the view box."""

    width: int
    height: int
    line_y: int
    radius: int
    dots: tuple[Dot, ...]
    arcs: tuple[Arc, ...]

    @property
    def number_y(self) -> int:
        """Where the number of a stage stands in its circle."""
        return self.line_y + self.radius // 2 - 1

    @property
    def name_y(self) -> int:
        """Where the first line of a stage's name stands."""
        return self.line_y + self.radius + 26

    @property
    def line_end(self) -> int:
        """Where the line through the circles ends."""
        return self.dots[-1].x


def default_definition() -> Definition | None:
    """The newest version of the default process; None before `load_reference`."""
    version = ProcessVersion.objects.filter(definition__key=DEFAULT).order_by("-number").first()
    return definition_of(version.pk) if version else None


def public_proposals() -> QuerySet[Proposal]:
    """Proposals whose stage lets everyone know of them: "list" is open."""
    return (
        Proposal.objects.filter(openings__capability="list", deleted_at=None)
        .select_related("area__cluster", "lead_organisation")
        .order_by("-changed_at", "-pk")
    )


def stage_lines(definition: Definition) -> list[StageLine]:
    """The stages of the main path in words, with how many public proposals stand at each. One query."""
    counts: dict[str, int] = {}
    public = public_proposals().order_by().values("pk")
    for stage in Visit.objects.filter(left_at=None, run__proposal__in=public).values_list("stage", flat=True):
        counts[stage] = counts.get(stage, 0) + 1
    return [
        StageLine(
            key=stage.key,
            label=stage.label,
            description=stage.description,
            who="" if stage.is_end else WHO.get(stage.who, stage.who),
            length=_length(stage),
            ways_back=tuple(
                _("%(label)s, back to %(stage)s") % {"label": way.label, "stage": definition.stage(way.to).label}
                for way in stage.transitions
                if way.kind in ("return", "withdraw")
            ),
            count=counts.get(stage.key, 0),
        )
        for stage in main_path(definition)
    ]


def drawing(definition: Definition) -> Drawing:
    """The main path as a line; what leads back as arcs."""
    path = main_path(definition)
    places = {stage.key: STEP // 2 + n * STEP for n, stage in enumerate(path)}
    arcs = tuple(
        _arc(places[stage.key], places[way.to], way.kind)
        for stage in path
        for way in stage.transitions
        if way.kind in ("return", "withdraw") and way.to in places
    )
    return Drawing(
        width=STEP * len(path),
        height=270,
        line_y=LINE,
        radius=RADIUS,
        dots=tuple(Dot(places[stage.key], _two_lines(stage.label)) for stage in path),
        arcs=arcs,
    )


def _length(stage: Stage) -> str:
    if stage.is_end:
        return ""
    if stage.round:
        return days(stage.round.period)
    if stage.timers:
        return days(min(timer.after for timer in stage.timers))
    return _("No deadline")


def days(length: timedelta) -> str:
    """A length of time in whole weeks where it is a number of weeks, otherwise in days."""
    weeks, rest = divmod(length.days, 7)
    if weeks and not rest:
        return ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks}
    return ngettext("%(n)d day", "%(n)d days", length.days) % {"n": length.days}


def _arc(start: int, end: int, kind: str) -> Arc:
    if kind == "return":
        edge, bend = LINE - RADIUS, LINE - RADIUS - 50
    else:
        # Withdrawals begin and end below the names of the stages.
        edge = LINE + RADIUS + BELOW_NAMES
        bend = edge + 30 + abs(end - start) // 6
    return Arc(f"M {start} {edge} C {start} {bend}, {end} {bend}, {end} {edge}", kind)


def _two_lines(label: str) -> tuple[str, ...]:
    head, _space, tail = label.partition(" ")
    return (label,) if not tail else (head, tail)
