"""The process as the public sees it: its stages in words, as a drawing, and where each public proposal stands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.models import ProcessVersion, Run, Visit
from engine.models.definitions import definition_of
from engine.process.course import aside, course
from engine.process.drawing import HEIGHT, Box, Drawing, drawing
from engine.process.durations import Length, WorkingDays
from engine.process.values import Definition, RoundTemplate, Rung, Stage
from engine.selectors.runs import WHO
from partners.countries import COUNTRIES
from recommendations.models import Proposal, Revision

DEFAULT = "ekip-engine"
DOT = 12
DOTS_Y = 62
LINE = 17
NAME_LETTER = 9  # how wide a letter of a stage's name is, about, in units of the view box
META_LETTER = 6.4


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
    reminders: str = ""


@dataclass(frozen=True)
class Words:
    """A line of words in a box: how it is set, how far it stands below the upper edge, and what it says."""

    kind: str
    y: int
    text: str


@dataclass(frozen=True)
class DrawnBox:
    """A stage in the drawing, with its words and the public proposals that stand there."""

    box: Box
    line: StageLine
    clusters: tuple[str, ...]

    @property
    def meta(self) -> str:
        """Who acts and how long; a line ends between the two before it ends within the length."""
        length = self.line.length.replace(" ", "\N{NO-BREAK SPACE}")
        return " · ".join(str(each) for each in (self.line.who, length) if each)

    @property
    def dots(self) -> tuple[tuple[int, str], ...]:
        """For each proposal where its dot stands and the key of its cluster; at most as many as fit."""
        most = (self.box.width - 4 * DOT) // DOT
        return tuple((self.box.x + DOT + n * DOT, key) for n, key in enumerate(self.clusters[:most]))

    @property
    def words(self) -> tuple[Words, ...]:
        """The stage's name, then who acts and how long, in at most three lines: where each stands, and its words.

        They stand in the middle of the box, or above the dots when proposals stand there.
        """
        room = self.box.width - DOT
        names = wrap(self.line.label, room // NAME_LETTER, max_lines=2, placeholder="…")
        metas = wrap(self.meta, int(room / META_LETTER), max_lines=3 - len(names), placeholder=" …")
        lines = [("stage-name", each) for each in names] + [("stage-meta", each.removesuffix(" ·")) for each in metas]
        free = (DOTS_Y - DOT if self.clusters else HEIGHT) - LINE * len(lines)
        return tuple(
            Words(kind, LINE + max(0, free // 2) + number * LINE - 2, text) for number, (kind, text) in enumerate(lines)
        )

    @property
    def count_x(self) -> int:
        """Where the number of proposals stands, from the left."""
        return self.box.x + self.box.width - DOT


def default_definition() -> Definition | None:
    """The newest version of the default process, withdrawn ones last; None before `load_reference`."""
    versions = ProcessVersion.objects.filter(definition__key=DEFAULT)
    version = versions.order_by(F("withdrawal").asc(nulls_first=True), "-number").first()
    return definition_of(version.pk) if version else None


def public_proposals() -> QuerySet[Proposal]:
    """Proposals whose stage lets everyone know of them: "list" is open. `hides_authors` tells what to leave out."""
    return (
        Proposal.objects.filter(openings__capability="list", deleted_at=None)
        .annotate(is_readable=Exists(_read_by_all()), hides_authors=Exists(runs_that_hide_authors("pk")))
        .select_related("area__cluster", "lead_organisation")
        .order_by("-changed_at", "-pk")
    )


def runs_that_hide_authors(proposal: str) -> QuerySet[Run]:
    """The run of the proposal that the outer query's field names, while nobody may learn who writes it.

    So it is until publication when reviewers of a round of its process do not learn the authors, and when those of
    a round that was opened do not: the run may have gone over to another version since.
    """
    of_process = Q(version__content__stages__contains=[{"round": {"blind": "double"}}])
    opened = Q(visits__rounds__blind="double")
    return Run.objects.filter(of_process | opened, proposal=OuterRef(proposal), publication=None)


def _read_by_all() -> QuerySet[Revision]:
    """The frozen texts of a proposal whose stage lets everybody read them: "read" is open."""
    return Revision.objects.filter(proposal=OuterRef("pk"), proposal__openings__capability="read")


def public_counts() -> dict[str, int]:
    """How many public proposals stand at each stage of the default process; one at two counts at both. One query."""
    return dict(_public_visits().order_by().values_list("stage").annotate(n=Count("pk")))


def public_clusters() -> dict[str, list[str]]:
    """The cluster of each public proposal at a stage of the default process, by the stage's key. One query."""
    found: dict[str, list[str]] = {}
    rows = _public_visits().order_by("pk")
    for stage, cluster in rows.values_list("stage", "run__proposal__area__cluster__key"):
        found.setdefault(stage, []).append(cluster)
    return found


