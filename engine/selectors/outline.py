"""A definition told stage by stage, in plain lines: who does what, how long, and where it leads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from engine.process.bound import bound
from engine.process.quorum import Quorum
from engine.process.runnable import not_yet
from engine.process.values import Definition, Gate, RoundTemplate, Stage, TimerTemplate, Transition
from engine.selectors.panels import kind_labels
from engine.selectors.process import StageLine, days, rungs, stage_lines
from engine.selectors.runs import WHO, who_acts

BY: Mapping[str, Promise] = {
    "system": pgettext_lazy("how a way is taken", "by itself"),
    "author": pgettext_lazy("how a way is taken", "by an author"),
    "coordinator": pgettext_lazy("how a way is taken", "by a coordinator"),
    "decider": pgettext_lazy("how a way is taken", "by a decider"),
    "timer": pgettext_lazy("how a way is taken", "by a timer"),
}
ROUND_KINDS: Mapping[str, Promise] = {
    "review": pgettext_lazy("kind of round", "review"),
    "consultation": pgettext_lazy("kind of round", "consultation"),
    "lab": pgettext_lazy("kind of round", "lab"),
    "city-test": pgettext_lazy("kind of round", "city test"),
}
BLIND: Mapping[str, Promise] = {"single": gettext_lazy("single-blind"), "double": gettext_lazy("double-blind")}
SEEN: Mapping[str, Promise] = {
    "listed": gettext_lazy("Listed on the process page."),
    "public": gettext_lazy("Listed on the process page; anybody reads the frozen text."),
}


@dataclass(frozen=True)
class StageOutline:
    """A stage: its heading, and sentences about it."""

    heading: str
    sentences: tuple[str, ...]


def outline(definition: Definition) -> list[StageOutline]:
    """Every stage, in the order of the course and then those beside it."""
    return [
        StageOutline(_heading(line), tuple(_sentences(definition.stage(line.key), line, definition)))
        for line in stage_lines(definition, {})
    ]


def limits(definition: Definition) -> Iterator[str]:
    """How long a run can be at most, and what of the definition cannot be run yet."""
    yield from promises(definition)
    for what in lacking(definition):
        yield _("This release does not run yet: %(what)s.") % {"what": what}


def promises(definition: Definition) -> Iterator[str]:
    """The most steps that a run of a sound definition takes, and the most time."""
    most = bound(definition)
    yield ngettext("A proposal takes at most %(n)d step.", "A proposal takes at most %(n)d steps.", most.moves) % {
        "n": most.moves
    }
    if most.time is None:
        labels = ", ".join(definition.stage(key).label for key in most.open_ended)
        yield _("No end is promised by: %(stages)s.") % {"stages": labels}
    else:
        yield _("It has ended after %(length)s at the latest.") % {"length": days(most.time)}


def lacking(definition: Definition) -> list[str]:
    """What the definition asks for that this release does not do, each once; empty when it can be run."""
    return [_(what) for what in dict.fromkeys(each.what for each in not_yet(definition))]


def _heading(line: StageLine) -> str:
    if line.beside:
        return _("%(label)s, beside %(others)s") % {"label": line.label, "others": ", ".join(line.beside)}
    return line.label


def _sentences(stage: Stage, line: StageLine, definition: Definition) -> Iterator[str]:
    if line.description:
        yield line.description
    if meta := " · ".join(str(each) for each in (_acts(stage, line), line.length) if each):
        yield capfirst(meta)
    if stage.visibility in SEEN:
        yield str(SEEN[stage.visibility])
    if stage.round:
        yield _round(stage.round)
        if reminded := "; ".join(rungs(stage.round)):
            yield _("Reminders: %(who)s") % {"who": reminded}
    yield from (_timer(timer, stage) for timer in stage.timers)
    yield from (_way(way, definition) for way in stage.transitions)


def _acts(stage: Stage, line: StageLine) -> str:
    who, what = who_acts(stage, has_open_round=True)
    return _("%(who)s: %(what)s") % {"who": who, "what": what} if who and what else str(line.who)


def _round(template: RoundTemplate) -> str:
    words = {"label": template.label, "kind": ROUND_KINDS[template.kind], "length": days(template.period)}
    parts = [_("Round “%(label)s” (%(kind)s) of %(length)s") % words, *_quorum(template.quorum)]
    if template.kind != "consultation":
        parts.append(_("at most %(n)d invited") % {"n": template.panel})
    if template.response:
        parts.append(_("invitations answered within %(length)s") % {"length": days(template.response)})
    if template.blind in BLIND:
        parts.append(str(BLIND[template.blind]))
    if asked := len(template.criteria):
        parts.append(ngettext("%(n)d question", "%(n)d questions", asked) % {"n": asked})
    return ", ".join(parts)


def _quorum(quorum: Quorum) -> Iterator[str]:
    yield _("quorum %(n)d") % {"n": quorum.number}
    if quorum.share:
        yield _("at least %(n)d %% of those invited") % {"n": round(quorum.share * 100)}
    if quorum.kinds:
        yield _("among them %(kinds)s") % {"kinds": ", ".join(kind_labels(quorum.kinds))}
    if quorum.countries:
        n = quorum.countries
        yield ngettext("from at least %(n)d country", "from at least %(n)d countries", n) % {"n": n}


def _timer(timer: TimerTemplate, stage: Stage) -> str:
    way = stage.way_of_timer(timer.key)
    if way:
        return _("After %(length)s the way “%(way)s” is taken") % {"length": days(timer.after), "way": way.label}
    people = ", ".join(str(WHO.get(each, each)) for each in timer.to)
    return _("After %(length)s reminds: %(people)s") % {"length": days(timer.after), "people": people}


def _way(way: Transition, definition: Definition) -> str:
    words = {
        "label": way.label,
        "by": _by(way, definition),
        "stages": ", ".join(definition.stage(key).label for key in (way.to, *way.beside)),
    }
    parts = [_("→ %(label)s, %(by)s, to %(stages)s") % words]
    if way.gates:
        parts.append(_("when %(gates)s") % {"gates": ", ".join(_gate(gate) for gate in way.gates)})
    if way.needs_reason:
        parts.append(_("with a reason"))
    if way.at_most is not None:
        parts.append(ngettext("at most once", "at most %(n)d times", way.at_most) % {"n": way.at_most})
    return "; ".join(parts)


def _by(way: Transition, definition: Definition) -> str:
    body = next((each.label for each in definition.bodies if each.key == way.body), "")
    return f"{BY[way.by]} ({body})" if body else str(BY[way.by])


def _gate(gate: Gate) -> str:
    """A gate as definitions write it."""
    if not gate.parameters:
        return gate.name
    return f"{gate.name} ({', '.join(f'{name}: {_plain(value)}' for name, value in gate.parameters.items())})"


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
