"""Opening review rounds, and the answers to invitations."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ekip.shared.errors import Invalid, NotFound, NotNow
from engine.definitions.calendars import deadline
from engine.models import Assignment, Round, Run, Visit
from engine.models.definitions import definition_of
from engine.permissions import (
    COORDINATING,
    KNOWS_AUTHORS,
    barred_among,
    conflict_words,
    knowing_authors,
    may_answer_invitation,
    may_coordinate,
    ties_of,
)
from engine.process.conflicts import bars
from engine.process.quorum import PanelFacts, together
from engine.process.values import RoundTemplate
from engine.selectors.panels import asked_so_far, kind_labels, organisations_of, panel_so_far
from engine.services.events import NewEvent, append_events
from engine.services.letters import Telling, messages_of
from engine.services.record import assignment_source
from engine.services.transition import refuse_paused
from partners.models import RoleGrant, User
from partners.services.outbox import notify
from recommendations import access
from recommendations.models import Grant, Revision


@transaction.atomic
def open_round(
    *,
    proposal_id: int,
    person: User,
    visit_id: int,
    template: str,
    reviewer_ids: Collection[int],
    closes_at: datetime,
    now: datetime,
) -> Round:
    """Open a round on the newest frozen revision and invite reviewers.

    A consultation invites nobody: whoever comes takes part.

    Raises:
        NotFound: nothing that this person may know of.
        NotAllowed: a conflict of interest bars the coordinator.
        NotNow: the stage has moved on, or a round is open already.
        Invalid: too few or barred reviewers, or a deadline that has passed; `errors` names the field.
    """
    run = lock_run(proposal_id)
    may_coordinate(person, run.proposal).enforce()
    refuse_paused(run)
    visit = run.visits.filter(pk=visit_id, left_at=None).first()
    if visit is None:
        raise NotNow
    form = definition_of(run.version_id).stage(visit.stage).round
    if form is None or form.key != template:
        raise NotNow(_("This stage has no such round."), code="no-such-round")
    if visit.rounds.filter(closed_at=None, cancelled_at=None).exists():
        raise NotNow(_("A round is open already."), code="round-open")
    reviewers = _reviewers(run, visit, form, reviewer_ids, closes_at, now)
    round = Round.objects.create(
        visit=visit,
        revision=Revision.objects.filter(proposal=run.proposal_id).order_by("-number")[0],
        key=form.key,
        kind=form.kind,
        form={"criteria": [{"key": each.key, "question": each.question} for each in form.criteria]},
        visibility=form.visibility,
        quorum=form.quorum.number,
        quorum_rules=form.quorum.rules,
        blind=form.blind,
        opened_at=now,
        opened_by=person,
        closes_at=closes_at,
        answer_by=_answer_by(form, run, closes_at, now),
    )
    invite(run, round, reviewers, person=person, opens=True, now=now)
    return round


@transaction.atomic
def accept(*, assignment_id: int, person: User, now: datetime) -> Assignment:
    """Take up an invitation: from now on the reviewer reads the frozen text. A declined invitation can be taken up too.

    Raises:
        NotFound: not this person's invitation.
        NotNow: the round has closed.
    """
    assignment, run = lock_assignment(assignment_id)
    may_answer_invitation(person, assignment).enforce()
    if assignment.accepted_at:
        return assignment
    if tie := bars(ties_of([person.pk], run.proposal)[person.pk]):
        assignment.barred_at, assignment.bar_reason = now, conflict_words(tie)
        assignment.save(update_fields=["barred_at", "bar_reason"])
        append_events([NewEvent(run.pk, "reviewer-barred", None, {"assignment": assignment.pk})], now=now)
        return assignment
    assignment.accepted_at, assignment.declined_at, assignment.decline_reason = now, None, ""
    assignment.save(update_fields=["accepted_at", "declined_at", "decline_reason"])
    access.give(
        [
            access.NewGrant(
                run.proposal_id,
                Grant.Right.REVIEW,
                assignment_source(assignment.pk),
                person_id=person.pk,
                revision_id=assignment.round.revision_id,
            )
        ],
        now=now,
    )
    append_events([NewEvent(run.pk, "invitation-accepted", person.pk, {"assignment": assignment.pk})], now=now)
    return assignment


@transaction.atomic
def decline(*, assignment_id: int, person: User, reason: str, now: datetime) -> Assignment:
    """Turn an invitation down, before or after accepting it, as long as no review was submitted.

    Raises:
        NotFound: not this person's invitation.
        NotNow: the round has closed, or the review was submitted.
    """
    assignment, run = lock_assignment(assignment_id)
    may_answer_invitation(person, assignment).enforce()
    if assignment.declined_at:
        return assignment
    review = getattr(assignment, "review", None)
    if review and review.submitted_at:
        raise NotNow(_("You have submitted your review."), code="review-submitted")
    assignment.accepted_at, assignment.declined_at, assignment.decline_reason = None, now, reason.strip()[:2000]
    assignment.save(update_fields=["accepted_at", "declined_at", "decline_reason"])
    access.end([assignment_source(assignment.pk)], now=now)
    events = append_events(
        [NewEvent(run.pk, "invitation-declined", person.pk, {"assignment": assignment.pk}, {"reason": reason.strip()})],
        now=now,
    )
    told = Telling(
        run,
        _who_minds(assignment.round, run),
        "declined",
        f"event:{events[0].pk}",
        "declined",
        reverse("engine:round", args=[assignment.round_id]),
        {"reviewer": person.name, "reason": assignment.decline_reason or _("none given")},
    )
    notify(messages_of([told]), now=now)
    return assignment


@transaction.atomic
def remove_reviewer(*, assignment_id: int, person: User, reason: str, now: datetime) -> Assignment:
    """Bar a reviewer from a round, also after the review was handed in: it no longer counts, and the quorum is
    asked anew. Removing twice is harmless.

    Raises:
        NotFound, NotAllowed: not this person's to coordinate.
        NotNow: the stage has moved on.
        Invalid: no reason was given.
    """
    assignment, run = lock_assignment(assignment_id)
    may_coordinate(person, run.proposal).enforce()
    if assignment.round.visit.left_at:
        raise NotNow
    if assignment.barred_at:
        return assignment
    if not reason.strip():
        raise Invalid(errors={"reason": [_("Write a reason; it is kept with the round.")]})
    assignment.barred_at, assignment.bar_reason = now, reason.strip()[:2000]
    assignment.save(update_fields=["barred_at", "bar_reason"])
    access.end([assignment_source(assignment.pk)], now=now)
    append_events(
        [NewEvent(run.pk, "reviewer-barred", person.pk, {"assignment": assignment.pk}, {"reason": reason.strip()})],
        now=now,
    )
    return assignment


def _who_minds(round: Round, run: Run) -> list[int]:
    """Who opened the round, if they still coordinate; else all who do. A conflict bars from learning who reviews."""
    scopes = ("", f"area:{run.proposal.area.slug}")
    roles = RoleGrant.objects.filter(role__in=COORDINATING, scope__in=scopes, ended_at=None, person__is_active=True)
    held = set(roles.values_list("person", flat=True))
    barred = barred_among({run.proposal: held})
    people = sorted(person for person in held if (run.proposal_id, person) not in barred)
    return [round.opened_by_id] if round.opened_by_id in people else people


def lock_run(proposal_id: int) -> Run:
    """The run of a proposal, locked for the present transaction; NotFound when there is none to know of."""
    rows = Run.objects.select_for_update(of=("self",)).select_related("proposal__area")
    run = rows.filter(proposal=proposal_id, proposal__deleted_at=None).first()
    if run is None:
        raise NotFound
    return run


def lock_assignment(assignment_id: int) -> tuple[Assignment, Run]:
    """An assignment and its run; the run is locked first, then the row is read."""
    proposal_id = (
        Assignment.objects.filter(pk=assignment_id).values_list("round__visit__run__proposal_id", flat=True).first()
    )
    if proposal_id is None:
        raise NotFound
    run = lock_run(proposal_id)
    return Assignment.objects.select_related("round__revision", "round__visit", "review").get(pk=assignment_id), run


def _reviewers(
    run: Run, visit: Visit, form: RoundTemplate, ids: Collection[int], closes_at: datetime, now: datetime
) -> list[User]:
    errors: dict[str, list[str]] = {}
    if closes_at <= now:
        errors["closes_at"] = [_("The deadline has to lie in the future.")]
    if form.kind == "consultation":
        if errors:
            raise Invalid(errors=errors)
        return []
    people = list(User.objects.filter(pk__in=set(ids), is_active=True).order_by("sort_key"))
    so_far = panel_so_far(visit.pk, form.key)
    needed = form.quorum.to_invite(so_far, form.panel)
    if len(people) != len(set(ids)):
        errors["reviewers"] = [_("One of the people chosen has no account any more.")]
    elif len(people) < needed:
        words = ngettext(
            "Choose at least %(n)d reviewer, as many as the quorum.",
            "Choose at least %(n)d reviewers, as many as the quorum.",
            needed,
        )
        errors["reviewers"] = [words % {"n": needed}]
    elif len(people) > form.panel:
        errors["reviewers"] = [_("Choose at most %(n)d reviewers.") % {"n": form.panel}]
    else:
        errors["reviewers"] = _unsuitable(form, so_far, people, asked_so_far(visit.pk, form.key))
    found = ties_of([each.pk for each in people], run.proposal)
    errors.setdefault("reviewers", []).extend(
        _("%(name)s %(conflict)s.") % {"name": each.name, "conflict": conflict_words(tie)}
        for each in people
        if (tie := bars(found[each.pk]))
    )
    knowing = knowing_authors(run.proposal, blind=form.blind)
    errors["reviewers"].extend(f"{each.name} {KNOWS_AUTHORS}." for each in people if each.pk in knowing)
    if errors := {name: messages for name, messages in errors.items() if messages}:
        raise Invalid(errors=errors)
    return people


def _answer_by(form: RoundTemplate, run: Run, closes_at: datetime, now: datetime) -> datetime | None:
    """Until when those invited should answer; never after the round closes."""
    if form.response is None or form.kind == "consultation":
        return None
    calendars = definition_of(run.version_id).calendars
    return min(deadline(form.response, start=now, zone=UTC, calendars=calendars), closes_at)


def _unsuitable(form: RoundTemplate, so_far: PanelFacts, people: list[User], asked: Collection[int]) -> list[str]:
    """What the quorum could not have even if everybody who is invited hands in; `asked` were invited before."""
    belongs = organisations_of(people).values()
    kinds, countries = {each.kind for each in belongs}, {each.country for each in belongs if each.country}
    fresh = sum(each.pk not in asked for each in people)
    invited = PanelFacts(fresh, len(people), frozenset(kinds), frozenset(countries))
    lack = form.quorum.lacking(together([so_far, invited]))
    messages = [
        _("Choose somebody of this kind of actor too: %(kind)s.") % {"kind": kind} for kind in kind_labels(lack.kinds)
    ]
    if lack.number:
        messages.append(_("Choose more people, or ask again those who did not hand in: too few have until now."))
    if lack.countries:
        messages.append(_("Choose people from at least %(n)d countries.") % {"n": form.quorum.countries})
    return messages


def invite(run: Run, round: Round, reviewers: list[User], *, person: User, opens: bool = False, now: datetime) -> None:
    """Ask people to take part in a round, which this very command opens or which is open; suitability is settled."""
    organisations = organisations_of(reviewers)
    assignments = Assignment.objects.bulk_create(
        Assignment(
            round=round,
            reviewer=each,
            organisation=organisations.get(each.pk),
            invited_by=person,
            invited_at=now,
        )
        for each in reviewers
    )
    opened = {"round": round.pk, "revision": round.revision_id, "closes_at": round.closes_at.isoformat()}
    events = append_events(
        [
            *([NewEvent(run.pk, "round-opened", person.pk, opened)] if opens else []),
            *(
                NewEvent(run.pk, "reviewer-invited", person.pk, {"assignment": each.pk, "round": round.pk})
                for each in assignments
            ),
        ],
        now=now,
    )
    is_test = round.kind == "city-test"
    invitations = [
        Telling(
            run,
            [each.reviewer_id],
            "invitation",
            f"event:{event.pk}",
            "city-test-invitation" if is_test else "invitation",
            reverse("engine:invitation", args=[each.pk]),
            {"summary": run.proposal.summary, "answer_by": round.answer_by or ""},
        )
        for each, event in zip(assignments, events[int(opens) :], strict=True)
    ]
    notify(messages_of(invitations), now=now)
