"""Events of a run in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from engine.models import Disposition, Event, Round, Run
from engine.models.definitions import definition_of
from engine.process.values import Definition


@dataclass(frozen=True)
class HistoryEntry:
    """One event as people read it."""

    at: datetime
    text: str
    who: str


def history(run: Run, *, names_reviewers: bool) -> list[HistoryEntry]:
    """What happened, newest first. Reviewers, and who was asked, are told only to those who may know. Two queries."""
    definition = definition_of(run.version_id)
    events = Event.objects.filter(run=run).select_related("actor", "words").order_by("-number")
    if not names_reviewers:
        events = events.exclude(kind__in=ABOUT_REVIEWERS)
    tests = frozenset(Round.objects.filter(visit__run=run, kind="city-test").values_list("pk", flat=True))
    return [_entry(event, definition, tests, names_reviewers=names_reviewers) for event in events]


def _entry(event: Event, definition: Definition, tests: frozenset[int], *, names_reviewers: bool) -> HistoryEntry:
    words = event.words.words if hasattr(event, "words") else {}
    wording = _OF_CITY_TESTS if event.data.get("round") in tests else _WORDS
    text = wording.get(event.kind, _WORDS.get(event.kind, _plain))(event.data, words, definition)
    if (reason := words.get("reason")) and not _follows_decision(event, definition):
        text = f"{text} {_('Reason:')} {reason}"
    if event.actor is None:
        who = _("By the system")
    elif event.kind in BY_REVIEWERS and not names_reviewers:
        who = _("A city") if event.kind == "case-submitted" else _("A reviewer")
    else:
        who = event.actor.name
    return HistoryEntry(event.at, text, who)


def _follows_decision(event: Event, definition: Definition) -> bool:
    """Whether a decision led to the move: its reason stands beside the decision itself."""
    if event.kind != "moved":
        return False
    stage = definition.by_key.get(event.data.get("from", ""))
    way = stage.transition(event.data.get("transition", "")) if stage else None
    return way is None or way.by == "decider"


Words = Callable[[Mapping[str, Any], Mapping[str, str], Definition], str]


def _label(definition: Definition, key: str) -> str:
    stage = definition.by_key.get(key)
    return stage.label if stage else key


def _moved(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    to = _label(definition, data.get("to", ""))
    match data.get("kind"):
        case "withdraw":
            return _("The submission was withdrawn; the proposal is back in “%(stage)s”.") % {"stage": to}
        case "return":
            return _("The proposal was returned to “%(stage)s”.") % {"stage": to}
        case "end":
            return _("The run ended: “%(stage)s”.") % {"stage": to}
        case _:
            return _("“%(before)s” is done; “%(after)s” began.") % {
                "before": _label(definition, data.get("from", "")),
                "after": to,
            }


def _round_closed(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    if data.get("quorum_met"):
        return _("The review round closed at its deadline; enough reviews were in.")
    return _("The review round closed at its deadline with too few reviews.")


def _test_closed(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    if data.get("quorum_met"):
        return _("The city test closed at its deadline; a case was handed in.")
    return _("The city test closed at its deadline without a case.")


def _branch_opened(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    return _("Beside it “%(stage)s” began.") % {"stage": _label(definition, data.get("stage", ""))}


def _branch_closed(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    stage = _label(definition, data.get("stage", ""))
    return _("“%(stage)s”, which ran beside it, was closed with it.") % {"stage": stage}


def _branch_finished(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    stage = _label(definition, data.get("from", ""))
    return _("“%(stage)s” is done; what runs beside it goes on.") % {"stage": stage}


def _corrected(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    return _("Edition %(number)s was published as a correction.") % {"number": data.get("edition", "")}


def _withdrawn(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    return _("Edition %(number)s was withdrawn from the library.") % {"number": data.get("edition", "")}


def _frozen(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    return _("The text was frozen as revision %(number)s.") % {"number": data.get("revision", "")}


def _published(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    return _("Edition %(number)s was published.") % {"number": data.get("edition", "")}


def _plain(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    return _("Something was recorded.")


def _fixed(text: Callable[[], str]) -> Words:
    return lambda data, words, definition: text()


def _disposed(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    outcome = dict(Disposition.Outcome.choices).get(data.get("outcome", ""), "")
    return _("A point was answered: %(outcome)s.") % {"outcome": str(outcome).lower()}


ABOUT_REVIEWERS = ("reviewer-invited", "invitation-accepted", "invitation-declined", "reviewer-barred")
BY_REVIEWERS = ("review-submitted", "case-submitted")
_WORDS: dict[str, Words] = {
    "run-opened": _fixed(lambda: _("The proposal was started.")),
    "moved": _moved,
    "round-opened": _fixed(lambda: _("A review round was opened.")),
    "reviewer-invited": _fixed(lambda: _("A reviewer was invited.")),
    "invitation-accepted": _fixed(lambda: _("A reviewer accepted.")),
    "invitation-declined": _fixed(lambda: _("A reviewer declined.")),
    "reviewer-barred": _fixed(lambda: _("A reviewer was barred by a conflict of interest.")),
    "review-submitted": _fixed(lambda: _("A review was handed in.")),
    "round-closed": _round_closed,
    "point-answered": _disposed,
    "revision-frozen": _frozen,
    "decided": _fixed(lambda: _("A decision was taken.")),
    "branch-opened": _branch_opened,
    "branch-closed": _branch_closed,
    "branch-finished": _branch_finished,
    "case-submitted": _fixed(lambda: _("A city handed in its case.")),
    "edition-published": _published,
    "edition-corrected": _corrected,
    "edition-withdrawn": _withdrawn,
    "timer-fired": _fixed(lambda: _("A date that had been set has passed.")),
    "set-aside": _fixed(lambda: _("A step failed and will be tried again.")),
}
_OF_CITY_TESTS: dict[str, Words] = {
    "round-opened": _fixed(lambda: _("A city test was opened.")),
    "reviewer-invited": _fixed(lambda: _("Somebody was asked to lead the city test.")),
    "round-closed": _test_closed,
}
