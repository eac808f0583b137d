"""What people are told when something happens in a run. One notification per person and event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.models import Assignment, Event, Point, Run
from engine.models.definitions import definition_of
from partners.models import RoleGrant
from partners.services.outbox import Message, notify
from recommendations.models import Grant

COORDINATING = ("coordinator", "deputy")
DECIDING = ("decider", "coordinator", "deputy")


@dataclass
class Circle:
    """Who is concerned by a run, by person id."""

    authors: list[int] = field(default_factory=list)
    reviewers: list[int] = field(default_factory=list)
    coordinators: list[int] = field(default_factory=list)
    deciders: list[int] = field(default_factory=list)
    points: int = 0

    def everyone(self) -> list[int]:
        """All of them, each once."""
        return list(dict.fromkeys([*self.authors, *self.reviewers, *self.coordinators, *self.deciders]))


def announce(events: Sequence[Event], *, now: datetime) -> None:
    """Tell those concerned about events; kinds that concern nobody are passed over. Constant number of queries."""
    telling = [event for event in events if event.kind in TELLERS]
    if not telling:
        return
    ids = {event.run_id for event in telling}
    runs = {
        run.pk: run
        for run in Run.objects.filter(pk__in=ids).select_related("proposal__area", "publication", "version__definition")
    }
    circles = _circles(list(runs.values()), now=now)
    notify(
        [
            message
            for event in telling
            for message in TELLERS[event.kind](event, runs[event.run_id], circles[event.run_id])
        ],
        now=now,
    )


def _circles(runs: Sequence[Run], *, now: datetime) -> dict[int, Circle]:
    circles = {run.pk: Circle() for run in runs}
    by_proposal = {run.proposal_id: circles[run.pk] for run in runs}
    authors = Grant.objects.filter(
        proposal__in=by_proposal, right=Grant.Right.AUTHOR, ends_at=None, person__is_active=True
    )
    for proposal_id, person_id in authors.values_list("proposal_id", "person_id"):
        by_proposal[proposal_id].authors.append(person_id)
    # A round that this very move has cancelled still concerns those who worked in it.
    reviewers = Assignment.objects.filter(
        Q(round__cancelled_at=None) | Q(round__cancelled_at=now),
        round__visit__run__in=circles,
        barred_at=None,
        accepted_at__isnull=False,
    )
    for run_id, person_id in reviewers.values_list("round__visit__run_id", "reviewer_id"):
        circles[run_id].reviewers.append(person_id)
    roles = list(
        RoleGrant.objects.filter(role__in=DECIDING, ended_at=None, person__is_active=True).values_list(
            "person_id", "role", "scope"
        )
    )
    unanswered = Point.objects.filter(
        review__assignment__round__visit__run__in=circles, review__submitted_at__isnull=False, disposition=None
    ).values_list("review__assignment__round__visit__run_id", flat=True)
    for run_id in unanswered:
        circles[run_id].points += 1
    for run in runs:
        covering = [(who, role) for who, role, scope in roles if scope in ("", f"area:{run.proposal.area.slug}")]
        circles[run.pk].coordinators = [who for who, role in covering if role in COORDINATING]
        circles[run.pk].deciders = [who for who, _role in covering]
    return circles


def _to(people: Iterable[int], event: Event, kind: str, subject: str, body: str, path: str) -> list[Message]:
    cause = f"event:{event.pk}"
    return [Message(person, kind, cause, subject, body, path) for person in dict.fromkeys(people)]


def _page(run: Run) -> str:
    return reverse("engine:proposal", args=[run.proposal_id])


def _moved(event: Event, run: Run, circle: Circle) -> list[Message]:
    title, path = run.proposal.title, _page(run)
    stage = definition_of(run.version_id).stage(event.data["to"])
    match stage.kind:
        case "review":
            subject = _("“%(title)s” waits for a review round") % {"title": title}
            body = _("A proposal was submitted. Choose reviewers and a deadline, and open the round.")
            return _to(circle.coordinators, event, "round-wanted", subject, body, path)
        case "revise" if event.data["kind"] == "advance":
            subject = _("The review of “%(title)s” has closed") % {"title": title}
            body = ngettext(
                "Reviewers left %(n)d point. Answer it, revise the text, and submit the revision.",
                "Reviewers left %(n)d points. Answer each, revise the text, and submit the revision.",
                circle.points,
            ) % {"n": circle.points}
            return _to(
                circle.authors, event, "review-closed", subject, body, reverse("engine:points", args=[run.proposal_id])
            )
        case "correct":
            subject = _("“%(title)s” is to be corrected") % {"title": title}
            body = _("Mend the text; a decider publishes it as the next edition. The reason stands on the page.")
            return _to(circle.authors, event, "correction-wanted", subject, body, path)
        case "draft" if event.data["kind"] == "return":
            subject = _("“%(title)s” was sent back to you") % {"title": title}
            body = _("The open rounds are cancelled. The reason stands on the page of the proposal.")
            people = [*circle.authors, *circle.reviewers]
            return _to(people, event, "sent-back", subject, body, path)
        case "revise":
            subject = _("“%(title)s” comes back for revision") % {"title": title}
            body = _("The decider returned it. The reason stands on the page of the proposal.")
            return _to(circle.authors, event, "returned", subject, body, path)
        case "decide":
            subject = _("“%(title)s” waits for a decision") % {"title": title}
            body = _("The authors answered the reviewers and submitted a revision.")
            return _to(
                circle.deciders,
                event,
                "decision-wanted",
                subject,
                body,
                reverse("engine:decide", args=[run.proposal_id]),
            )
        case "draft" if event.data["kind"] == "withdraw":
            subject = _("“%(title)s” was withdrawn") % {"title": title}
            body = _("The authors took their submission back. There is nothing more to do for now.")
            return _to([*circle.coordinators, *circle.reviewers], event, "withdrawn", subject, body, "")
        case "end" if run.publication is None:
            subject = _("“%(title)s” will not be published") % {"title": title}
            body = _("The decision and its reason stand on the page of the proposal.")
            return _to([*circle.authors, *circle.coordinators], event, "decided", subject, body, path)
        case _:
            return []


def _published(event: Event, run: Run, circle: Circle) -> list[Message]:
    assert run.publication is not None  # noqa: S101 - set in the same transaction as the event
    subject = _("“%(title)s” is published") % {"title": run.proposal.title}
    body = _("Edition %(number)d stands in the library. Thank you for taking part.") % {"number": event.data["edition"]}
    path = reverse("library:publication", args=[run.publication.slug])
    return _to(circle.everyone(), event, "published", subject, body, path)


def _corrected(event: Event, run: Run, circle: Circle) -> list[Message]:
    assert run.publication is not None  # noqa: S101 - a run without a publication has nothing to correct
    subject = _("“%(title)s” was corrected") % {"title": run.proposal.title}
    body = _("Edition %(number)d takes the place of the one before. Its page says what changed.") % {
        "number": event.data["edition"]
    }
    path = reverse("library:publication", args=[run.publication.slug])
    return _to(circle.everyone(), event, "corrected", subject, body, path)


def _withdrawn(event: Event, run: Run, circle: Circle) -> list[Message]:
    assert run.publication is not None  # noqa: S101 - a run without a publication has nothing to withdraw
    subject = _("“%(title)s” was withdrawn from the library") % {"title": run.proposal.title}
    body = _("Its page says why. The text stays readable at its own address, under a notice.")
    path = reverse("library:publication", args=[run.publication.slug])
    return _to(circle.everyone(), event, "edition-withdrawn", subject, body, path)


def _round_closed(event: Event, run: Run, circle: Circle) -> list[Message]:
    if event.data["quorum_met"]:
        return []
    subject = _("Too few reviews of “%(title)s”") % {"title": run.proposal.title}
    body = _("The round closed at its deadline without the quorum. A further round with other reviewers can be opened.")
    people = [*circle.coordinators, *circle.authors]
    return _to(people, event, "quorum-missed", subject, body, _page(run))


def _timer_fired(event: Event, run: Run, circle: Circle) -> list[Message]:
    stage = definition_of(run.version_id).stage(event.data["stage"])
    subject = _("“%(title)s” is overdue in the stage %(stage)s") % {"title": run.proposal.title, "stage": stage.label}
    body = _("The time that the process allows for this stage has passed.")
    people = [*circle.coordinators, *(circle.authors if stage.who == "authors" else [])]
    return _to(people, event, "overdue", subject, body, _page(run))


TELLERS: dict[str, Callable[[Event, Run, Circle], list[Message]]] = {
    "moved": _moved,
    "edition-published": _published,
    "edition-corrected": _corrected,
    "edition-withdrawn": _withdrawn,
    "round-closed": _round_closed,
    "timer-fired": _timer_fired,
}
