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
    "point-answered",
    "decided",
)


@dataclass(frozen=True)
class Done:
    """One thing that the person did; `times` counts answers to points that followed one another."""

    event: Event
    url: str
    times: int = 1
    is_city_test: bool = False

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
            case "round-opened" if self.is_city_test:
                return _("You opened the city test of “%(title)s”.") % words
            case "round-opened":
                return _("You opened the review round of “%(title)s”.") % words
            case "invitation-accepted" if self.is_city_test:
                return _("You agreed to test “%(title)s”.") % words
            case "invitation-declined" if self.is_city_test:
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
    tests = _city_tests(rows)
    entries = (
        Done(event, _path(event, readable), is_city_test=event.pk in tests)
        for event in rows
        if not _is_decider_s_move(event)
    )
    return tuple(_joined(entries))[:MOST]


def _city_tests(events: Iterable[Event]) -> frozenset[int]:
    """Ids of those events that are about a round in which a city tests. Two queries."""
    rounds = {event.pk: event.data["round"] for event in events if event.kind == "round-opened"}
    asked = {event.pk: event.data["assignment"] for event in events if event.kind.startswith("invitation-")}
    tests = set(Round.objects.filter(pk__in=rounds.values(), kind="city-test").values_list("pk", flat=True))
    tested = Assignment.objects.filter(pk__in=asked.values(), round__kind="city-test")
    tested_ids = set(tested.values_list("pk", flat=True))
    return frozenset(
        [pk for pk, round in rounds.items() if round in tests]
        + [pk for pk, assignment in asked.items() if assignment in tested_ids]
    )


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
    way = definition_of(event.run.version_id).stage(event.data["from"]).transition(event.data["transition"])
    return way is None or way.by not in ("author", "coordinator")


def _path(event: Event, readable: frozenset[int]) -> str:
    if event.run.publication:
        return reverse("library:publication", args=[event.run.publication.slug])
    if event.run.proposal_id in readable:
        return reverse("engine:proposal", args=[event.run.proposal_id])
    return ""
