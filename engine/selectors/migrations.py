"""What another version would mean for a run, in sentences."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engine.process.migration import Consequence, Fit
from engine.process.values import Definition


def told_changes(fit: Fit, old: Definition, new: Definition) -> list[str]:
    """What changes for a run that goes over from `old` to `new`."""
    return [_told(each, old, new) for each in fit.changes]


def told_obstacles(fit: Fit, old: Definition, new: Definition) -> list[str]:
    """What keeps a run from going over."""
    return [_told(each, old, new) for each in fit.obstacles]


def _told(consequence: Consequence, old: Definition, new: Definition) -> str:
    names = {name: _name(name, value, new) for name, value in consequence.names.items()}
    sentence = SENTENCES[consequence.code]() % names
    stage = old.by_key.get(consequence.stage) or new.by_key.get(consequence.stage)
    return f"{stage.label}: {sentence}" if stage else sentence


def _name(name: str, value: object, new: Definition) -> str:
    if isinstance(value, datetime):
        return f"{date_format(timezone.localtime(value), 'DATETIME_FORMAT')} ({timezone.get_current_timezone_name()})"
    if isinstance(value, tuple):
        return ", ".join(new.stage(each).label for each in value)
    return str(value)


SENTENCES: Mapping[str, Callable[[], str]] = {
    "already-there": lambda: _("The run stands on this version already."),
    "ended": lambda: _("The run has ended."),
    "stage-gone": lambda: _("The version has no such stage."),
    "stage-is-an-end": lambda: _("The run would have ended."),
    "not-beside": lambda: _("The version does not put the open stages beside each other."),
    "round-gone": lambda: _("A round “%(round)s” is open, and the version opens none of this kind here."),
    "round-of-another-kind": lambda: _("The open round “%(round)s” is of another kind in the version."),
    "taken-too-often": lambda: _("“%(way)s” was taken %(times)s times; the version allows %(most)s."),
    "lapses-at-once": lambda: _("“%(way)s” would have been due on %(at)s, and would be taken at once."),
    "capability-gained": lambda: _("“%(capability)s” opens."),
    "capability-lost": lambda: _("“%(capability)s” closes."),
    "way-gained": lambda: _("There is a further way: “%(way)s”."),
    "way-lost": lambda: _("The way “%(way)s” is gone."),
    "way-spent": lambda: _("“%(way)s” cannot be taken again."),
    "round-stays": lambda: _("The open round keeps its questions, its quorum and its deadline."),
    "timer-set": lambda: _("The timer “%(timer)s” falls due on %(at)s."),
    "timer-due": lambda: _("The timer “%(timer)s” was due on %(at)s and fires at once."),
    "timer-dropped": lambda: _("The timer “%(timer)s” is dropped."),
    "body-gained": lambda: _("“%(body)s” decides too, and can read the proposal."),
    "body-lost": lambda: _("“%(body)s” decides no more, and can no longer read the proposal."),
    "conflicts": lambda: _("Other conflicts of interest block or warn."),
    "moves-on": lambda: _("The run moves on at once, to “%(to)s”."),
}
