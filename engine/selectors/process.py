"""The process as the public sees it: its stages in words, as a drawing, and where each public proposal stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.models import ProcessVersion, Visit
from engine.models.definitions import definition_of
from engine.process.course import aside, course
from engine.process.drawing import Box, Drawing, drawing
from engine.process.values import Definition, Stage
from engine.selectors.runs import WHO
from recommendations.models import Proposal

DEFAULT = "ekip-engine"
DOT = 12


@dataclass(frozen=True)
class StageLine:
    """A stage as the ordered list tells it; `beside` names those that run at the same time."""

    key: str
    label: str
    description: str
    who: str | Promise
    length: str
    beside: tuple[str, ...]
    ways_back: tuple[str, ...]
    count: int
    is_aside: bool


@dataclass(frozen=True)
class DrawnBox:
    """A stage in the drawing, with its words and the public proposals that stand there."""

    box: Box
    line: StageLine
    clusters: tuple[str, ...]

    @property
    def meta(self) -> str:
        """Who acts and how long."""
        return " · ".join(str(each) for each in (self.line.who, self.line.length) if each)

    @property
    def dots(self) -> tuple[tuple[int, str], ...]:
        """For each proposal where its dot stands and the key of its cluster; at most as many as fit."""
        most = (self.box.width - 4 * DOT) // DOT
        return tuple((self.box.x + DOT + n * DOT, key) for n, key in enumerate(self.clusters[:most]))

    @property
    def name_y(self) -> int:
        """Where the stage's name stands below the upper edge: higher when proposals stand beneath."""
        return 20 if self.clusters else 27

    @property
    def meta_y(self) -> int:
        """Where who acts and how long stand."""
        return self.name_y + 17

    @property
    def count_x(self) -> int:
        """Where the number of proposals stands, from the left."""
        return self.box.x + self.box.width - DOT


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


def public_counts() -> dict[str, int]:
    """How many public proposals stand at each stage; one that stands at two is counted at both. One query."""
    rows = Visit.objects.filter(left_at=None, run__proposal__in=public_proposals().order_by().values("pk"))
    return dict(rows.order_by().values_list("stage").annotate(n=Count("pk")))


def public_clusters() -> dict[str, list[str]]:
    """The cluster of each public proposal that stands at a stage, by the stage's key. One query."""
    found: dict[str, list[str]] = {}
    rows = Visit.objects.filter(left_at=None, run__proposal__in=public_proposals().order_by().values("pk"))
    for stage, cluster in rows.order_by("pk").values_list("stage", "run__proposal__area__cluster__key"):
        found.setdefault(stage, []).append(cluster)
    return found


def stage_lines(definition: Definition, counts: Mapping[str, int]) -> list[StageLine]:
    """The stages in words, in the order of the course and then those beside it."""
    lines = [_line(stage, definition, counts, step) for step in course(definition) for stage in step]
    return lines + [_line(stage, definition, counts, is_aside=True) for stage in aside(definition)]


def drawn(definition: Definition, clusters: Mapping[str, Sequence[str]]) -> tuple[Drawing, list[DrawnBox]]:
    """The drawing, and its boxes with their words."""
    picture = drawing(definition)
    counts = {key: len(found) for key, found in clusters.items()}
    words = {line.key: line for line in stage_lines(definition, counts)}
    return picture, [
        DrawnBox(box, words[box.stage.key], tuple(clusters.get(box.stage.key, ()))) for box in picture.boxes
    ]


def _line(
    stage: Stage,
    definition: Definition,
    counts: Mapping[str, int],
    step: tuple[Stage, ...] = (),
    *,
    is_aside: bool = False,
) -> StageLine:
    return StageLine(
        key=stage.key,
        label=stage.label,
        description=stage.description,
        who="" if stage.is_end else WHO.get(stage.who, stage.who),
        length=_length(stage),
        beside=tuple(each.label for each in step if each is not stage),
        ways_back=tuple(
            _("%(label)s, on to %(stage)s") % {"label": way.label, "stage": definition.stage(way.to).label}
            if way.kind == "end" or definition.stage(way.to) in aside(definition)
            else _("%(label)s, back to %(stage)s") % {"label": way.label, "stage": definition.stage(way.to).label}
            for way in stage.transitions
            if way.kind in ("return", "withdraw", "end")
        ),
        count=counts.get(stage.key, 0),
        is_aside=is_aside,
    )


def _length(stage: Stage) -> str:
    if stage.is_end:
        return ""
    if stage.round:
        return days(stage.round.period)
    if stage.timers:
        return days(min(timer.after for timer in stage.timers))
    return _("No deadline") if stage.is_open_ended else ""


def days(length: timedelta) -> str:
    """A length of time in whole weeks where it is a number of weeks, otherwise in days."""
    weeks, rest = divmod(length.days, 7)
    if weeks and not rest:
        return ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks}
    return ngettext("%(n)d day", "%(n)d days", length.days) % {"n": length.days}
