"""The ledger of reminders as the page of a round shows it to its coordinators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine.models import Reminder, Round
from engine.process.reminders import ABSENT, BY_HAND
from engine.selectors.process import rung_words
from engine.selectors.watches import glance
from partners.models import User

MOST = 100

REASONS: Mapping[str, Promise] = {
    "archived": gettext_lazy("the proposal was archived"),
    "back": gettext_lazy("the reviewer is back"),
    "cancelled": gettext_lazy("the round was cancelled"),
    "closed": gettext_lazy("the round had closed"),
    "conflict": gettext_lazy("a conflict of interest bars them"),
    "declined": gettext_lazy("they had declined"),
    "deleted": gettext_lazy("the proposal was deleted"),
    "handed-in": gettext_lazy("they had handed in"),
    "inactive": gettext_lazy("the account is closed"),
    "left": gettext_lazy("the stage was left"),
    "moved": gettext_lazy("the deadline was moved"),
    "no-role": gettext_lazy("it is not theirs any more"),
    "past": gettext_lazy("the deadline had passed"),
    "quorum": gettext_lazy("the quorum was reached"),
    "removed": gettext_lazy("they were removed"),
    "reopened": gettext_lazy("a further round was opened"),
    "rule-gone": gettext_lazy("the process does not ask for it any more"),
    "superseded": gettext_lazy("a later one took its place"),
    "unreachable": gettext_lazy("they cannot be reached before the deadline"),
}


@dataclass(frozen=True)
class ReminderLine:
    """One line of the ledger in words: who, by which rule, and what became of it at which instant."""

    recipient: User
    rule: str
    state: str
    at: datetime
    reason: str | Promise = ""


def reminders_of(round: Round) -> list[ReminderLine]:
    """The newest lines about a round and those who were asked in it. Its visit and run are loaded. Two queries."""
    about = [f"round:{round.pk}", *(f"assignment:{pk}" for pk in round.assignments.values_list("pk", flat=True))]
    rows = Reminder.objects.filter(run=round.visit.run_id, about__in=about).select_related("recipient")
    return [_line(row, round) for row in rows.order_by("-due_at", "recipient__sort_key", "pk")[:MOST]]


def _line(row: Reminder, round: Round) -> ReminderLine:
    rule = _rule(row, round)
    if row.sent_at:
        return ReminderLine(row.recipient, rule, _("Sent"), row.sent_at)
    if row.dropped_at:
        return ReminderLine(row.recipient, rule, _("Not sent"), row.dropped_at, REASONS.get(row.drop_reason, ""))
    return ReminderLine(row.recipient, rule, _("Waits until"), row.send_at)


def _rule(row: Reminder, round: Round) -> str:
    if row.rule == BY_HAND:
        return _("by hand")
    if row.rule == ABSENT:
        return _("a reviewer is away")
    rung = glance(round).rung(row.rule)
    return rung_words(rung) if rung else ""
