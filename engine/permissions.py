"""Named questions about runs, rounds and reviews. Pages and services ask the same ones.

Rights on texts come from access rows alone; a conflict of interest bars from judging and takes nothing else away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ekip.shared.verdicts import Allowed, Denied, Verdict
from engine.models import Assignment, Round, Run, Visit
from engine.models.definitions import definition_of
from engine.process.conflicts import Side, Tie, bars, ties
from partners.models import Membership, NetworkMembership, RoleGrant, User
from partners.permissions import holds_role, sits_on
from partners.selectors import live_role_grants
from recommendations import access
from recommendations.models import Grant, Proposal

HIDDEN = Denied(_("There is nothing here."), "hidden", "hidden")
JUDGING = ("coordinator", "deputy", "decider")
NEVER = "never"  # the visibility of a round that keeps reviews from other reviewers for good
NOT_YOURS = _("Only the co-authors can do this.")
NOT_OPEN = _("This is not open at the present stage.")
CONFLICT_WORDS = {
    "author": _("is an author of this proposal"),
    "same-organisation": _("belongs to an organisation of the authors"),
    "same-network": _("belongs to a network of the authors’ organisations"),
}

CONFLICT = _("You or your organisation have a stake in this proposal.")
COORDINATING = ("coordinator", "deputy")
KNOWS_AUTHORS = _("oversees the proposal and can read who wrote it")


def may_design(person: User) -> Verdict:
    """Whether the person may change processes: administrators, and coordinators for the whole platform."""
    if person.is_authenticated and (person.is_staff or holds_role(person, "coordinator")):
        return Allowed()
    return Denied(_("Only coordinators for the whole platform and administrators change processes."), "not-a-designer")


def may_see_board(person: User) -> Verdict:
    """Whether the person has a board: who coordinates, stands in or decides, somewhere or for the whole platform."""
    if person.is_authenticated and live_role_grants(person).filter(role__in=JUDGING).exists():
        return Allowed()
    return Denied(_("The board is for coordinators, deputies and deciders."), "no-board")


def may_read(person: User, proposal: Proposal) -> Verdict:
    """Whether the person may read the present draft: co-authors and those who oversee it."""
    held = access.rights(person, proposal.pk)
    return Allowed() if held & {Grant.Right.AUTHOR, Grant.Right.OVERSEE} else HIDDEN


def may_author(person: User, proposal: Proposal, capability: str) -> Verdict:
    """Whether the person may do what co-authors do under a capability: edit, submit, dispose."""
    held = access.rights(person, proposal.pk)
    if Grant.Right.AUTHOR not in held:
        return Denied(NOT_YOURS, "not-an-author") if held & {Grant.Right.OVERSEE} else HIDDEN
    if not access.is_open(proposal.pk, capability):
        return Denied(NOT_OPEN, "not-open", "not_now")
    return Allowed()


def may_withdraw(person: User, proposal: Proposal) -> Verdict:
    """Whether the person is a co-author; the process says from which stages a submission can be taken back."""
    held = access.rights(person, proposal.pk)
    if Grant.Right.AUTHOR in held:
        return Allowed()
    return Denied(NOT_YOURS, "not-an-author") if Grant.Right.OVERSEE in held else HIDDEN


def may_coordinate(person: User, proposal: Proposal) -> Verdict:
    """Whether the person may open rounds and assign: a coordinator or deputy of the area, without a conflict."""
    return _may_judge(person, proposal, ("coordinator", "deputy"), {"review", "consult", "test"})


def may_keep_gatherings(person: User, proposal: Proposal) -> Verdict:
    """Whether the person may record where people met for the proposal: who coordinates the area, without a conflict.

    At every stage until the run has ended: a policy lab comes before the text, an assessment after it.
    """
    return _may_judge(person, proposal, ("coordinator", "deputy"), access.CAPABILITIES)


def may_schedule(person: User, proposal: Proposal) -> Verdict:
    """Whether the person may move deadlines, close rounds early, pause and resume: who coordinates, without a conflict.

    At every stage until the run has ended.
    """
    return may_schedule_each(person, [proposal])[proposal.pk]


def may_schedule_each(person: User, proposals: Collection[Proposal]) -> dict[int, Verdict]:
    """`may_schedule` for many, by proposal id. Constant number of queries."""
    roles = RoleGrant.objects.filter(person=person, role__in=COORDINATING, ended_at=None)
    scopes = set(roles.values_list("scope", flat=True))
    overseen = access.live_grants(person).filter(right=Grant.Right.OVERSEE, proposal__in=proposals)
    held = set(overseen.values_list("proposal_id", flat=True))
    barred = barred_from(person, [each for each in proposals if each.pk in held])
    running = access.open_among([each.pk for each in proposals])
    areas = dict(Proposal.objects.filter(pk__in=held).values_list("pk", "area__slug"))
    verdicts: dict[int, Verdict] = {}
    for each in proposals:
        if each.pk not in held or not scopes & {"", f"area:{areas[each.pk]}"}:
            verdicts[each.pk] = HIDDEN
        elif each.pk in barred:
            verdicts[each.pk] = Denied(CONFLICT, "conflict-of-interest")
        elif each.pk not in running:
            verdicts[each.pk] = Denied(NOT_OPEN, "not-open", "not_now")
        else:
            verdicts[each.pk] = Allowed()
    return verdicts


def may_decide(person: User, proposal: Proposal) -> Verdict:
    """Whether the person may decide now, without a conflict: a decider, coordinator or deputy of the area.

    Where a decision body decides, those who sit on it may, and nobody else.
    """
    if bodies := deciding_bodies(proposal):
        held = access.rights(person, proposal.pk)
        if Grant.Right.OVERSEE not in held:
            return HIDDEN
        if not decides_for(person, proposal, bodies):
            return Denied(_("A decision body decides at this stage."), "not-of-the-body")
        return _unbarred(person, proposal, {"decide"})
    return _may_judge(person, proposal, ("decider", "coordinator", "deputy"), {"decide"})


def deciding_bodies(proposal: Proposal) -> frozenset[str]:
    """The bodies that decide where the proposal stands, by key; "" among them stands for deciders of no body.

    Empty where no body decides.
    """
    visits = Visit.objects.filter(run__proposal=proposal, left_at=None).values_list("run__version_id", "stage")
    stages = [definition_of(version_id).stage(key) for version_id, key in visits]
    bodies = frozenset(way.body for stage in stages for way in stage.transitions if way.by == "decider")
    return bodies if any(bodies) else frozenset()


def decides_for(person: User, proposal: Proposal, bodies: Collection[str]) -> frozenset[str]:
    """Those of the bodies for which the person decides; "" for deciders, coordinators and deputies of the area."""
    return frozenset(
        body
        for body in bodies
        if (
            sits_on(person, body)
            if body
            else holds_role(person, "decider", "coordinator", "deputy", scope=f"area:{proposal.area.slug}")
        )
    )


def _may_judge(
    person: User, proposal: Proposal, roles: tuple[str, ...], capabilities: set[str] | frozenset[str]
) -> Verdict:
    held = access.rights(person, proposal.pk)
    if Grant.Right.OVERSEE not in held or not holds_role(person, *roles, scope=f"area:{proposal.area.slug}"):
        return HIDDEN
    return _unbarred(person, proposal, capabilities)


def _unbarred(person: User, proposal: Proposal, capabilities: set[str] | frozenset[str]) -> Verdict:
    """Whether no conflict of interest bars the person, and one of the capabilities is open now."""
    if tie := bar_of(person, proposal):
        return Denied(conflict_words(tie), "conflict-of-interest")
    if not capabilities & access.openings_of(proposal.pk):
        return Denied(NOT_OPEN, "not-open", "not_now")
    return Allowed()


def may_answer_invitation(person: User, assignment: Assignment) -> Verdict:
    """Whether the invitation is this person's, not barred, and the round still open."""
    if assignment.reviewer_id != person.pk or assignment.barred_at:
        return HIDDEN
    if assignment.round.closed_at or assignment.round.cancelled_at:
        return Denied(_("The round has closed."), "round-closed", "not_now")
    return Allowed()


