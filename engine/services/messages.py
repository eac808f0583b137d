"""What people are told when something happens in a run. One notification per person and event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import ngettext

from engine.models import Assignment, Event, Point, Round, Run
from engine.models.definitions import definition_of
from engine.notices import NEWS
from engine.process.values import Stage
from engine.selectors.panels import lacking, lacking_words
from engine.services import messages_of_dates
from engine.services.letters import Telling, messages_of
from partners.models import RoleGrant
from partners.models.people import BODY
from partners.services.outbox import notify
from recommendations.models import Grant

COORDINATING = ("coordinator", "deputy")
DECIDING = ("decider", "coordinator", "deputy")


Told = list[Telling]


@dataclass
class Circle:
    """Who is concerned by a run, by person id; deputies are among the coordinators, both among the deciders.

    `bodies` holds those who sit on each decision body, by its key. `points` still wait for an answer; `lacks` holds, by
    round id, the kind of a closed round and what it lacks. Where dates are told, `waiting` holds those who have not
    handed in yet, and `next_due` is the date that comes next.
    `departed` holds, by assignment id, who has left and what their round lacks now; `knowing` are the coordinators
    whom no conflict bars from hearing of it.
    """

    authors: list[int] = field(default_factory=list)
    reviewers: list[int] = field(default_factory=list)
    coordinators: list[int] = field(default_factory=list)
    deciders: list[int] = field(default_factory=list)
    bodies: dict[str, list[int]] = field(default_factory=dict)
    points: int = 0
    lacks: dict[int, tuple[str, str]] = field(default_factory=dict)
    waiting: list[Assignment] = field(default_factory=list)
    next_due: datetime | None = None
    departed: dict[int, tuple[str, str]] = field(default_factory=dict)
    knowing: list[int] = field(default_factory=list)

    def everyone(self) -> list[int]:
        """All of them, each once."""
        sitting = [person for body in self.bodies.values() for person in body]
        return list(dict.fromkeys([*self.authors, *self.reviewers, *self.coordinators, *self.deciders, *sitting]))

    def deciding_at(self, stage: Stage) -> list[int]:
        """Those who may take one of the decisions of a stage."""
        bodies = dict.fromkeys(way.body for way in stage.transitions if way.by == "decider")
        return [person for body in bodies for person in (self.bodies.get(body, []) if body else self.deciders)]


def announce(events: Sequence[Event], *, now: datetime) -> None:
    """Tell those concerned about events; kinds that concern nobody are passed over. Constant number of queries."""
    telling = [event for event in events if event.kind in TELLERS]
    if not telling:
        return
    rows = Run.objects.filter(pk__in={event.run_id for event in telling}).select_related("proposal")
    # Many runs share an area and a version: each is read once, where a join would read it with every run.
    runs = {run.pk: run for run in rows.prefetch_related("proposal__area", "publication", "version__definition")}
    circles = _circles(list(runs.values()), now=now)
    _note_what_lacks([event for event in telling if event.kind == "round-closed"], circles)
    messages_of_dates.note_dates(telling, circles)
    messages_of_dates.note_departed(telling, circles, runs)
    told = [each for event in telling for each in TELLERS[event.kind](event, runs[event.run_id], circles[event.run_id])]
    notify(messages_of(told), now=now)


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


def _page(run: Run) -> str:
    return reverse("engine:proposal", args=[run.proposal_id])


def _tell(
    people: Iterable[int],
    event: Event,
    run: Run,
    kind: str,
    *,
    wording: str = "",
    path: str | None = None,
    **values: str,
) -> Told:
    page = _page(run) if path is None else path
    return [Telling(run, tuple(people), kind, f"event:{event.pk}", wording or kind, page, values)]


def _outcome(
    circle: Circle, others: Iterable[int], event: Event, run: Run, kind: str, *, path: str | None = None, **values: str
) -> Told:
    """Authors hear of what became of their text whatever they chose; to others it is news."""
    authors = set(circle.authors)
    rest = [person for person in others if person not in authors]
    return [
        *_tell(circle.authors, event, run, kind, path=path, **values),
        *_tell(rest, event, run, kind + NEWS, wording=kind, path=path, **values),
    ]


def _moved(event: Event, run: Run, circle: Circle) -> Told:
    definition = definition_of(run.version_id)
    stage, left = definition.stage(event.data["to"]), definition.stage(event.data["from"])
    way = left.transition(event.data["transition"])
    entered = _entered(event, run, circle, stage, left)
    if way is None or way.by != "timer":
        return entered
    told = (*circle.authors, *circle.coordinators)
    lapsed = _outcome(circle, circle.coordinators, event, run, "lapsed", left=left.label, stage=stage.label)
    others = [replace(each, people=[person for person in each.people if person not in told]) for each in entered]
    return [*lapsed, *others]


def _entered(event: Event, run: Run, circle: Circle, stage: Stage, left: Stage) -> Told:
    """What the stage that is entered asks of people, or says to them."""

    def tell(people: Iterable[int], kind: str, *, wording: str = "", path: str | None = None, **values: str) -> Told:
        return _tell(people, event, run, kind, wording=wording, path=path, stage=stage.label, **values)

    match stage.kind:
        case "consult":
            return tell(circle.coordinators, "round-wanted", wording="consultation-wanted")
        case "review" | "test":
            return tell(circle.coordinators, "round-wanted")
        case "revise" if event.data["kind"] == "advance":
            points = ngettext("%(n)d point", "%(n)d points", circle.points) % {"n": circle.points}
            path = reverse("engine:points", args=[run.proposal_id])
            return tell(circle.authors, "review-closed", path=path, points=points)
        case "correct":
            return tell(circle.authors, "correction-wanted")
        case "draft" if left.awaits("briefed") and event.at > run.opened_at:
            return tell(circle.authors, "drafting-open")
        case "draft" if event.data["kind"] == "return":
            return _outcome(circle, circle.reviewers, event, run, "sent-back", stage=stage.label)
        case "revise":
            return tell(circle.authors, "returned")
        case "decide":
            path = reverse("engine:decide", args=[run.proposal_id])
            return tell(circle.deciding_at(stage), "decision-wanted", path=path)
        case "draft" if event.data["kind"] == "withdraw":
            return tell([*circle.coordinators, *circle.reviewers], "withdrawn", path="")
        case "end" if run.publication is None:
            return _outcome(circle, circle.coordinators, event, run, "decided", stage=stage.label)
        case _:
            return []


def _to_everyone(kind: str) -> Callable[[Event, Run, Circle], Told]:
    """What happens to a publication is told to all who took part, with the way to its page."""

    def tell(event: Event, run: Run, circle: Circle) -> Told:
        assert run.publication is not None  # noqa: S101 - the event says that there is one
        path = reverse("library:publication", args=[run.publication.slug])
        edition = str(event.data.get("edition", ""))
        return _outcome(circle, circle.everyone(), event, run, kind, path=path, edition=edition)

    return tell


def _round_closed(event: Event, run: Run, circle: Circle) -> Told:
    if event.data["quorum_met"]:
        return []
    kind, lacks = circle.lacks[event.data["round"]]
    wording = "contributions-missed" if kind == "consultation" else "quorum-missed"
    people = [*circle.coordinators, *circle.authors]
    return _tell(people, event, run, "quorum-missed", wording=wording, lacks=lacks)


def _migrated(event: Event, run: Run, circle: Circle) -> Told:
    people = [*circle.authors, *circle.coordinators]
    return _tell(people, event, run, "migrated", version=str(event.data["number"]))


TELLERS: dict[str, Callable[[Event, Run, Circle], Told]] = {
    "moved": _moved,
    "edition-published": _to_everyone("published"),
    "edition-corrected": _to_everyone("corrected"),
    "edition-superseded": _to_everyone("superseded"),
    "edition-withdrawn": _to_everyone("edition-withdrawn"),
    "round-closed": _round_closed,
    "migrated": _migrated,
    "deadline-extended": messages_of_dates.extended,
    "round-closed-early": messages_of_dates.closed_early,
    "reviewer-left": messages_of_dates.reviewer_left,
    "paused": messages_of_dates.paused,
    "resumed": messages_of_dates.resumed,
}
