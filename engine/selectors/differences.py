"""What changed between two definitions, in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from engine.process.difference import LENGTHS, WORDS, Change, differences
from engine.process.durations import Length, WorkingDays, length_from
from engine.process.values import Definition, definition_from
from engine.selectors.process import days
from engine.selectors.runs import WHO

PLACES: Mapping[str, Promise] = {
    "stages": gettext_lazy("stage “%(name)s”"),
    "transitions": gettext_lazy("way “%(name)s”"),
    "round": gettext_lazy("round"),
    "criteria": gettext_lazy("question “%(name)s”"),
    "timers": gettext_lazy("timer “%(name)s”"),
    "reminders": gettext_lazy("reminder “%(name)s”"),
    "bodies": gettext_lazy("decision body “%(name)s”"),
    "calendars": gettext_lazy("calendar “%(name)s”"),
    "forms": gettext_lazy("form “%(name)s”"),
    "when": gettext_lazy("gate “%(name)s”"),
}
FIELDS: Mapping[str, Promise] = {
    "title": pgettext_lazy("of a process", "title"),
    "languages": pgettext_lazy("of a process", "languages"),
    "conflicts": pgettext_lazy("of a process", "conflict of interest"),
    "kind": pgettext_lazy("of a process", "kind"),
    "label": pgettext_lazy("of a process", "label"),
    "description": pgettext_lazy("of a process", "description"),
    "who": pgettext_lazy("of a process", "who acts"),
    "visibility": pgettext_lazy("of a process", "visibility"),
    "capabilities": pgettext_lazy("of a process", "capabilities"),
    "question": pgettext_lazy("of a process", "question"),
    "quorum": pgettext_lazy("of a process", "quorum"),
    "share": pgettext_lazy("of a process", "share of those invited"),
    "kinds": pgettext_lazy("of a process", "kinds of organisations"),
    "countries": pgettext_lazy("of a process", "countries"),
    "panel": pgettext_lazy("of a process", "most that may be invited"),
    "blind": pgettext_lazy("of a process", "blind"),
    "form": pgettext_lazy("of a process", "form"),
    "period": pgettext_lazy("of a process", "period"),
    "response": pgettext_lazy("of a process", "time to answer an invitation"),
    "before": pgettext_lazy("of a process", "length before the deadline"),
    "after": pgettext_lazy("of a process", "length"),
    "to": pgettext_lazy("of a process", "where it leads"),
    "beside": pgettext_lazy("of a process", "stages beside it"),
    "by": pgettext_lazy("of a process", "who takes it"),
    "body": pgettext_lazy("of a process", "decision body"),
    "at_most": pgettext_lazy("of a process", "number of times"),
    "effects": pgettext_lazy("of a process", "effects"),
    "sections": pgettext_lazy("of a process", "sections"),
    "minimum": pgettext_lazy("of a process", "minimum"),
    "days": pgettext_lazy("of a process", "days off"),
    "country": pgettext_lazy("of a process", "country"),
}
RECIPIENTS = pgettext_lazy("of a process", "who is reminded")
MEMBERS = ("capabilities", "languages", "beside", "effects", "kinds", "sections", "days")
FLAGS: Mapping[str, tuple[Promise, Promise]] = {
    "open_ended": (gettext_lazy("nobody promises an end"), gettext_lazy("an end is promised")),
    "join": (gettext_lazy("joins branches"), gettext_lazy("no longer joins branches")),
    "end": (gettext_lazy("ends the process"), gettext_lazy("no longer ends the process")),
    "reason": (gettext_lazy("a reason is asked for"), gettext_lazy("no reason is asked for")),
}


@dataclass(frozen=True)
class Difference:
    """One sentence, and the path of what it is about in the newer text."""

    path: tuple[str | int, ...]
    text: str


def told_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """What changed between two sound definitions, in the reader's language; nothing when they mean the same."""
    language = get_language() or "en"
    before, after = definition_from(old, language=language), definition_from(new, language=language)
    return [
        Difference(change.path, _sentence(change, before, after)) for change in differences(old, new, language=language)
    ]


def _sentence(change: Change, old: Definition, new: Definition) -> str:
    what = _what(change, old, new)
    place = ", ".join(str(PLACES[collection]) % {"name": name} for collection, name in change.place)
    return capfirst(f"{place}: {what}" if place else what)


def _what(change: Change, old: Definition, new: Definition) -> str:
    if not change.field:
        return _thing(change, new)
    is_member = change.field[-1] in MEMBERS or _is_recipient(change)
    before, after = _value(change, change.before, old), _value(change, change.after, new)
    words = {"what": _field(change), "before": before, "after": after}
    if change.field[0] in FLAGS:
        gained, lost = FLAGS[change.field[0]]
        return str(gained if change.kind == "added" else lost)
    match change.kind:
        case "added" if is_member:
            return _("%(what)s: %(after)s added") % words
        case "removed" if is_member:
            return _("%(what)s: %(before)s removed") % words
        case "added":
            return _("%(what)s is now %(after)s") % words
        case "removed":
            return _("%(what)s is no longer %(before)s") % words
        case _:
            return _("%(what)s changed from %(before)s to %(after)s") % words


def _thing(change: Change, new: Definition) -> str:
    match change.kind:
        case "added" if change.place[-1][0] == "transitions":
            ways = [change.after["to"], *change.after.get("beside", ())]
            return _("new, to %(stages)s") % {"stages": ", ".join(_quoted(new.stage(key).label) for key in ways)}
        case "added":
            return _("new")
        case "removed":
            return _("gone")
        case _ if change.after is None:
            return _("now the first")
        case _:
            return _("now after “%(name)s”") % {"name": change.after}


def _field(change: Change) -> str:
    """The field in words; what stands further down (a language, an audience, a part) follows in brackets."""
    if _is_recipient(change):
        return str(RECIPIENTS)
    name, *parts = (each for each in change.field if each != "number")
    words = str(FIELDS.get(name, name))
    return f"{words} ({', '.join(str(FIELDS.get(part, part)) for part in parts)})" if parts else words


def _is_recipient(change: Change) -> bool:
    return change.field == ("to",) and change.place[-1][0] != "transitions"


def _value(change: Change, value: Any, definition: Definition) -> str:
    name = change.field[0]
    if value in (None, ""):
        return ""
    if name == "who":
        return str(WHO.get(value, value))
    if name in WORDS:
        return _quoted(value)
    if name in LENGTHS:
        return _length(length_from(value))
    if name in ("to", "beside") and value in definition.by_key:
        return _quoted(definition.stage(value).label)
    return str(value)


def _quoted(text: str) -> str:
    return _("“%(text)s”") % {"text": text}


def _length(length: Length) -> str:
    """A length in one unit, so that two can be compared: days, or hours where it is no whole number of days."""
    if isinstance(length, WorkingDays):
        return days(length)
    if length % timedelta(days=1):
        hours = length // timedelta(hours=1)
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", length.days) % {"n": length.days}
