"""What people are told when deadlines move or stand still, with each date in the zone of who reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ekip.shared.look import words as instant_words
from engine.models import Assignment, Event, Run
from engine.models.definitions import definition_of
from engine.notices import thread_of
from partners.models import User
from partners.services.outbox import Message
from partners.zones import zone_of

if TYPE_CHECKING:
    from engine.services.messages import Circle

KINDS = frozenset({"deadline-extended", "round-closed-early", "paused", "resumed"})


def note_dates(events: Sequence[Event], circles: Mapping[int, Circle]) -> None:
    """Gather who still works in the rounds concerned, and the zone of everybody. A constant number of queries."""
    telling = [event for event in events if event.kind in KINDS]
    if not telling:
        return
    concerned = {event.run_id for event in telling}
    waiting = Assignment.objects.filter(
        round__visit__run__in=concerned, round__closed_at=None, round__cancelled_at=None
    ).filter(declined_at=None, barred_at=None, review__submitted_at=None, reviewer__is_active=True)
    for each in waiting.select_related("round__visit").order_by("pk"):
        circles[each.round.visit.run_id].waiting.append(each)
    people = {person for run in concerned for person in _everybody(circles[run])}
    zones = dict(User.objects.filter(pk__in=people).values_list("pk", "time_zone"))
    for run in concerned:
        circles[run].zones = zones
        circles[run].closes = {each.round_id: each.round.closes_at for each in circles[run].waiting}


def _everybody(circle: Circle) -> list[int]:
    return [*circle.authors, *circle.coordinators, *(each.reviewer_id for each in circle.waiting)]


def extended(event: Event, run: Run, circle: Circle) -> list[Message]:
    """The old and the new date, to all whom it concerns."""
    title = {"title": run.proposal.title}
    stage = definition_of(run.version_id).by_key.get(event.data.get("stage", ""))
    before, after = (datetime.fromisoformat(event.data[name]) for name in ("from", "to"))

    def body(person: int) -> str:
        dates = {"before": _in_zone(before, person, circle), "after": _in_zone(after, person, circle)}
        return _("It was %(before)s. The new deadline is %(after)s.") % dates + _because(event)

    round_id = event.data.get("round")
    if round_id:
        subject = _("More time for the round on “%(title)s”") % title
    else:
        subject = _("More time for “%(title)s” in the stage %(stage)s") % (
            title | {"stage": stage.label if stage else event.data["stage"]}
        )
    waiting = [each for each in circle.waiting if each.round_id == round_id]
    told = _to_reviewers(waiting, event, "deadline-moved", subject, body)
    page = reverse("engine:round", args=[round_id]) if round_id else _page(run)
    return [*told, *_to_others(circle, event, "deadline-moved", subject, body, page, told)]


def closed_early(event: Event, run: Run, circle: Circle) -> list[Message]:
    """To those who had not handed in, and to the other coordinators; what follows is told as at every closing."""
    subject = _("The round on “%(title)s” was closed early") % {"title": run.proposal.title}
    before = datetime.fromisoformat(event.data["from"])

    def for_reviewers(person: int) -> str:
        words = _("It was to close on %(at)s. Nothing more can be handed in, and there is nothing more to do for you.")
        return words % {"at": _in_zone(before, person, circle)} + _because(event)

    def for_coordinators(person: int) -> str:
        return _("It was to close on %(at)s.") % {"at": _in_zone(before, person, circle)} + _because(event)

    waiting = [each for each in circle.waiting if each.round_id == event.data["round"]]
    told = _to_reviewers(waiting, event, "round-closed-early", subject, for_reviewers, path="")
    page = reverse("engine:round", args=[event.data["round"]])
    others = [person for person in circle.coordinators if person not in {each.person_id for each in told}]
    return [*told, *_messages(others, event, "round-closed-early", subject, for_coordinators, page)]


def paused(event: Event, run: Run, circle: Circle) -> list[Message]:
    """To all who write, review or coordinate."""
    subject = _("“%(title)s” is paused") % {"title": run.proposal.title}
    until = event.data.get("until")

    def body(person: int) -> str:
        text = _("Its deadlines stand still. You can go on writing; what you save is kept.")
        if until:
            at = _in_zone(datetime.fromisoformat(until), person, circle)
            text += " " + _("It goes on by itself on %(at)s.") % {"at": at}
        return text + _because(event)

    told = _to_reviewers(circle.waiting, event, "paused", subject, body)
    return [*told, *_to_others(circle, event, "paused", subject, body, _page(run), told)]


def resumed(event: Event, run: Run, circle: Circle) -> list[Message]:
    """To all who write, review or coordinate; reviewers read their new deadline."""
    subject = _("“%(title)s” goes on") % {"title": run.proposal.title}
    moved = _("Every deadline has moved on by the length of the pause.")
    rounds = {each.reviewer_id: each.round_id for each in circle.waiting}

    def body(person: int) -> str:
        if (round_id := rounds.get(person)) is None:
            return moved
        at = _in_zone(circle.closes[round_id], person, circle)
        return moved + " " + _("Yours is %(at)s.") % {"at": at}

    told = _to_reviewers(circle.waiting, event, "resumed", subject, body)
    return [*told, *_to_others(circle, event, "resumed", subject, body, _page(run), told)]


def _to_reviewers(
    waiting: Iterable[Assignment],
    event: Event,
    kind: str,
    subject: str,
    body: Callable[[int], str],
    path: str | None = None,
) -> list[Message]:
    return [
        message
        for each in waiting
        for message in _messages([each.reviewer_id], event, kind, subject, body, _work(each) if path is None else path)
    ]


def _to_others(
    circle: Circle,
    event: Event,
    kind: str,
    subject: str,
    body: Callable[[int], str],
    path: str,
    told: Sequence[Message],
) -> list[Message]:
    """Authors and coordinators who have not been told as reviewers."""
    known = {message.person_id for message in told}
    people = [each for each in dict.fromkeys([*circle.authors, *circle.coordinators]) if each not in known]
    return _messages(people, event, kind, subject, body, path)


def _messages(
    people: Iterable[int], event: Event, kind: str, subject: str, body: Callable[[int], str], path: str
) -> list[Message]:
    """Whoever did it knows."""
    cause, thread = f"event:{event.pk}", thread_of(event.run_id)
    return [Message(each, kind, cause, subject, body(each), path, thread) for each in people if each != event.actor_id]


def _work(assignment: Assignment) -> str:
    """The page on which the reviewer goes on."""
    if assignment.accepted_at is None:
        return reverse("engine:invitation", args=[assignment.pk])
    page = "engine:case" if assignment.round.kind == "city-test" else "engine:review"
    return reverse(page, args=[assignment.pk])


def _page(run: Run) -> str:
    return reverse("engine:proposal", args=[run.proposal_id])


def _in_zone(at: datetime, person: int, circle: Circle) -> str:
    with timezone.override(zone_of(circle.zones.get(person, ""))):
        return instant_words(at)


def _because(event: Event) -> str:
    words = event.words.words if hasattr(event, "words") else {}
    return "\n\n" + _("Reason: %(reason)s") % {"reason": words["reason"]} if words.get("reason") else ""
