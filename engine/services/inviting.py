"""Asking further people into rounds that are open: into one, or the same people into many."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ekip.shared.errors import Invalid, NotFound, NotNow
from engine.definitions.calendars import deadline
from engine.models import Assignment, Pause, Round
from engine.models.definitions import definition_of
from engine.permissions import KNOWS_AUTHORS, barred_among, knowing_authors
from engine.process.values import LARGEST_PANEL, RoundTemplate
from engine.services.pauses import locked_runs
from engine.services.rounds import invite
from partners.models import User


@dataclass(frozen=True)
class Asking:
    """What asking people into one round comes to: who is invited, and who is not and why.

    With a `refusal` nobody is.
    """

    round: Round
    invited: tuple[User, ...]
    left_out: tuple[tuple[User, str | Promise], ...]
    refusal: str | Promise = ""
    code: str = ""


@transaction.atomic
def invite_more(*, round_id: int, person_ids: Collection[int], person: User, now: datetime) -> Round:
    """Ask more people into an open round, all or none.

    Raises:
        NotFound, NotAllowed: not this person's to coordinate, or barred by a conflict of interest.
        NotNow: the round has closed, its run is paused, or everybody can take part in it anyway.
        Invalid: nobody was chosen, or somebody who cannot be asked; `errors` names the field.
    """
    [asking] = look_at_invitations(round_ids=[round_id], person_ids=person_ids, person=person, now=now)
    if asking.refusal:
        raise NotNow(asking.refusal, code=asking.code)
    if asking.left_out:
        raise Invalid(errors={"reviewers": [f"{who.name}: {why}." for who, why in asking.left_out]})
    if not asking.invited:
        raise Invalid(errors={"reviewers": [_("Choose at least one person.")]})
    _ask(asking, person=person, now=now)
    return asking.round


@transaction.atomic
def invite_each(
    *, round_ids: Collection[int], person_ids: Collection[int], person: User, now: datetime
) -> list[Asking]:
    """Ask the same people into many rounds, into each those whom `look_at_invitations` says.

    Raises:
        NotFound, NotAllowed: one is not this person's to coordinate, or a conflict of interest bars them.
    """
    askings = look_at_invitations(round_ids=round_ids, person_ids=person_ids, person=person, now=now)
    for asking in askings:
        if asking.invited:
            _ask(asking, person=person, now=now)
    return askings


@transaction.atomic
def look_at_invitations(
    *, round_ids: Collection[int], person_ids: Collection[int], person: User, now: datetime
) -> list[Asking]:
    """Who would be asked into which round, in the order of the rounds; nothing is written.

    Raises:
        NotFound, NotAllowed: one is not this person's to coordinate, or a conflict of interest bars them.
    """
    rounds = _locked_rounds(round_ids, person)
    people = list(User.objects.filter(pk__in=set(person_ids), is_active=True).order_by("sort_key"))
    if len(people) != len(set(person_ids)):
        raise Invalid(errors={"reviewers": [_("One of the people chosen has no account any more.")]})
    paused = set(Pause.objects.filter(run__visits__rounds__in=rounds, ended_at=None).values_list("run_id", flat=True))
    barred = barred_among({each.visit.run.proposal: [who.pk for who in people] for each in rounds})
    asked = _asked(rounds)
    askings = []
    for round in rounds:
        refusal, code = _refusal(round, is_paused=round.visit.run_id in paused, now=now)
        if refusal:
            askings.append(Asking(round, (), (), refusal, code))
            continue
        knowing = knowing_authors(round.visit.run.proposal, blind=round.blind)
        reasons = [(each, _why_not(each, round, asked[round.pk], barred, knowing)) for each in people]
        left_out = tuple((each, why) for each, why in reasons if why)
        invited = tuple(each for each, why in reasons if not why)
        over = len(asked[round.pk].present) + len(invited) - _panel(round)
        if over > 0:
            askings.append(Asking(round, (), left_out, _too_many(round, over), "panel-full"))
        else:
            askings.append(Asking(round, invited, left_out))
    return askings


@dataclass
class _Asked:
    """Ids of those who were asked in a round: who is in it, who declined, who was removed; and who handed in elsewhere
    in the same visit.
    """

    present: set[int]
    declined: set[int]
    removed: set[int]
    elsewhere: set[int]


def _asked(rounds: Collection[Round]) -> dict[int, _Asked]:
    """By round id. One query."""
    found = {each.pk: _Asked(set(), set(), set(), set()) for each in rounds}
    beside: dict[int, list[int]] = {}
    for each in rounds:
        beside.setdefault(each.visit_id, []).append(each.pk)
    rows = Assignment.objects.filter(round__visit__in=beside).values_list(
        "round__visit_id", "round_id", "reviewer_id", "declined_at", "barred_at", "review__submitted_at"
    )
    for visit_id, round_id, reviewer_id, declined_at, barred_at, submitted_at in rows:
        if here := found.get(round_id):
            group = here.removed if barred_at else here.declined if declined_at else here.present
            group.add(reviewer_id)
        if submitted_at and not barred_at:
            for other in beside[visit_id]:
                if other != round_id:
                    found[other].elsewhere.add(reviewer_id)
    return found


def _why_not(
    who: User, round: Round, asked: _Asked, barred: Collection[tuple[int, int]], knowing: Collection[int]
) -> str | Promise:
    """Why somebody cannot be asked, in words that follow a name; empty when they can."""
    if who.pk in asked.present:
        return _("has been asked already")
    if who.pk in asked.removed:
        return _("was taken out of this round")
    if who.pk in asked.declined:
        return _("has declined, and can still take the invitation up")
    if who.pk in asked.elsewhere:
        return _("has reviewed this text already")
    if (round.visit.run.proposal_id, who.pk) in barred:
        return _("has a conflict of interest with this proposal")
    if who.pk in knowing:
        return KNOWS_AUTHORS
    return ""


def _refusal(round: Round, *, is_paused: bool, now: datetime) -> tuple[str | Promise, str]:
    if round.kind == "consultation":
        return _("Everybody can take part in a consultation; nobody is invited."), "consultation"
    if is_paused:
        return _("This proposal is paused. Resume it first."), "paused"
    if round.closed_at or round.cancelled_at or now >= round.closes_at:
        return _("The round has closed."), "round-closed"
    return "", ""


def _form(round: Round) -> RoundTemplate | None:
    stage = definition_of(round.visit.run.version_id).by_key.get(round.visit.stage)
    return stage.round if stage else None


def _panel(round: Round) -> int:
    form = _form(round)
    return form.panel if form else LARGEST_PANEL


def _too_many(round: Round, over: int) -> str:
    words = ngettext(
        "The process allows %(most)d people in this round; this is %(over)d too many.",
        "The process allows %(most)d people in this round; these are %(over)d too many.",
        over,
    )
    return words % {"most": _panel(round), "over": over}


def _ask(asking: Asking, *, person: User, now: datetime) -> None:
    """Invite them; a date by which answers are wished moves to what the process gives those who are asked now."""
    round, run = asking.round, asking.round.visit.run
    form = _form(round)
    if round.answer_by and form and form.response:
        calendars = definition_of(run.version_id).calendars
        wished = min(deadline(form.response, start=now, zone=UTC, calendars=calendars), round.closes_at)
        if wished > round.answer_by:
            round.answer_by = wished
            round.save(update_fields=["answer_by"])
    invite(run, round, list(asking.invited), person=person, now=now)


def _locked_rounds(round_ids: Collection[int], person: User) -> list[Round]:
    """The rounds, read after the locks of their runs; whoever may not know of one, knows of none."""
    runs = dict(Round.objects.filter(pk__in=round_ids).values_list("pk", "visit__run"))
    if not runs or set(runs) != set(round_ids):
        raise NotFound
    locked_runs(set(runs.values()), person)
    rows = Round.objects.filter(pk__in=runs).select_related("visit__run__proposal__area", "revision")
    return list(rows.order_by("pk"))
