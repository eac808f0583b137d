"""The parts of a decision record, each for its audience. What a part tells, it tells of events that are told."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from engine.models import Assignment, Decision, Event, Point, Round
from engine.process.chain import Link, body_hash, sealed_actor
from recommendations.models import Edition, Publication

EDITIONS = ("edition-published", "edition-corrected", "edition-superseded", "edition-withdrawn")
# What those may read in a record who may not know about reviewers. What is not named here is withheld.
PUBLIC = frozenset(
    {
        "run-opened",
        "moved",
        "branch-opened",
        "branch-closed",
        "branch-finished",
        "round-opened",
        "round-closed",
        "round-closed-early",
        "deadline-extended",
        "paused",
        "resumed",
        "point-answered",
        "revision-frozen",
        "decided",
        "timer-fired",
        "gathering-recorded",
        "gathering-changed",
        "gathering-removed",
        "migrated",
        "set-aside",
        *EDITIONS,
    }
)
HANDED_IN = ("review-submitted", "case-submitted", "contribution-submitted")
# They hold advice, scores and who was asked; the rounds say how many.
WITHHELD = frozenset(
    {
        "reviewer-invited",
        "invitation-accepted",
        "invitation-declined",
        "reviewer-barred",
        "reviewer-left",
        "review-submitted",
        "case-submitted",
        "consultation-joined",
        "contribution-submitted",
    }
)


class Audience(StrEnum):
    """For whom a record is made."""

    OVERSEERS = "those who oversee it"
    AUTHORS = "its authors"
    EVERYBODY = "everybody"


class Told:
    """The events that are told to an audience, and which pseudonym stands for whom; `has_words` is whether the texts of
    points are shown.
    """

    def __init__(self, audience: Audience, by_number: dict[int, Event], *, has_words: bool) -> None:
        self.audience = audience
        self.by_number = by_number
        self.events = list(by_number.values())
        self.has_words = has_words
        acted = dict.fromkeys(event.actor_id for event in self.events if event.actor_id)
        self._pseudonyms = {person: f"person-{number}" for number, person in enumerate(acted, start=1)}

    @property
    def is_full(self) -> bool:
        """Whether everybody is named."""
        return self.audience == Audience.OVERSEERS

    def of(self, *kinds: str) -> list[Event]:
        """The told events of some kinds, in order."""
        return [event for event in self.events if event.kind in kinds]

    def by_row(self, member: str, *kinds: str) -> dict[int, Event]:
        """The last told event of some kinds about each row that `member` of its data names."""
        return {event.data[member]: event for event in self.of(*kinds)}

    def pseudonym(self, person: int | None) -> str:
        """The same name for the same person, in this record only."""
        return "system" if person is None else self._pseudonyms[person]

    def reason(self, event: Event | None) -> str:
        """The reason that was written with an event, unless it was erased or is not for this audience."""
        if event is None or not self.has_words or not hasattr(event, "words"):
            return ""
        return event.words.words.get("reason", "")


def events(rows: Iterable[Event], told: Told) -> list[dict[str, Any]]:
    """Every event: told ones whole, of others what proves that they are in the chain."""
    return [_event(row, told) if row.number in told.by_number else _withheld(row) for row in rows]


def _event(row: Event, told: Told) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "number": row.number,
        "kind": row.kind,
        "at": row.at.isoformat(),
        "data": row.data,
        "previous": row.previous_hash,
        "hash": row.hash,
    }
    if not told.is_full:
        shown["by"] = told.pseudonym(row.actor_id)
    if told.is_full or row.actor_id is None:
        shown["actor"] = row.actor_id
        if row.seal:
            shown["seal"] = row.seal
    else:
        shown["sealed_actor"] = sealed_actor(row.seal, row.actor_id)
    if told.is_full and hasattr(row, "words"):
        shown |= {"salt": row.words.salt, "words": row.words.words}
    return shown


def _withheld(row: Event) -> dict[str, Any]:
    """A hash of a body whose seal is not told says nothing; of an event without a seal not even that is told."""
    link = {"number": row.number, "previous": row.previous_hash, "hash": row.hash}
    if not row.seal:
        return link
    body = Link(row.run_id, row.number, row.kind, row.at, row.actor_id, row.data, row.previous_hash, seal=row.seal)
    return link | {"body": body_hash(body)}


def revisions(told: Told) -> list[dict[str, Any]]:
    """The frozen texts, by the hash of their canonical bytes."""
    return [
        {
            "event": event.number,
            "number": event.data["revision"],
            "hash": event.data["content"],
            "frozen_at": event.at.isoformat(),
        }
        for event in told.of("revision-frozen")
    ]


def rounds(told: Told) -> list[dict[str, Any]]:
    """The rounds with their rules and how many took part; who, only in the full form."""
    opened, closed = told.by_row("round", "round-opened"), told.by_row("round", "round-closed")
    rows = Round.objects.filter(pk__in=opened).select_related("revision").order_by("opened_at", "pk")
    asked: dict[int, list[Assignment]] = {}
    for each in Assignment.objects.filter(round__in=opened).select_related("review", "organisation").order_by("pk"):
        asked.setdefault(each.round_id, []).append(each)
    return [_round(row, opened[row.pk], closed.get(row.pk), asked.get(row.pk, []), told) for row in rows]


def _round(row: Round, opened: Event, closed: Event | None, asked: list[Assignment], told: Told) -> dict[str, Any]:
    counting = [each for each in asked if each.barred_at is None]
    shown: dict[str, Any] = {
        "opened_in": opened.number,
        "closed_in": closed.number if closed else None,
        "round": row.pk,
        "template": row.key,
        "kind": row.kind,
        "revision": row.revision.number,
        "opened_at": row.opened_at.isoformat(),
        "closes_at": row.closes_at.isoformat(),
        "visibility": row.visibility,
        "blind": row.blind,
        "form": row.form,
        "quorum": row.quorum_rules | {"number": row.quorum},
        "quorum_met": closed.data["quorum_met"] if closed else None,
        "invited": len(counting),
        "submitted": sum(_submitted(each) is not None for each in counting),
    }
    if told.is_full:
        shown["assignments"] = [_assignment(each) for each in asked]
    return shown


def _assignment(row: Assignment) -> dict[str, Any]:
    instants = {name: getattr(row, name) for name in ("invited_at", "accepted_at", "declined_at", "barred_at")}
    instants["submitted_at"] = _submitted(row)
    return {
        "assignment": row.pk,
        "reviewer": row.reviewer_id,
        "organisation": str(row.organisation) if row.organisation else None,
        **{name: at.isoformat() if at else None for name, at in instants.items()},
    }


def _submitted(row: Assignment) -> Any:
    review = getattr(row, "review", None)
    return review.submitted_at if review else None


def decisions(told: Told) -> list[dict[str, Any]]:
    """The decisions with what was known when they were taken. People are counted where they are not named."""
    taken = told.by_row("decision", "decided")
    rows = Decision.objects.filter(pk__in=taken).select_related("visit").order_by("decided_at", "pk")
    return [
        {
            "event": taken[row.pk].number,
            "decision": row.pk,
            "stage": row.visit.stage,
            "outcome": row.outcome,
            "revision": taken[row.pk].data["revision"],
            "decided_at": row.decided_at.isoformat(),
            "reason": "" if told.audience == Audience.EVERYBODY else told.reason(taken[row.pk]),
            "inputs": _inputs(row.inputs, told.audience),
        }
        for row in rows
    ]


def _inputs(inputs: dict[str, Any], audience: Audience) -> dict[str, Any]:
    """To everybody neither scores nor advice: few reviewers could be told apart by them.

    The salt is told to those only who are told all of it.
    """
    if audience == Audience.OVERSEERS:
        return inputs
    hidden = ("salt", "scores", "advice") if audience == Audience.EVERYBODY else ("salt",)
    counted = {name: len(inputs[name]) for name in ("eligible", "recused") if name in inputs}
    return {name: value for name, value in inputs.items() if name not in hidden} | counted


def points(told: Told) -> list[dict[str, Any]]:
    """Each remark of the closed rounds with what became of it; whose it is, only in the full form."""
    closed = told.by_row("round", "round-closed")
    answered = told.by_row("point", "point-answered")
    frozen = {event.data["revision"] for event in told.of("revision-frozen")}
    rows = (
        Point.objects.filter(
            review__assignment__round__in=closed,
            review__assignment__barred_at=None,
            review__submitted_at__isnull=False,
        )
        .select_related("review__assignment", "disposition__revision")
        .order_by("review__submitted_at", "review_id", "number")
    )
    return [_point(number, row, answered.get(row.pk), frozen, told) for number, row in enumerate(rows, start=1)]


def _point(number: int, row: Point, answered: Event | None, frozen: set[int], told: Told) -> dict[str, Any]:
    disposition = getattr(row, "disposition", None) if answered else None
    carried = disposition.revision.number if disposition and disposition.revision else None
    shown: dict[str, Any] = {
        "answered_in": answered.number if answered else None,
        "point": row.pk,
        "round": row.review.assignment.round_id,
        "number": number,
        "place": row.place,
        "outcome": answered.data["outcome"] if answered else None,
        "revision": carried if carried in frozen else None,
    }
    if told.has_words:
        shown |= {"quote": row.quote, "remark": row.text, "reason": told.reason(answered)}
    if told.is_full:
        shown |= {"reviewer": row.review.assignment.reviewer_id, "wording": row.wording}
    return shown


def editions(told: Told) -> list[dict[str, Any]]:
    """What was published, corrected, superseded or withdrawn."""
    appeared = told.of(*EDITIONS)
    rows = {
        (row.publication_id, row.number): row
        for row in Edition.objects.filter(publication__in={event.data["publication"] for event in appeared})
    }
    slugs = dict(Publication.objects.filter(pk__in={pk for pk, _number in rows}).values_list("pk", "slug"))
    return [
        {
            "event": event.number,
            "what": event.kind,
            "publication": slugs[event.data["publication"]],
            "edition": event.data["edition"],
            "serial": event.data["serial"],
            "revision": rows[event.data["publication"], event.data["edition"]].revision_hash,
            "at": event.at.isoformat(),
        }
        for event in appeared
    ]