def may_review(person: User, assignment: Assignment) -> Verdict:
    """Whether the person may read the frozen text and write the review: their own, accepted, not barred, round open."""
    if assignment.reviewer_id != person.pk or assignment.barred_at:
        return HIDDEN
    proposal_id = assignment.round.revision.proposal_id
    if assignment.round.revision_id not in access.readable_revisions(person, proposal_id):
        return Denied(_("Accept the invitation first."), "not-accepted", "not_now")
    if assignment.round.closed_at or assignment.round.cancelled_at:
        return Denied(_("The round has closed."), "round-closed", "not_now")
    return Allowed()


def may_read_publicly(proposal: Proposal) -> Verdict:
    """Whether everybody, also without an account, may read the frozen text at the present stage."""
    return Allowed() if access.is_open(proposal.pk, "read") else HIDDEN


def may_take_part(person: User, round: Round, *, now: datetime) -> Verdict:
    """Whether the person may take part in a consultation: it is open, and no conflict of interest bars them."""
    proposal = round.revision.proposal
    if round.kind != "consultation" or not {"read", "consult"} <= access.openings_of(proposal.pk):
        return HIDDEN
    if round.closed_at or round.cancelled_at or round.has_run_out(now):
        return Denied(_("The consultation has closed."), "round-closed", "not_now")
    if not person.is_authenticated:
        return Denied(_("Sign in first."), "not-signed-in")
    if Assignment.objects.filter(round=round, reviewer=person, barred_at__isnull=False).exists():
        return Denied(_("A coordinator has removed you from this consultation."), "barred")
    if bar_of(person, proposal):
        reason = _("You cannot take part, because you or your organisation have a stake in this proposal.")
        return Denied(reason, "conflict-of-interest")
    return Allowed()


