"""What waits for a person, what they wait for, and what they did last. A constant number of queries, at any length."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ekip.shared.folding import fold
from engine.models import Assignment
from engine.models.rounds import not_run_out, since_when_paused
from engine.selectors.areas import briefings_wanted
from engine.selectors.done import Done, recently_done
from engine.selectors.positions import OpenRound, Position, positions, rights_of
from partners.models import User
from recommendations.models import PolicyArea

NEVER = datetime.max.replace(tzinfo=UTC)
WEEK = timedelta(days=7)
IDLE_BRIEFINGS = 5
"""How many policy areas the desk names whose briefing no proposal waits for."""


@dataclass(frozen=True)
class Task:
    """Something that waits, for the person or for others. `text` begins with the verb where it is theirs to do.

    `key` names what it is about ("assignment:12", "visit:34"), and stays when words and date change. While its run is
    paused, since `paused_at`, the date stands still.
    """

    text: str
    path: str
    area: str
    due_at: datetime | None
    detail: str = ""
    key: str = ""
    paused_at: datetime | None = None

    @property
    def order(self) -> tuple[datetime, str]:
        """By due date, those without one last, then by their words."""
        return (self.due_at or NEVER, fold(self.text))


@dataclass(frozen=True)
class Desk:
    """A person's desk."""

    for_you: tuple[Task, ...]
    for_others: tuple[Task, ...]
    done: tuple[Done, ...]


@dataclass(frozen=True)
class Span:
    """Tasks that are due about the same time, under one heading."""

    label: str
    tasks: tuple[Task, ...]


def spans(tasks: Iterable[Task], *, now: datetime) -> list[Span]:
    """Tasks in their order, by how near their date is: what is overdue comes first."""
    found: dict[str, list[Task]] = {}
    for task in tasks:
        found.setdefault(_nearness(task, now), []).append(task)
    return [Span(label, tuple(group)) for label, group in found.items()]


def is_overdue(task: Task, *, now: datetime) -> bool:
    """Whether its date has passed; while a run is paused, no date of it passes."""
    return task.due_at is not None and task.due_at <= now and task.paused_at is None


def _nearness(task: Task, now: datetime) -> str:
    if task.due_at is None:
        return _("No date set")
    if task.paused_at:
        return _("Paused")
    if task.due_at <= now:
        return _("Overdue")
    return _("Within a week") if task.due_at - now <= WEEK else _("Later")


def desk_of(person: User, *, now: datetime) -> Desk:
    """The desk of a person who is signed in; what is due first stands first, what nobody waits for last."""
    rights = rights_of(person)
    here = positions(person, rights)
    asked = _open_assignments(person, now=now)
    awaited, others = _to_brief(person, here)
    for_you = [*_reviews_to_do(asked), *(task for each in here for task in _to_do(each)), *awaited]
    for_others = [*_reviews_done(asked), *(task for each in here for task in _awaited(each, now=now))]
    return Desk(
        for_you=(*sorted(for_you, key=lambda task: task.order), *others),
        for_others=tuple(sorted(for_others, key=lambda task: task.order)),
        done=recently_done(person, readable=rights.readable),
    )


def _to_do(at: Position) -> Iterator[Task]:
    can = at.stage.capabilities
    title = {"title": at.proposal.title}
    if at.is_author and "dispose" in can and at.unanswered:
        words = ngettext("Answer %(n)d point in “%(title)s”", "Answer %(n)d points in “%(title)s”", at.unanswered)
        yield _task(at, words % {**title, "n": at.unanswered}, "engine:points")
    elif at.is_author and "dispose" in can:
        yield _task(at, _("Complete the revision of “%(title)s” and submit it") % title)
    elif at.is_author and "submit" in can:
        yield _task(at, _("Complete “%(title)s” and submit it") % title)
    elif at.is_author and "edit" in can:
        yield _task(at, _("Correct “%(title)s”") % title)
    if at.coordinates and at.stage.round and at.round is None:
        yield _task(at, _to_open(at.stage.round.kind) % title, "engine:open_round", query=f"?stage={at.stage.key}")
    if at.decides and "decide" in can and not at.stage.is_open_ended:
        words = _("Publish the correction of “%(title)s”") if "edit" in can else _("Decide on “%(title)s”")
        yield _task(at, words % title, "engine:decide")


def _to_brief(person: User, here: list[Position]) -> tuple[list[Task], list[Task]]:
    """The briefings for which a proposal waits; and a few for which none does yet, with the way to all others."""
    waiting = Counter(at.proposal.area_id for at in here if at.stage.awaits("briefed"))
    wanted = briefings_wanted(person)
    awaited = [_briefing_task(area, waiting[area.pk]) for area in wanted if waiting[area.pk]]
    idle = [area for area in wanted if not waiting[area.pk]]
    others = [_briefing_task(area, 0) for area in idle[:IDLE_BRIEFINGS]]
    if more := len(idle[IDLE_BRIEFINGS:]):
        words = ngettext(
            "See %(n)d more policy area without a research briefing",
            "See %(n)d more policy areas without a research briefing",
            more,
        )
        others.append(Task(words % {"n": more}, reverse("areas:list") + "?state=selected", "", None))
    return awaited, others


def _briefing_task(area: PolicyArea, waiting: int) -> Task:
    words = _("Write the research briefing of “%(area)s”")
    if hasattr(area, "briefing"):
        words = _("Finish and publish the research briefing of “%(area)s”")
    detail = ngettext("%(n)d proposal waits for it", "%(n)d proposals wait for it", waiting) % {"n": waiting}
    path = reverse("areas:briefing", args=[area.slug])
    return Task(words % {"area": area.title}, path, area.title, None, detail if waiting else "")


