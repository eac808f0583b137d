"""What a simulation assumes and what came of it, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.process.simulation import LONGEST, Behaviour, Days, Simulation, Wait
from engine.selectors.runs import WHO

CHART = 380
BAR_ROW = 46
BAR_ROOM = 310
NAME_LETTERS = 46


@dataclass(frozen=True)
class Bar:
    """A bar of the chart of waits: what it stands for, how far down and how long it is, and its value in days."""

    who: str
    wait: Wait
    y: int
    width: int
    days: int

    @property
    def label(self) -> str:
        """Stage and people, as much of it as fits."""
        return shorten(f"{self.wait.stage.label}: {self.who}", NAME_LETTERS, placeholder="…")


@dataclass(frozen=True)
class Chart:
    """Where proposals waited, drawn: in units of the view box."""

    bars: tuple[Bar, ...]
    width: int = CHART

    @property
    def height(self) -> int:
        """As high as its bars need."""
        return BAR_ROW * len(self.bars)


def bars(waits: Sequence[Wait]) -> Chart:
    """The waits as bars, in the order in which the stages follow each other; the longest takes all the room."""
    longest = max((wait.days for wait in waits), default=1) or 1
    return Chart(
        tuple(
            Bar(
                str(WHO.get(wait.who, wait.who)),
                wait,
                number * BAR_ROW,
                max(1, round(wait.days / longest * BAR_ROOM)),
                round(wait.days),
            )
            for number, wait in enumerate(waits)
        )
    )


def assumptions(behaviour: Behaviour) -> list[str]:
    """How people were assumed to act: one sentence each."""
    words = {
        "research": _days(behaviour.research),
        "write": _days(behaviour.write),
        "revise": _days(behaviour.revise),
        "coordinate": _days(behaviour.coordinate),
        "answer": _days(behaviour.answer),
        "review": _days(behaviour.review),
        "decide": _days(behaviour.decide),
        "spare": behaviour.spare,
        "accept": _share(behaviour.accept),
        "hand_in": _share(behaviour.hand_in),
        "send_back": _share(behaviour.send_back),
        "withdraw": _share(behaviour.withdraw),
        "decline": _share(behaviour.decline),
        "silent": _share(behaviour.silent),
        "heed": _share(behaviour.heed),
    }
    return [
        _("What gates of the system ask for, such as sources, is there after %(research)s.") % words,
        _("Authors write a first text in %(write)s, and revise it in %(revise)s.") % words,
        _("Coordinators act after %(coordinate)s, deciders after %(decide)s.") % words,
        _("A round invites %(spare)d more than its quorum; %(accept)s of these people accept, after %(answer)s.")
        % words,
        _("Of those who accepted %(hand_in)s hand in, %(review)s later. After the deadline it does not count.") % words,
        _("Where a stage lets them, coordinators and deciders send back in %(send_back)s of the stays.") % words,
        _("Where a stage lets them, people end a run in %(decline)s of the stays.") % words,
        _("Where a stage lets them, authors withdraw in %(withdraw)s of the stays.") % words,
        _("In %(silent)s of the stays nobody acts; %(heed)s of the reminders change that.") % words,
        _("Where several ways lead on, the first is taken. Rounds last until their deadline."),
        _("Public holidays are not counted in."),
    ]


def outcome(simulation: Simulation) -> list[str]:
    """What became of the proposals, and how long those took that were published."""
    of = simulation.proposals
    words = {
        "published": _share(simulation.published / of),
        "lapsed": _share(simulation.lapsed / of),
        "ended": _share(simulation.ended / of),
        "under_way": _share(simulation.under_way / of),
        "years": LONGEST.days // 365,
    }
    lines = [
        _("Published: %(published)s") % words,
        _("Lapsed, because nobody acted in time: %(lapsed)s") % words,
        _("Ended otherwise: %(ended)s") % words,
        _("Left lying, neither published nor ended within %(years)d years: %(under_way)s") % words,
    ]
    if spread := simulation.to_publication:
        days = {"tenth": spread.tenth, "half": spread.half, "most": spread.nine_tenths}
        lines.append(_("Published within %(tenth).0f days: a tenth of those published") % days)
        lines.append(_("Published within %(half).0f days: half of them") % days)
        lines.append(_("Published within %(most).0f days: nine tenths of them") % days)
    return lines


def wait_line(wait: Wait) -> str:
    """Where a proposal waited, for whom, and how long in the mean."""
    days = round(wait.days)
    words = {"stage": wait.stage.label, "who": WHO.get(wait.who, wait.who), "n": days, "proposals": wait.proposals}
    line = ngettext(
        "%(stage)s, for %(who)s: %(n)d day in the mean of %(proposals)d proposals",
        "%(stage)s, for %(who)s: %(n)d days in the mean of %(proposals)d proposals",
        days,
    )
    return capfirst(line % words)


def _days(days: Days) -> str:
    words = {"least": days.least, "most": days.most, "usual": days.usual}
    return _("%(least)g to %(most)g days (mostly about %(usual)g)") % words


def _share(share: float) -> str:
    return _("%(n)d %%") % {"n": round(share * 100)}
