"""Events of a run in words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from ekip.shared.look import length_words
from ekip.shared.look import words as instant_words
from engine.models import Disposition, Event, ProcessVersion, Round, Run
from engine.models.definitions import definition_of
from engine.process.values import Definition


@dataclass(frozen=True)
class HistoryEntry:
    """One event as people read it."""

    at: datetime
    text: str
    who: str


def history(run: Run, *, names_reviewers: bool) -> list[HistoryEntry]:
    """What happened, newest first. Reviewers, and who was asked, are told only to those who may know.

    Two queries; one more for a run that went over to another version.
    """
    events = Event.objects.filter(run=run).select_related("actor", "words").order_by("-number")
    if not names_reviewers:
        events = events.exclude(kind__in=ABOUT_REVIEWERS)
    kinds = dict(Round.objects.filter(visit__run=run).values_list("pk", "kind"))
    return [
        _entry(event, definition, kinds, names_reviewers=names_reviewers)
        for event, definition in _with_definitions(list(events), run)
    ]


def _with_definitions(events: list[Event], run: Run) -> Iterator[tuple[Event, Definition]]:
    """Each event with the definition under which it happened; `events` are in falling order."""
    migrations = [event for event in events if event.kind == "migrated"]
    hashes = [event.data["from"] for event in migrations]
    versions = ProcessVersion.objects.filter(content_hash__in=hashes) if hashes else ()
    before = {version.content_hash: definition_of(version.pk) for version in versions}
    definition = definition_of(run.version_id)
    for event in events:
        yield event, definition
        if event.kind == "migrated":
            definition = before[event.data["from"]]


def _entry(event: Event, definition: Definition, kinds: Mapping[int, str], *, names_reviewers: bool) -> HistoryEntry:
    words = event.words.words if hasattr(event, "words") else {}
    wording = _BY_KIND_OF_ROUND.get(kinds.get(event.data.get("round", 0), ""), _WORDS)
    text = wording.get(event.kind, _WORDS.get(event.kind, _plain))(event.data, words, definition)
    if (reason := words.get("reason")) and not _follows_decision(event, definition):
        text = f"{text} {_('Reason:')} {reason}"
    if event.actor is None:
        who = _("By the system")
    elif event.kind in BY_REVIEWERS and not names_reviewers:
        who = BY_REVIEWERS[event.kind]()
    else:
        who = event.actor.name
    return HistoryEntry(event.at, text, who)


def _follows_decision(event: Event, definition: Definition) -> bool:
    """Whether a decision led to the move: its reason stands beside the decision itself."""
    if event.kind != "moved":
        return False
    way = definition.way(event.data.get("from", ""), event.data.get("transition", ""))
    return way is None or way.by == "decider"


def _is_lapse(data: Mapping[str, Any], definition: Definition) -> bool:
    """Whether a timer took this way, because nobody acted in time."""
    way = definition.way(data.get("from", ""), data.get("transition", ""))
    return way is not None and way.by == "timer"


Words = Callable[[Mapping[str, Any], Mapping[str, str], Definition], str]


def _label(definition: Definition, key: str) -> str:
    stage = definition.by_key.get(key)
    return stage.label if stage else key


def _moved(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    to = _label(definition, data.get("to", ""))
    if _is_lapse(data, definition):
        before = _label(definition, data.get("from", ""))
        return _("The time for “%(before)s” ran out; “%(after)s” began.") % {"before": before, "after": to}
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
        return _("The review round closed; enough reviews were in.")
    return _("The review round closed with too few reviews.")


def _test_closed(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    if data.get("quorum_met"):
        return _("The city test closed; a case was handed in.")
    return _("The city test closed without a case.")


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


def _superseded(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    return _("Another publication took the place of edition %(number)s.") % {"number": data.get("edition", "")}


def _withdrawn(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    return _("Edition %(number)s was withdrawn from the library.") % {"number": data.get("edition", "")}


def _frozen(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    return _("The text was frozen as revision %(number)s.") % {"number": data.get("revision", "")}


def _published(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    return _("Edition %(number)s was published.") % {"number": data.get("edition", "")}


def _gathering(text: Callable[[], str], titled: Callable[[], str]) -> Words:
    """The title stands there as long as it was not erased."""
    return lambda data, words, definition: titled() % words if "title" in words else text()


def _migrated(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    return _("The proposal goes on under version %(number)s of “%(process)s”.") % {
        "number": data.get("number", ""),
        "process": definition.title,
    }


def _plain(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    return _("Something was recorded.")


def _fixed(text: Callable[[], str]) -> Words:
    return lambda data, words, definition: text()


def _disposed(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    outcome = dict(Disposition.Outcome.choices).get(data.get("outcome", ""), "")
    return _("A point was answered: %(outcome)s.") % {"outcome": str(outcome).lower()}


def _consultation_closed(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    if data.get("quorum_met"):
        return _("The consultation closed; enough contributions were in.")
    return _("The consultation closed with too few contributions.")


def _extended(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    before, after = (instant_words(datetime.fromisoformat(data[name])) for name in ("from", "to"))
    if stage := data.get("stage"):
        text = _("“%(stage)s” got more time: until %(after)s instead of %(before)s.")
        return text % {"stage": _label(definition, stage), "after": after, "before": before}
    return _("The deadline of the round moved from %(before)s to %(after)s.") % {"before": before, "after": after}


def _closed_early(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    at = instant_words(datetime.fromisoformat(data["from"]))
    return _("The round was closed before its deadline, which was %(at)s.") % {"at": at}


def _paused(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    if until := data.get("until"):
        at = instant_words(datetime.fromisoformat(until))
        return _("The proposal was paused until %(at)s; its deadlines stand still.") % {"at": at}
    return _("The proposal was paused; its deadlines stand still.")


def _resumed(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    return _("The proposal goes on; its deadlines have moved on by %(length)s.") % {
        "length": length_words(timedelta(seconds=data.get("seconds", 0)))
    }


def _reviewer_left(data: Mapping[str, Any], words: Mapping[str, str], definition: Definition) -> str:
    if data.get("stays"):
        return _("A reviewer left the organisation for which they were asked, and stays in the round.")
    return _("A reviewer has no account any more and was taken out of the round.")


ABOUT_REVIEWERS = (
    "reviewer-invited",
    "invitation-accepted",
    "invitation-declined",
    "reviewer-barred",
    "reviewer-left",
    "consultation-joined",
)
BY_REVIEWERS: dict[str, Callable[[], str]] = {
    "review-submitted": lambda: _("A reviewer"),
    "case-submitted": lambda: _("A city"),
    "contribution-submitted": lambda: _("Somebody who took part"),
}
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
    "consultation-joined": _fixed(lambda: _("Somebody took part in the consultation.")),
    "contribution-submitted": _fixed(lambda: _("A contribution was handed in.")),
    "edition-published": _published,
    "edition-corrected": _corrected,
    "edition-superseded": _superseded,
    "edition-withdrawn": _withdrawn,
    "reviewer-left": _reviewer_left,
    "deadline-extended": _extended,
    "round-closed-early": _closed_early,
    "paused": _paused,
    "resumed": _resumed,
    "timer-fired": _fixed(lambda: _("A date that had been set has passed.")),
    "gathering-recorded": _gathering(
        lambda: _("A gathering was recorded."), lambda: _("A gathering was recorded: “%(title)s”.")
    ),
    "gathering-changed": _gathering(
        lambda: _("A gathering was changed."), lambda: _("A gathering was changed: “%(title)s”.")
    ),
    "gathering-removed": _gathering(
        lambda: _("A gathering was removed."), lambda: _("A gathering was removed: “%(title)s”.")
    ),
    "migrated": _migrated,
    "set-aside": _fixed(lambda: _("A step failed and will be tried again.")),
}
_BY_KIND_OF_ROUND: dict[str, dict[str, Words]] = {
    "city-test": {
        "round-opened": _fixed(lambda: _("A city test was opened.")),
        "reviewer-invited": _fixed(lambda: _("Somebody was asked to lead the city test.")),
        "round-closed": _test_closed,
    },
    "consultation": {
        "round-opened": _fixed(lambda: _("The consultation was opened to everybody.")),
        "round-closed": _consultation_closed,
    },
}
