"""What people are told when deadlines move or stand still, and when a reviewer leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from engine.models import Assignment, Event, Round, Run, Timer
from engine.models.definitions import definition_of
from engine.permissions import barred_among
from engine.selectors.panels import lacking, lacking_words
from engine.services.letters import Telling

if TYPE_CHECKING:
    from engine.services.messages import Circle

KINDS = frozenset({"deadline-extended", "round-closed-early", "paused", "resumed"})


def note_dates(events: Sequence[Event], circles: Mapping[int, Circle]) -> None:
    """Gather who still works in the rounds concerned. A constant number of queries."""
    concerned = {event.run_id for event in events if event.kind in KINDS}
    if not concerned:
        return
    waiting = Assignment.objects.filter(
        round__visit__run__in=concerned, round__closed_at=None, round__cancelled_at=None
    ).filter(declined_at=None, barred_at=None, review__submitted_at=None, reviewer__is_active=True)
    for each in waiting.select_related("round__visit").order_by("pk"):
        circles[each.round.visit.run_id].waiting.append(each)
    for run, due in _next_dues({event.run_id for event in events if event.kind == "resumed"}).items():
        circles[run].next_due = due


def note_departed(events: Sequence[Event], circles: Mapping[int, Circle], runs: Mapping[int, Run]) -> None:
    """Gather who has left, what their rounds lack now, and who may know of it. A constant number of queries."""
    left = {event.data["assignment"]: event.run_id for event in events if event.kind == "reviewer-left"}
    if not left:
        return
    rows = Assignment.objects.filter(pk__in=left).select_related("reviewer", "round")
    lacks = lacking(list({row.round_id: row.round for row in rows}.values()))
    for row in rows:
        lack = lacking_words(lacks[row.round_id], row.round.kind)
        circles[left[row.pk]].departed[row.pk] = row.reviewer.name, lack
    concerned = {run: circles[run].coordinators for run in left.values()}
    barred = barred_among({runs[run].proposal: people for run, people in concerned.items()})
    for run, people in concerned.items():
        circles[run].knowing = [person for person in people if (runs[run].proposal_id, person) not in barred]


def reviewer_left(event: Event, run: Run, circle: Circle) -> list[Telling]:
    """To the coordinators, who may ask somebody else; a conflict of interest bars from knowing who reviews."""
    name, lacks = circle.departed[event.data["assignment"]]
    wording = "reviewer-moved" if event.data["stays"] else "reviewer-left"
    page = reverse("engine:round", args=[event.data["round"]])
    return [_telling(circle.knowing, event, run, "reviewer-left", wording, {"reviewer": name, "lacks": lacks}, page)]


def extended(event: Event, run: Run, circle: Circle) -> list[Telling]:
    """The old and the new date, to all whom it concerns."""
    before, after = (datetime.fromisoformat(event.data[name]) for name in ("from", "to"))
    values: dict[str, str | datetime] = {"before": before, "closes_at": after}
    round_id = event.data.get("round")
    waiting = [each for each in circle.waiting if each.round_id == round_id]
    if round_id:
        page, wording = reverse("engine:round", args=[round_id]), "round-extended"
    else:
        page, wording = _page(run), "stage-extended"
        stage = definition_of(run.version_id).by_key.get(event.data["stage"])
        values["stage"] = stage.label if stage else event.data["stage"]
    told = [_to_reviewer(each, event, run, "deadline-moved", wording, values) for each in waiting]
    return [*told, *_to_others(circle, waiting, event, run, "deadline-moved", wording, values, page)]


def closed_early(event: Event, run: Run, circle: Circle) -> list[Telling]:
    """To those who had not handed in, and to the other coordinators; what follows is told as at every closing."""
    values = {"before": datetime.fromisoformat(event.data["from"])}
    reviewers = [each.reviewer_id for each in circle.waiting if each.round_id == event.data["round"]]
    others = [person for person in circle.coordinators if person not in reviewers]
    kind, page = "round-closed-early", reverse("engine:round", args=[event.data["round"]])
    return [
        _telling(reviewers, event, run, kind, "round-closed-for-reviewers", values, ""),
        _telling(others, event, run, kind, kind, values, page),
    ]


def paused(event: Event, run: Run, circle: Circle) -> list[Telling]:
    """To all who write, review or coordinate."""
    until = event.data.get("until")
    values = {"until": datetime.fromisoformat(until) if until else ""}
    told = [_to_reviewer(each, event, run, "paused", "paused", values) for each in circle.waiting]
    return [*told, *_to_others(circle, circle.waiting, event, run, "paused", "paused", values, _page(run))]


def resumed(event: Event, run: Run, circle: Circle) -> list[Telling]:
    """To all who write, review or coordinate; reviewers read their own new deadline, the others the next one."""
    told = [
        _to_reviewer(each, event, run, "resumed", "resumed", {"closes_at": each.round.closes_at})
        for each in circle.waiting
    ]
    values: dict[str, str | datetime] = {"closes_at": circle.next_due or ""}
    return [*told, *_to_others(circle, circle.waiting, event, run, "resumed", "resumed", values, _page(run))]


def _next_dues(runs: Collection[int]) -> dict[int, datetime]:
    """The next date of each run: of its open rounds, and of the stages that wait for a timer. Two queries at most."""
    if not runs:
        return {}
    rounds = Round.objects.filter(visit__run__in=runs, visit__left_at=None, closed_at=None, cancelled_at=None)
    open_rounds = list(rounds.values_list("visit", "visit__run", "closes_at"))
    timers = Timer.objects.filter(visit__run__in=runs, visit__left_at=None, fired_at=None, cancelled_at=None)
    waiting = timers.exclude(visit__in=[visit for visit, _, _ in open_rounds])
    dues: dict[int, datetime] = {}
    for _, run, due in [*open_rounds, *waiting.values_list("visit", "visit__run", "due_at")]:
        dues[run] = min(due, dues.get(run, due))
    return dues


def _to_reviewer(
    assignment: Assignment, event: Event, run: Run, kind: str, wording: str, values: Mapping[str, str | datetime]
) -> Telling:
    return _telling([assignment.reviewer_id], event, run, kind, wording, values, _work(assignment))


def _to_others(
    circle: Circle,
    waiting: Iterable[Assignment],
    event: Event,
    run: Run,
    kind: str,
    wording: str,
    values: Mapping[str, str | datetime],
    path: str,
) -> list[Telling]:
    """Authors and coordinators who are not told as reviewers."""
    known = {each.reviewer_id for each in waiting}
    people = [person for person in (*circle.authors, *circle.coordinators) if person not in known]
    return [_telling(people, event, run, kind, wording, values, path)]


def _telling(
    people: Collection[int],
    event: Event,
    run: Run,
    kind: str,
    wording: str,
    values: Mapping[str, str | datetime],
    path: str,
) -> Telling:
    """Whoever did it knows."""
    others = [person for person in people if person != event.actor_id]
    words = event.words.words if hasattr(event, "words") else {}
    return Telling(run, others, kind, f"event:{event.pk}", wording, path, {**values, "reason": words.get("reason", "")})


def _work(assignment: Assignment) -> str:
    """The page on which the reviewer goes on."""
    if assignment.accepted_at is None:
        return reverse("engine:invitation", args=[assignment.pk])
    page = "engine:case" if assignment.round.kind == "city-test" else "engine:review"
    return reverse(page, args=[assignment.pk])


def _page(run: Run) -> str:
    return reverse("engine:proposal", args=[run.proposal_id])