def may_see_reviews(person: User, round: Round, proposal: Proposal) -> Verdict:
    """Whether the person sees what reviewers wrote.

    Those who oversee, unless barred; once the round closed, its authors, and the reviewers who handed in a review
    themselves. A round may keep reviews from reviewers, or show them earlier: to those who handed in, or took it up.
    """
    held = access.rights(person, proposal.pk)
    if Grant.Right.AUTHOR in held:
        return (
            Allowed()
            if round.closed_at
            else Denied(_("Reviews are shown when the round has closed."), "round-open", "not_now")
        )
    if Grant.Right.OVERSEE not in held:
        return Allowed() if _sees_others(person, round) else HIDDEN
    if tie := bar_of(person, proposal):
        return Denied(conflict_words(tie), "conflict-of-interest")
    return Allowed()


def _sees_others(person: User, round: Round) -> bool:
    """Whether a reviewer sees what others in the round have handed in."""
    if round.visibility == NEVER or round.cancelled_at:
        return False
    if round.visibility == "always" and round.closed_at is None:
        return round.assignments.filter(reviewer=person, barred_at=None, accepted_at__isnull=False).exists()
    is_time = round.closed_at is not None or round.visibility == "after-own"
    return is_time and has_reviewed(person, round)


def may_see_responses(person: User, proposal: Proposal) -> Verdict:
    """Whether the person sees what became of the points: authors, those who oversee, and those who took part.

    A conflict bars all but authors. `rounds_with_responses` says whose points they are.
    """
    held = access.rights(person, proposal.pk)
    if Grant.Right.AUTHOR in held:
        return Allowed()
    if Grant.Right.OVERSEE not in held and not rounds_with_responses(person, proposal).exists():
        return HIDDEN
    if tie := bar_of(person, proposal):
        return Denied(conflict_words(tie), "conflict-of-interest")
    return Allowed()


def may_take_record(person: User, proposal: Proposal) -> Verdict:
    """Whether the person may take the decision record away before it is public: authors and those who oversee.

    A conflict bars all but authors: they have what everybody has, once something is published.
    """
    held = access.rights(person, proposal.pk)
    if Grant.Right.AUTHOR in held:
        return Allowed()
    if Grant.Right.OVERSEE not in held:
        return HIDDEN
    if tie := bar_of(person, proposal):
        return Denied(conflict_words(tie), "conflict-of-interest")
    return Allowed()


def may_take_full_record(person: User, proposal: Proposal) -> Verdict:
    """Whether the record may name everybody to the person: never to an author, who may not know who reviewed."""
    if Grant.Right.AUTHOR in access.rights(person, proposal.pk):
        return Denied(_("Authors get the record without the names of reviewers."), "author")
    return may_take_record(person, proposal)


def rounds_with_responses(person: User, proposal: Proposal) -> QuerySet[Round]:
    """The closed rounds whose points are for the person: every one for authors and those who oversee.

    Reviewers who handed in see the rounds that show reviews to reviewers. Who came to a consultation by themselves
    sees that consultation, not what invited people wrote on texts that are not public.
    """
    closed = Round.objects.filter(visit__run__proposal=proposal, closed_at__isnull=False)
    if access.rights(person, proposal.pk) & {Grant.Right.AUTHOR, Grant.Right.OVERSEE}:
        return closed
    shown = closed.exclude(visibility=NEVER)
    own = Assignment.objects.filter(
        reviewer=person, barred_at=None, round__in=shown, review__submitted_at__isnull=False
    )
    was_invited = own.exclude(round__kind="consultation").exists()
    return shown if was_invited else shown.filter(pk__in=own.values("round"))


