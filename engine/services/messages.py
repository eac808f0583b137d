"""What people are told when something happens in a run. One notification per person and event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.models import Assignment, Event, Point, Round, Run
from engine.models.definitions import definition_of
from engine.notices import NEWS, thread_of
from engine.process.values import Stage
from engine.selectors.panels import lacking, lacking_words
from engine.services import messages_of_dates
from partners.models import RoleGrant
from partners.models.people import BODY
from partners.services.outbox import Message, notify
from recommendations.models import Grant

COORDINATING = ("coordinator", "deputy")
DECIDING = ("decider", "coordinator", "deputy")


@dataclass
class Circle:
    """Who is concerned by a run, by person id; deputies are among the coordinators, both among the deciders.

    `bodies` holds those who sit on each decision body, by its key. `points` still wait for an answer; `lacks` holds, by
    round id, the kind of a closed round and what it lacks. Where dates are told, `waiting` holds those who have not
    handed in yet, `closes` until when they can by round id, and `zones` the time zone of each person.
    """

    authors: list[int] = field(default_factory=list)
    reviewers: list[int] = field(default_factory=list)
    coordinators: list[int] = field(default_factory=list)
    deputies: list[int] = field(default_factory=list)
    deciders: list[int] = field(default_factory=list)
    bodies: dict[str, list[int]] = field(default_factory=dict)
    points: int = 0
    lacks: dict[int, tuple[str, str]] = field(default_factory=dict)
    waiting: list[Assignment] = field(default_factory=list)
    closes: dict[int, datetime] = field(default_factory=dict)
    zones: dict[int, str] = field(default_factory=dict)

    def everyone(self) -> list[int]:
        """All of them, each once."""
        sitting = [person for body in self.bodies.values() for person in body]
        return list(dict.fromkeys([*self.authors, *self.reviewers, *self.coordinators, *self.deciders, *sitting]))

    def deciding_at(self, stage: Stage) -> list[int]:
        """Those who may take one of the decisions of a stage."""
        bodies = dict.fromkeys(way.body for way in stage.transitions if way.by == "decider")
        return [person for body in bodies for person in (self.bodies.get(body, []) if body else self.deciders)]

    def of(self, recipients: Iterable[str]) -> list[int]:
        """Those whom a timer names, as `engine.process.values.RECIPIENTS` call them."""
        by_name = {
            "authors": self.authors,
            "reviewers": self.reviewers,
            "coordinators": self.coordinators,
            "deputies": self.deputies,
            "deciders": self.deciders,
        }
        return [person for name in recipients for person in by_name[name]]


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
    _note_what_lacks([event for event in telling if event.kind == "round-closed"], circles)
    messages_of_dates.note_dates(telling, circles)
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
        circles[run.pk].deputies = [who for who, role in covering if role == "deputy"]
        circles[run.pk].deciders = [who for who, _role in covering]
        circles[run.pk].bodies = {
            body.key: [who for who, role, scope in roles if (role, scope) == ("decider", f"{BODY}{body.key}")]
            for body in definition_of(run.version_id).bodies
        }
    return circles


def _note_what_lacks(closings: Sequence[Event], circles: dict[int, Circle]) -> None:
    missed = {event.data["round"]: event.run_id for event in closings if not event.data["quorum_met"]}
    if not missed:
        return
    rounds = list(Round.objects.filter(pk__in=missed))
    lacks = lacking(rounds)
    for round in rounds:
        circles[missed[round.pk]].lacks[round.pk] = round.kind, lacking_words(lacks[round.pk], round.kind)


def _to(people: Iterable[int], event: Event, kind: str, subject: str, body: str, path: str) -> list[Message]:
    cause, thread = f"event:{event.pk}", thread_of(event.run_id)
    return [Message(person, kind, cause, subject, body, path, thread) for person in dict.fromkeys(people)]


def _outcome(
    circle: Circle, others: Iterable[int], event: Event, kind: str, subject: str, body: str, path: str
) -> list[Message]:
    """Authors hear of what became of their text whatever they chose; to others it is news."""
    rest = [person for person in others if person not in set(circle.authors)]
    return [
        *_to(circle.authors, event, kind, subject, body, path),
        *_to(rest, event, kind + NEWS, subject, body, path),
    ]


def _page(run: Run) -> str:
    return reverse("engine:proposal", args=[run.proposal_id])


def _moved(event: Event, run: Run, circle: Circle) -> list[Message]:
    title, path = run.proposal.title, _page(run)
    definition = definition_of(run.version_id)
    stage, left = definition.stage(event.data["to"]), definition.stage(event.data["from"])
    way = left.transition(event.data["transition"])
    if way is None or way.by != "timer":
        return _entered(event, run, circle)
    names = {"title": title, "left": left.label, "stage": stage.label}
    subject = _("The time for “%(title)s” in the stage %(left)s has run out") % names
    body = _("Nobody acted in the time that the process allows. It stands at %(stage)s now.") % names
    lapsed = _outcome(circle, circle.coordinators, event, "lapsed", subject, body, path)
    told = {message.person_id for message in lapsed}
    return [*lapsed, *(message for message in _entered(event, run, circle) if message.person_id not in told)]


def _entered(event: Event, run: Run, circle: Circle) -> list[Message]:
    """What the stage that is entered asks of people, or says to them."""
    title, path = run.proposal.title, _page(run)
    definition = definition_of(run.version_id)
    stage, left = definition.stage(event.data["to"]), definition.stage(event.data["from"])
    match stage.kind:
        case "consult":
            subject = _("“%(title)s” waits for its consultation") % {"title": title}
            body = _("A proposal was submitted. Choose a deadline, and open the consultation to everybody.")
            return _to(circle.coordinators, event, "round-wanted", subject, body, path)
        case "review" | "test":
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
        case "draft" if left.awaits("briefed") and event.at > run.opened_at:
            subject = _("Drafting of “%(title)s” is open") % {"title": title}
            body = _("The research briefing of the policy area is published. Its questions stand beside your text.")
            return _to(circle.authors, event, "drafting-open", subject, body, path)
        case "draft" if event.data["kind"] == "return":
            subject = _("“%(title)s” was sent back to you") % {"title": title}
            body = _("The open rounds are cancelled. The reason stands on the page of the proposal.")
            return _outcome(circle, circle.reviewers, event, "sent-back", subject, body, path)
        case "revise":
            subject = _("“%(title)s” comes back for revision") % {"title": title}
            body = _("The decider returned it. The reason stands on the page of the proposal.")
            return _to(circle.authors, event, "returned", subject, body, path)
        case "decide":
            subject = _("“%(title)s” waits for a decision") % {"title": title}
            body = _("The authors answered the reviewers and submitted a revision.")
            return _to(
                circle.deciding_at(stage),
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
            return _outcome(circle, circle.coordinators, event, "decided", subject, body, path)
        case _:
            return []


def _published(event: Event, run: Run, circle: Circle) -> list[Message]:
    assert run.publication is not None  # noqa: S101 - set in the same transaction as the event
    subject = _("“%(title)s” is published") % {"title": run.proposal.title}
    body = _("Edition %(number)d stands in the library. Thank you for taking part.") % {"number": event.data["edition"]}
    path = reverse("library:publication", args=[run.publication.slug])
    return _outcome(circle, circle.everyone(), event, "published", subject, body, path)


def _corrected(event: Event, run: Run, circle: Circle) -> list[Message]:
    assert run.publication is not None  # noqa: S101 - a run without a publication has nothing to correct
    subject = _("“%(title)s” was corrected") % {"title": run.proposal.title}
    body = _("Edition %(number)d takes the place of the one before. Its page says what changed.") % {
        "number": event.data["edition"]
    }
    path = reverse("library:publication", args=[run.publication.slug])
    return _outcome(circle, circle.everyone(), event, "corrected", subject, body, path)


def _superseded(event: Event, run: Run, circle: Circle) -> list[Message]:
    assert run.publication is not None  # noqa: S101 - a run without a publication has nothing to supersede
    subject = _("“%(title)s” was superseded") % {"title": run.proposal.title}
    body = _("Another publication takes its place. Its page says why, and leads there.")
    path = reverse("library:publication", args=[run.publication.slug])
    return _outcome(circle, circle.everyone(), event, "superseded", subject, body, path)


def _withdrawn(event: Event, run: Run, circle: Circle) -> list[Message]:
    assert run.publication is not None  # noqa: S101 - a run without a publication has nothing to withdraw
    subject = _("“%(title)s” was withdrawn from the library") % {"title": run.proposal.title}
    body = _("Its page says why. The text stays readable at its own address, under a notice.")
    path = reverse("library:publication", args=[run.publication.slug])
    return _outcome(circle, circle.everyone(), event, "edition-withdrawn", subject, body, path)


def _round_closed(event: Event, run: Run, circle: Circle) -> list[Message]:
    if event.data["quorum_met"]:
        return []
    kind, lacks = circle.lacks[event.data["round"]]
    if kind == "consultation":
        subject = _("Too few contributions to “%(title)s”") % {"title": run.proposal.title}
        body = _("The consultation closed without the quorum. It can be opened once more.")
    else:
        subject = _("Too few reviews of “%(title)s”") % {"title": run.proposal.title}
        body = _("The round closed without the quorum. A further round with other reviewers can be opened.")
    body += "\n\n" + _("Still missing: %(what)s") % {"what": lacks}
    people = [*circle.coordinators, *circle.authors]
    return _to(people, event, "quorum-missed", subject, body, _page(run))


def _timer_fired(event: Event, run: Run, circle: Circle) -> list[Message]:
    if "takes" in event.data:
        return []
    stage = definition_of(run.version_id).stage(event.data["stage"])
    subject = _("“%(title)s” is overdue in the stage %(stage)s") % {"title": run.proposal.title, "stage": stage.label}
    body = _("The time that the process allows for this stage has passed.")
    timer = stage.timer(event.data["timer"])
    return _to(circle.of(timer.to) if timer else [], event, "overdue", subject, body, _page(run))


def _migrated(event: Event, run: Run, circle: Circle) -> list[Message]:
    subject = _("“%(title)s” goes on under another version of its process") % {"title": run.proposal.title}
    body = _("It is version %(number)d of “%(process)s” now. The reason stands on the page of the proposal.") % {
        "number": event.data["number"],
        "process": run.version.definition.title,
    }
    return _to([*circle.authors, *circle.coordinators], event, "migrated", subject, body, _page(run))


TELLERS: dict[str, Callable[[Event, Run, Circle], list[Message]]] = {
    "moved": _moved,
    "edition-published": _published,
    "edition-corrected": _corrected,
    "edition-superseded": _superseded,
    "edition-withdrawn": _withdrawn,
    "round-closed": _round_closed,
    "timer-fired": _timer_fired,
    "migrated": _migrated,
    "deadline-extended": messages_of_dates.extended,
    "round-closed-early": messages_of_dates.closed_early,
    "paused": messages_of_dates.paused,
    "resumed": messages_of_dates.resumed,
}
