"""Closing a round as it is often written: one task and one transaction for each, rows read and saved one by one.

It writes the same rows as the engine, and nothing in it is slow on purpose.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from celery import shared_task
from django.db import transaction
from django.urls import reverse

from engine.models import Event, Point, Review, Round, Run, Timer, Visit
from engine.models.definitions import definition_of
from engine.process.chain import GENESIS, Link, link_hash
from engine.process.mail_texts import fill
from engine.wording import BY_KEY
from partners.models import Choice, Delivery, Notification, RoleGrant
from partners.services.outbox import message_id
from recommendations.models import Grant, Opening


def close_all(round_ids: Collection[int], *, now: datetime) -> None:
    """Ring once for each round; the task runs here and now, without a broker, which only makes it faster."""
    for pk in round_ids:
        close_round.apply(kwargs={"round_id": pk, "now": now.isoformat()}, throw=True)


@shared_task(name="bench.close_round")
def close_round(*, round_id: int, now: str) -> None:
    """Close one round that is due, and take its run onward when the quorum is met."""
    at = datetime.fromisoformat(now)
    with transaction.atomic():
        round = Round.objects.select_related("visit").get(pk=round_id)
        run = Run.objects.select_for_update(of=("self",)).select_related("proposal__area").get(pk=round.visit.run_id)
        round.refresh_from_db(fields=["closed_at", "cancelled_at", "closes_at"])
        if round.closed_at or round.cancelled_at or at < round.closes_at:
            return
        handed_in = Review.objects.filter(assignment__round=round, assignment__barred_at=None)
        submitted = handed_in.exclude(submitted_at=None).count()
        round.closed_at = at
        round.save(update_fields=["closed_at"])
        met = submitted >= round.quorum
        event = _append(run, "round-closed", {"round": round.pk, "quorum_met": met}, at)
        if met:
            _advance(run, round.visit, at)
        else:
            lacks = f"{round.quorum - submitted} review"
            people = [*_coordinators(run), *_authors(run)]
            _tell(people, event, run, "quorum-missed", reverse("engine:proposal", args=[run.proposal_id]), lacks=lacks)


def _advance(run: Run, visit: Visit, now: datetime) -> None:
    definition = definition_of(run.version_id)
    way = next(each for each in definition.stage(visit.stage).transitions if each.by == "system")
    visit.left_at, visit.left_by = now, way.key
    visit.save(update_fields=["left_at", "left_by"])
    for timer in visit.timers.filter(fired_at=None):
        timer.cancelled_at = now
        timer.save(update_fields=["cancelled_at"])
    data = {"from": visit.stage, "transition": way.key, "kind": way.kind}
    if run.visits.filter(left_at=None).exists():
        _append(run, "branch-finished", data, now)
        _set_openings(run)
        return
    stage = definition.stage(way.to)
    entered = Visit.objects.create(
        run=run, stage=stage.key, number=run.visits.latest("number").number + 1, entered_at=now
    )
    for timer in stage.timers:
        Timer.objects.create(visit=entered, key=timer.key, due_at=now + timer.after)
    _set_openings(run)
    event = _append(run, "moved", data | {"to": stage.key}, now)
    points = Point.objects.filter(review__assignment__round__visit__run=run, disposition=None)
    number = points.exclude(review__submitted_at=None).count()
    said = f"{number} point" if number == 1 else f"{number} points"
    path = reverse("engine:points", args=[run.proposal_id])
    _tell(_authors(run), event, run, "review-closed", path, points=said, stage=stage.label)


def _append(run: Run, kind: str, data: dict[str, Any], now: datetime) -> Event:
    last = Event.objects.filter(run=run).order_by("-number").first()
    number, previous = (last.number + 1, last.hash) if last else (1, GENESIS)
    seal = secrets.token_hex(16)
    link = Link(run.pk, number, kind, now, None, data, previous, seal=seal)
    return Event.objects.create(
        run=run, number=number, kind=kind, at=now, data=data, previous_hash=previous, hash=link_hash(link), seal=seal
    )


def _set_openings(run: Run) -> None:
    definition = definition_of(run.version_id)
    wanted: set[str] = set()
    for stage in run.visits.filter(left_at=None).values_list("stage", flat=True):
        wanted |= definition.stage(stage).capabilities
    for opening in Opening.objects.filter(proposal=run.proposal_id):
        if opening.capability not in wanted:
            opening.delete()
        wanted.discard(opening.capability)
    for capability in wanted:
        Opening.objects.create(proposal_id=run.proposal_id, capability=capability)


def _authors(run: Run) -> Sequence[int]:
    rows = Grant.objects.filter(proposal=run.proposal_id, right=Grant.Right.AUTHOR, ends_at=None)
    return list(rows.filter(person__is_active=True).values_list("person_id", flat=True))


def _coordinators(run: Run) -> Sequence[int]:
    rows = RoleGrant.objects.filter(role__in=["coordinator", "deputy"], ended_at=None, person__is_active=True)
    return list(rows.filter(scope__in=["", f"area:{run.proposal.area.slug}"]).values_list("person_id", flat=True))


def _tell(people: Sequence[int], event: Event, run: Run, kind: str, path: str, **values: str) -> None:
    values |= {"title": run.proposal.title}
    for person in people:
        notification, made = Notification.objects.get_or_create(
            person_id=person,
            kind=kind,
            cause=f"event:{event.pk}",
            defaults={
                "subject": fill(str(BY_KEY[kind].subject), values),
                "body": fill(str(BY_KEY[kind].body), values),
                "path": path,
                "thread": f"run:{run.pk}",
                "created_at": event.at,
            },
        )
        if made and not Choice.objects.filter(person=person).exists():
            Delivery.objects.create(
                notification=notification,
                channel=Delivery.Channel.MAIL,
                message_id=message_id(person, kind, notification.cause, Delivery.Channel.MAIL),
                next_attempt_at=event.at,
            )