def has_reviewed(person: User, round: Round) -> bool:
    """Whether the person handed in a review (or a city case) in the round, and was not barred since."""
    own = Assignment.objects.filter(round=round, reviewer=person, barred_at=None)
    return own.filter(review__submitted_at__isnull=False).exists()


def knowing_authors(proposal: Proposal, *, blind: str) -> frozenset[int]:
    """Ids of those who oversee the proposal, and so cannot review it without knowing its authors; of nobody when the
    round is not double-blind.
    """
    return access.holders(proposal, Grant.Right.OVERSEE) if blind == "double" else frozenset()


def conflict_words(tie: Tie) -> str:
    """The conflict in words that follow a name: “… belongs to an organisation of the authors”."""
    return str(CONFLICT_WORDS[tie.kind])


def bar_of(person: User, proposal: Proposal) -> Tie | None:
    """The conflict that bars the person from judging the proposal, or None."""
    return bars(ties_of([person.pk], proposal)[person.pk])


def barred_from(person: User, proposals: Collection[Proposal]) -> frozenset[int]:
    """Ids of those proposals from whose judging a conflict bars the person. Constant number of queries."""
    return frozenset(proposal for proposal, _person in barred_among({each: [person.pk] for each in proposals}))


def barred_among(people: Mapping[Proposal, Collection[int]]) -> frozenset[tuple[int, int]]:
    """Ids of proposal and person where a conflict bars the one from judging the other, of those that are asked about.

    Constant number of queries.
    """
    authors: dict[int, list[int]] = {}
    grants = Grant.objects.filter(proposal__in=people, right=Grant.Right.AUTHOR, ends_at=None)
    for proposal_id, author in grants.values_list("proposal_id", "person_id"):
        authors.setdefault(proposal_id, []).append(author)
    organisations = _organisations({each for group in (*people.values(), *authors.values()) for each in group})
    leads = {proposal.lead_organisation_id for proposal in people}
    networks = _networks(leads.union(*organisations.values()))
    versions = dict(Run.objects.filter(proposal__in=people).values_list("proposal_id", "version_id"))
    barred = set()
    for proposal, asked in people.items():
        theirs = _side(authors.get(proposal.pk, []), organisations, networks, {proposal.lead_organisation_id})
        rules = definition_of(versions[proposal.pk]).conflicts
        barred |= {
            (proposal.pk, person)
            for person in asked
            if bars(ties(_side([person], organisations, networks, set()), theirs, rules))
        }
    return frozenset(barred)


def ties_of(people: list[int], proposal: Proposal) -> dict[int, tuple[Tie, ...]]:
    """Every conflict of each person with the proposal's authors, by person id. Constant number of queries."""
    authors = list(
        Grant.objects.filter(proposal=proposal, right=Grant.Right.AUTHOR, ends_at=None).values_list(
            "person_id", flat=True
        )
    )
    organisations = _organisations({*people, *authors})
    networks = _networks({each for group in organisations.values() for each in group} | {proposal.lead_organisation_id})
    rules = definition_of(Run.objects.values_list("version_id", flat=True).get(proposal=proposal)).conflicts
    theirs = _side(authors, organisations, networks, {proposal.lead_organisation_id})
    return {person: ties(_side([person], organisations, networks, set()), theirs, rules) for person in people}


def _side(people: list[int], organisations: dict[int, set[int]], networks: dict[int, set[int]], more: set[int]) -> Side:
    belongs = more.union(*(organisations.get(person, set()) for person in people))
    return Side(
        frozenset(people), frozenset(belongs), frozenset().union(*(networks.get(each, set()) for each in belongs))
    )


def _organisations(people: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    rows = Membership.objects.filter(person__in=people, ended_at=None)
    for person, organisation in rows.values_list("person_id", "organisation_id"):
        found.setdefault(person, set()).add(organisation)
    return found


def _networks(organisations: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    rows = NetworkMembership.objects.filter(member__in=organisations)
    for member, network in rows.values_list("member_id", "network_id"):
        found.setdefault(member, set()).add(network)
    return found
