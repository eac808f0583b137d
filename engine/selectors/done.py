"""What a person did last, in words, from the record of the runs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.models import Assignment, Event, Round
from engine.models.definitions import definition_of
from partners.models import User

MOST = 8
LOOKED_AT = 60
KINDS = (
    "run-opened",
    "moved",
    "round-opened",
    "invitation-accepted",
    "invitation-declined",
    "review-submitted",
    "case-submitted",
    "consultation-joined",
    "contribution-submitted",
    "point-answered",
    "decided",
)


@dataclass(frozen=True)
class Done:
    """One thing that the person did; `times` counts answers to points that followed one another."""

    event: Event
    url: str
    times: int = 1
    round_kind: str = ""

    @property
    def at(self) -> datetime:
        """When, for the last time."""
        return self.event.at

    @property
    def text(self) -> str:
        """What, with the title of the proposal."""
        words = {"title": self.event.run.proposal.title, "n": self.times}
        match self.event.kind:
            case "run-opened":
                return _("You started “%(title)s”.") % words
            case "moved" if self.event.data["kind"] == "withdraw":
                return _("You withdrew “%(title)s”.") % words
            case "moved" if self.event.data["kind"] == "return":
                return _("You sent “%(title)s” back to its authors.") % words
            case "moved":
                return _("You submitted “%(title)s”.") % words
            case "round-opened" if self.round_kind == "consultation":
                return _("You opened the consultation of “%(title)s”.") % words
            case "consultation-joined":
                return _("You took part in the consultation of “%(title)s”.") % words
            case "contribution-submitted":
                return _("You contributed to “%(title)s”.") % words
            case "round-opened" if self.round_kind == "city-test":
                return _("You opened the city test of “%(title)s”.") % words
            case "round-opened":
                return _("You opened the review round of “%(title)s”.") % words
            case "invitation-accepted" if self.round_kind == "city-test":
                return _("You agreed to test “%(title)s”.") % words
            case "invitation-declined" if self.round_kind == "city-test":
                return _("You declined to test “%(title)s”.") % words
            case "case-submitted":
                return _("You recorded the city test of “%(title)s”.") % words
            case "invitation-accepted":
                return _("You agreed to review “%(title)s”.") % words
            case "invitation-declined":
                return _("You declined to review “%(title)s”.") % words
            case "review-submitted":
                return _("You reviewed “%(title)s”.") % words
            case "point-answered":
                return (
                    ngettext(
                        "You answered %(n)d point in “%(title)s”.",
                        "You answered %(n)d points in “%(title)s”.",
                        self.times,
                    )
                    % words
                )
            case _:
                return _("You decided on “%(title)s”.") % words


def recently_done(person: User, *, readable: frozenset[int]) -> tuple[Done, ...]:
    """The person's own last events, newest first; `readable` are the proposals whose page they can open.

    Three queries.
    """
    rows = list(
        Event.objects.filter(actor=person, kind__in=KINDS, run__proposal__deleted_at=None)
        .select_related("run__proposal", "run__publication")
        .order_by("-at", "-pk")[:LOOKED_AT]
    )
    kinds = _round_kinds(rows)
    entries = (
        Done(event, _path(event, readable), round_kind=kinds.get(event.pk, ""))
        for event in rows
        if not _is_decider_s_move(event)
    )
    return tuple(_joined(entries))[:MOST]


def _round_kinds(events: Iterable[Event]) -> dict[int, str]:
    """The kind of round that events are about, by event id. Two queries."""
    rounds = {event.pk: event.data["round"] for event in events if event.kind == "round-opened"}
    asked = {event.pk: event.data["assignment"] for event in events if event.kind.startswith("invitation-")}
    of_rounds = dict(Round.objects.filter(pk__in=rounds.values()).values_list("pk", "kind"))
    of_asked = dict(Assignment.objects.filter(pk__in=asked.values()).values_list("pk", "round__kind"))
    return {pk: of_rounds.get(round, "") for pk, round in rounds.items()} | {
        pk: of_asked.get(assignment, "") for pk, assignment in asked.items()
    }


def _joined(entries: Iterable[Done]) -> list[Done]:
    """Answers to points of one proposal that follow one another become one line."""
    joined: list[Done] = []
    for entry in entries:
        last = joined[-1] if joined else None
        if last and entry.event.kind == last.event.kind == "point-answered" and entry.event.run_id == last.event.run_id:
            joined[-1] = replace(last, times=last.times + 1)
        else:
            joined.append(entry)
    return joined


def _is_decider_s_move(event: Event) -> bool:
    """A decision moves the run too; it is told once."""
    if event.kind != "moved":
        return False
    way = definition_of(event.run.version_id).way(event.data["from"], event.data["transition"])
    return way is None or way.by not in ("author", "coordinator")


def _path(event: Event, readable: frozenset[int]) -> str:
    if event.run.publication:
        return reverse("library:publication", args=[event.run.publication.slug])
    if event.run.proposal_id in readable:
        return reverse("engine:proposal", args=[event.run.proposal_id])
    return ""
