"""The words of reminders: which text each gets, and what stands for its placeholders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.models import Assignment, Reminder, Round, Visit
from engine.process.reminders import ABSENT, BY_HAND, RoundWatch
from engine.selectors.panels import lacking_words
from engine.selectors.runs import who_acts
from engine.services.ladders import stage_of
from engine.services.letters import Telling, messages_of
from engine.services.reminder_scene import Scene, subject
from partners.services.outbox import Message

KIND = "reminder"
# So that the instant after a long title still stands in the subject of a mail.
LONGEST_TITLE = 90

Values = Mapping[str, str | datetime]


def messages(scene: Scene, rows: Sequence[Reminder]) -> list[Message]:
    """What the reminders say, each to its recipient. At most two queries."""
    return messages_of([_telling(scene, row) for row in rows])


def _telling(scene: Scene, row: Reminder) -> Telling:
    wording, path, values = _words(scene, row)
    common = {
        "title": Truncator(row.run.proposal.title).chars(LONGEST_TITLE),
        "by_hand": _("A coordinator reminds you.") if row.rule == BY_HAND else "",
    }
    return Telling(row.run, [row.recipient_id], KIND, f"reminder:{row.pk}", wording, path, {**common, **values})


def _words(scene: Scene, row: Reminder) -> tuple[str, str, Values]:
    """The key of the text, the page where it is done, and what stands for placeholders."""
    round = scene.round_of(row)
    if round is None:
        return _of_stage(scene, row, scene.visits[subject(row)[1]])
    if row.rule == ABSENT:
        return _of_absence(scene, row, round)
    watch = scene.watch_of(round)
    if row.recipient_id in watch.waited_for:
        return _of_reviewer(round, scene.asked[round.pk, row.recipient_id])
    if row.recipient_id in scene.circles.concerned[row.run_id].authors and "authors" in scene.named(row):
        wording = "reminder-of-closed-round" if watch.closed_at else "reminder-of-open-round"
        return f"{wording}-for-authors", _page(row), {"closes_at": watch.deadline}
    return _of_coordinator(scene, row, round, watch)


def _of_reviewer(round: Round, assignment: Assignment) -> tuple[str, str, Values]:
    wording, page = "reminder-of-review", "engine:review"
    if round.kind == "consultation":
        wording = "reminder-of-contribution"
    elif assignment.accepted_at is None:
        wording, page = "reminder-of-invitation", "engine:invitation"
    elif round.kind == "city-test":
        wording, page = "reminder-of-case", "engine:case"
    return wording, reverse(page, args=[assignment.pk]), {"closes_at": round.closes_at}


def _of_coordinator(scene: Scene, row: Reminder, round: Round, watch: RoundWatch) -> tuple[str, str, Values]:
    people = [scene.asked[round.pk, person].reviewer for person in watch.waited_for]
    values: Values = {
        "closes_at": watch.deadline,
        "handed_in": _counted(round, watch),
        "names": ", ".join(each.name for each in sorted(people, key=lambda each: each.sort_key)),
        "lacks": lacking_words(scene.lacks[round.pk], round.kind),
        "because": _because(scene, row, round.visit),
    }
    wording = "reminder-of-closed-round" if watch.closed_at else "reminder-of-open-round"
    return wording, reverse("engine:round", args=[round.pk]), values


def _of_absence(scene: Scene, row: Reminder, round: Round) -> tuple[str, str, Values]:
    reviewer = scene.assignments[subject(row)[1]].reviewer
    hours = scene.circles.hours[reviewer.pk]
    back = hours.reachable(scene.circles.now)
    values: Values = {
        "reviewer": reviewer.name,
        "back": date_format(hours.day_of(back), "j F Y"),
        "closes_at": round.closes_at,
        "because": _because(scene, row, round.visit),
    }
    wording = "reviewer-away-too-long" if back >= round.closes_at else "reviewer-away"
    return wording, reverse("engine:round", args=[round.pk]), values


def _of_stage(scene: Scene, row: Reminder, visit: Visit) -> tuple[str, str, Values]:
    stage = stage_of(visit)
    who, what = who_acts(stage, has_open_round=bool(scene.visit_watches[visit.pk].waited_for))
    values: Values = {
        "stage": stage.label,
        "due_at": row.due_at,
        "waits_for": _("%(who)s: %(what)s") % {"who": who, "what": what} if who and what else "",
        "because": _because(scene, row, visit),
    }
    return "reminder-of-stage" if row.rule == BY_HAND else "overdue", _page(row), values


def _counted(round: Round, watch: RoundWatch) -> str:
    """“2 of 4 reviews are in.”"""
    n = sum(why == "handed-in" for why in watch.done.values())
    of = n + len(watch.waited_for)
    match round.kind:
        case "consultation":
            return ngettext("%(n)d contribution is in.", "%(n)d contributions are in.", n) % {"n": n}
        case "city-test":
            return ngettext("%(n)d of %(of)d case is in.", "%(n)d of %(of)d cases are in.", of) % {"n": n, "of": of}
        case _:
            words = ngettext("%(n)d of %(of)d review is in.", "%(n)d of %(of)d reviews are in.", of)
            return words % {"n": n, "of": of}


def _because(scene: Scene, row: Reminder, visit: Visit) -> str:
    """Why it goes to a deputy, where no coordinator is in."""
    circle = scene.circles.at(visit.run, stage_of(visit))
    if row.recipient_id not in circle.stand_ins(scene.named(row)):
        return ""
    return _("You get this as a deputy, because no coordinator is in today.")


def _page(row: Reminder) -> str:
    return reverse("engine:proposal", args=[row.run.proposal_id])
