"""A text that somebody is writing, looked at: what is wrong with it, and how it would run."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine.definitions.checking import FoundFault, checked
from engine.models import ProcessVersion
from engine.process.drawing import Drawing
from engine.process.insertion import KINDS, places, smallest
from engine.process.runnable import not_yet
from engine.process.values import Definition, definition_from
from engine.selectors.outline import lacking, promises
from engine.selectors.process import DrawnBox, drawn

KINDS_IN_WORDS: Mapping[str, Promise] = {
    "review": gettext_lazy("Invited people review the text and score it"),
    "consult": gettext_lazy("Everybody reads the text and comments on it: a public consultation"),
    "test": gettext_lazy("A city or district tests the draft locally"),
    "decide": gettext_lazy("A decider says whether it goes on"),
}


@dataclass(frozen=True)
class Look:
    """Everything wrong with a text; when nothing is, the definition and its drawing."""

    faults: tuple[FoundFault, ...]
    definition: Definition | None = None
    picture: Drawing | None = None
    boxes: tuple[DrawnBox, ...] = ()
    bound: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


def look(text: str) -> Look:
    """What there is to see of a text, whatever it says."""
    data, found = checked(text)
    if found:
        return Look(tuple(found))
    definition = definition_from(data)
    picture, boxes = drawn(definition, {})
    return Look((), definition, picture, tuple(boxes), tuple(promises(definition)), tuple(lacking(definition)))


def next_number(key: str) -> int:
    """The number that the next version of that process has."""
    return ProcessVersion.objects.filter(definition__key=key).count() + 1


def told_places(definition: Definition) -> list[tuple[str, str]]:
    """Where a stage may be added: the key of each place, and between which stages it lies."""
    return [
        (
            place.key,
            _("After “%(after)s”, before %(before)s")
            % {
                "after": place.after.label,
                "before": ", ".join(_("“%(text)s”") % {"text": stage.label} for stage in place.before),
            },
        )
        for place in places(definition)
    ]


def told_kinds() -> list[tuple[str, str]]:
    """What may happen in a stage that is added; what this release cannot run says so."""
    return [(kind, str(KINDS_IN_WORDS[kind]) if _can_run(kind) else _not_yet(kind)) for kind in KINDS]


def questions_of(definition: Definition) -> str:
    """What the first review of the process asks, one question on each line: a beginning for another one."""
    asked = next((stage.round.criteria for stage in definition.stages if stage.round and stage.round.criteria), ())
    return "\n".join(each.question for each in asked)


def _not_yet(kind: str) -> str:
    return _("%(what)s (this release cannot run it yet)") % {"what": KINDS_IN_WORDS[kind]}


def _can_run(kind: str) -> bool:
    return not not_yet(definition_from(smallest(kind)))