def _awaited(at: Position, *, now: datetime) -> Iterator[Task]:
    can = at.stage.capabilities
    title = {"title": at.proposal.title}
    if at.is_author and at.stage.awaits("briefed"):
        detail = _("The coordinators write it. Drafting opens when it is published.")
        yield _task(at, _("The research briefing for “%(title)s”") % title, detail=detail)
    if at.round and (at.is_author or at.oversees):
        yield _task(at, _under_way(at.round.kind) % title, detail=at.round.handed_in)
    elif at.stage.round and at.is_author:
        words, detail = _yet_to_open(at.stage.round.kind)
        yield _task(at, words % title, detail=detail)
    if at.coordinates and at.round and at.round.answer_by and at.round.silent and now >= at.round.answer_by:
        yield _silence(at, at.round)
    follows = (at.is_author or at.oversees) and not at.decides
    if "decide" in can and "edit" not in can and not at.stage.is_open_ended and follows:
        yield _task(at, _("The decision on “%(title)s”") % title)
    if "dispose" in can and at.oversees and not at.is_author:
        words = ngettext("%(n)d point still open", "%(n)d points still open", at.unanswered) % {"n": at.unanswered}
        yield _task(at, _("The authors’ answers and revision of “%(title)s”") % title, detail=words)


def _to_open(kind: str) -> str:
    match kind:
        case "city-test":
            return _("Open the city test of “%(title)s”")
        case "consultation":
            return _("Open the consultation of “%(title)s”")
        case _:
            return _("Open the review round of “%(title)s”")


def _under_way(kind: str) -> str:
    match kind:
        case "city-test":
            return _("The city test of “%(title)s”")
        case "consultation":
            return _("The consultation of “%(title)s”")
        case _:
            return _("Reviews of “%(title)s”")


def _yet_to_open(kind: str) -> tuple[str, str]:
    match kind:
        case "city-test":
            return _("A city test of “%(title)s”"), _("The coordinator chooses who tests and opens it.")
        case "consultation":
            return _("A consultation on “%(title)s”"), _("The coordinator chooses the deadline and opens it.")
        case _:
            words = _("The coordinator chooses the reviewers and opens the round.")
            return _("A review round for “%(title)s”"), words


def _silence(at: Position, round: OpenRound) -> Task:
    """Those who did not answer the invitation in time; nobody is taken out of the round for it."""
    words = {"names": ", ".join(round.silent), "title": at.proposal.title}
    text = _("No answer from %(names)s about “%(title)s”") % words
    path = reverse("engine:round", args=[round.pk])
    return Task(text, path, at.proposal.area.title, round.answer_by, paused_at=at.paused_at)


def _task(at: Position, text: str, page: str = "engine:proposal", *, detail: str = "", query: str = "") -> Task:
    path = reverse(page, args=[at.proposal.pk]) + query
    key = f"visit:{at.visit.pk}:{page.removeprefix('engine:')}"
    return Task(text, path, at.proposal.area.title, at.due_at, detail, key, at.paused_at)


def _open_assignments(person: User, *, now: datetime) -> list[Assignment]:
    """What the person was asked to review, in rounds that are open. One query."""
    rows = Assignment.objects.filter(
        not_run_out(now, "round__"),
        reviewer=person,
        declined_at=None,
        barred_at=None,
        round__closed_at=None,
        round__cancelled_at=None,
        round__visit__run__proposal__deleted_at=None,
    )
    rows = rows.annotate(paused_at=since_when_paused("round__"))
    return list(rows.select_related("review", "round__visit__run__proposal__area"))


def _reviews_to_do(asked: list[Assignment]) -> Iterator[Task]:
    for each in asked:
        if _is_submitted(each):
            continue
        tests = each.round.kind == "city-test"
        if each.round.kind == "consultation":
            yield _review_task(each, _("Hand in your contribution to “%(title)s”"), "engine:review")
        elif each.accepted_at and tests:
            yield _review_task(each, _("Record the city test of “%(title)s”"), "engine:case")
        elif each.accepted_at:
            yield _review_task(each, _("Review “%(title)s”"), "engine:review")
        else:
            words = (
                _("Accept or decline to test “%(title)s”") if tests else _("Accept or decline to review “%(title)s”")
            )
            yield replace(
                _review_task(each, words, "engine:invitation"), due_at=each.round.answer_by or each.round.closes_at
            )


def _reviews_done(asked: list[Assignment]) -> Iterator[Task]:
    for each in asked:
        if not _is_submitted(each):
            continue
        if each.round.kind == "city-test":
            yield _review_task(each, _("The end of the test of “%(title)s”"), "engine:case", _("Your case is in."))
        elif each.round.kind == "consultation":
            words = _("The end of the consultation of “%(title)s”")
            yield _review_task(each, words, "engine:review", _("Your contribution is in."))
        else:
            words = _("The end of the review of “%(title)s”")
            yield _review_task(each, words, "engine:review", _("Your review is in."))


def _review_task(assignment: Assignment, text: str, page: str, detail: str = "") -> Task:
    proposal = assignment.round.visit.run.proposal
    path = reverse(page, args=[assignment.pk])
    return Task(
        text % {"title": proposal.title},
        path,
        proposal.area.title,
        assignment.round.closes_at,
        detail,
        f"assignment:{assignment.pk}",
        getattr(assignment, "paused_at", None),
    )


def _is_submitted(assignment: Assignment) -> bool:
    review = getattr(assignment, "review", None)
    return review is not None and review.submitted_at is not None
