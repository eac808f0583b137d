"""What a person did last, in words, from the record of the runs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.models import Event
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
    "point-answered",
    "decided",
)


@dataclass(frozen=True)
class Done:
    """One thing that the person did; `times` counts answers to points that followed one another."""

    event: Event
    url: str
    times: int = 1

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
            case "moved":
                return _("You submitted “%(title)s”.") % words
            case "round-opened":
                return _("You opened the review round of “%(title)s”.") % words
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
    """The person's own last events, newest first; `readable` are the proposals whose page they can open. One query."""
    rows = (
        Event.objects.filter(actor=person, kind__in=KINDS, run__proposal__deleted_at=None)
        .select_related("run__proposal", "run__publication")
        .order_by("-at", "-pk")[:LOOKED_AT]
    )
    return tuple(_joined(Done(event, _path(event, readable)) for event in rows if not _is_decider_s_move(event)))[:MOST]


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
    return way is None or way.by != "author"


def _path(event: Event, readable: frozenset[int]) -> str:
    if event.run.publication:
        return reverse("library:publication", args=[event.run.publication.slug])
    if event.run.proposal_id in readable:
        return reverse("engine:proposal", args=[event.run.proposal_id])
    return ""