def _public_visits() -> QuerySet[Visit]:
    """Where the public proposals stand that follow the default process: stages of others may have the same keys."""
    proposals = public_proposals().order_by().values("pk")
    return Visit.objects.filter(left_at=None, run__version__definition__key=DEFAULT, run__proposal__in=proposals)


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
            if way.kind in ("return", "withdraw", "end") or definition.stage(way.to) in aside(definition)
        ),
        count=counts.get(stage.key, 0),
        is_aside=is_aside,
        reminders="; ".join(ladder(stage)),
    )


def ladder(stage: Stage) -> Iterator[str]:
    """Who is reminded when at a stage: “reviewers 1 week before the deadline”, rung by rung."""
    yield from rungs(stage.round)
    for timer in stage.timers:
        if timer.then == "remind":
            words = {"people": _people(timer.to), "length": days(timer.after)}
            yield _("%(people)s %(length)s after the stage began") % words


def rungs(round: RoundTemplate | None) -> Iterator[str]:
    """Who is reminded of a round, and when."""
    for rung in round.reminders if round else ():
        words = {"people": _people(rung.to), "when": rung_words(rung)}
        if rung.before is not None:
            yield _("%(people)s %(when)s") % words
        else:
            yield _("%(people)s %(when)s, if it closed without the quorum") % words


def rung_words(rung: Rung) -> str:
    """When a rung comes: “1 week before the deadline”."""
    if rung.before is not None:
        return _("%(length)s before the deadline") % {"length": days(rung.before)}
    if rung.after is not None:
        return _("%(length)s after the deadline") % {"length": days(rung.after)}
    return _("at the deadline")


def _people(names: Iterable[str]) -> str:
    return ", ".join(str(WHO.get(each, each)) for each in names)


def _length(stage: Stage) -> str:
    if stage.is_end:
        return ""
    if stage.round:
        return days(stage.round.period)
    if stage.timers:
        return days(min(timer.after for timer in stage.timers))
    return _("No deadline") if stage.is_open_ended else ""


def period_words(length: Length, definition: Definition) -> str:
    """A length of time, and by which public holidays its working days are counted."""
    key = length.calendar if isinstance(length, WorkingDays) else ""
    country = next((each.country for each in definition.calendars if each.key == key), "")
    if not country:
        return days(length)
    return _("%(length)s, public holidays of %(country)s left out") % {
        "length": days(length),
        "country": COUNTRIES.get(country, country),
    }


def days(length: Length) -> str:
    """A length of time in whole weeks where it is a number of weeks, otherwise in days, hours or working days."""
    if isinstance(length, WorkingDays):
        return ngettext("%(n)d working day", "%(n)d working days", length.days) % {"n": length.days}
    if hours := length.seconds // 3600:
        hours += length.days * 24
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    weeks, rest = divmod(length.days, 7)
    if weeks and not rest:
        return ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks}
    return ngettext("%(n)d day", "%(n)d days", length.days) % {"n": length.days}
