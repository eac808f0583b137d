"""Named questions about runs, rounds and reviews. Pages and services ask the same ones.

Rights on texts come from access rows alone; a conflict of interest bars from judging and takes nothing else away.
"""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from ekip.shared.verdicts import Allowed, Denied, Verdict
from engine.models import Assignment, Round, Run
from engine.models.definitions import definition_of
from engine.process.conflicts import Side, Tie, bars, ties
from partners.models import Membership, NetworkMembership, User
from partners.permissions import holds_role
from recommendations import access
from recommendations.models import Grant, Proposal

HIDDEN = Denied(_("There is nothing here."), "hidden", "hidden")
NOT_YOURS = _("Only the co-authors can do this.")
NOT_OPEN = _("This is not open at the present stage.")
CONFLICT_WORDS = {
    "author": _("is an author of this proposal"),
    "same-organisation": _("belongs to an organisation of the authors"),
    "same-network": _("belongs to a network of the authors’ organisations"),
}


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
    return _may_judge(person, proposal, ("coordinator", "deputy"), {"review", "test"})


def may_decide(person: User, proposal: Proposal) -> Verdict:
    """Whether the person may decide now: a decider, coordinator or deputy of the area, without a conflict."""
    return _may_judge(person, proposal, ("decider", "coordinator", "deputy"), {"decide"})


def _may_judge(person: User, proposal: Proposal, roles: tuple[str, ...], capabilities: set[str]) -> Verdict:
    held = access.rights(person, proposal.pk)
    if Grant.Right.OVERSEE not in held or not holds_role(person, *roles, scope=f"area:{proposal.area.slug}"):
        return HIDDEN
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


def may_see_reviews(person: User, round: Round, proposal: Proposal) -> Verdict:
    """Whether the person sees what reviewers wrote.

    Those who oversee, unless barred; once the round closed, its authors, and the reviewers who handed in a review
    themselves when the round does not keep reviews from them.
    """
    held = access.rights(person, proposal.pk)
    if Grant.Right.AUTHOR in held:
        return (
            Allowed()
            if round.closed_at
            else Denied(_("Reviews are shown when the round has closed."), "round-open", "not_now")
        )
    if Grant.Right.OVERSEE not in held:
        is_shown = round.closed_at and round.visibility != "never" and has_reviewed(person, round)
        return Allowed() if is_shown else HIDDEN
    if tie := bar_of(person, proposal):
        return Denied(conflict_words(tie), "conflict-of-interest")
    return Allowed()


def may_see_responses(person: User, proposal: Proposal) -> Verdict:
    """Whether the person sees what became of all points: authors, those who oversee, and reviewers who took part.

    A reviewer took part with a review handed in for a round that has closed. A conflict bars all but authors.
    """
    held = access.rights(person, proposal.pk)
    if Grant.Right.AUTHOR in held:
        return Allowed()
    took_part = Assignment.objects.filter(
        reviewer=person,
        barred_at=None,
        round__revision__proposal=proposal,
        round__closed_at__isnull=False,
        review__submitted_at__isnull=False,
    )
    if Grant.Right.OVERSEE not in held and not took_part.exists():
        return HIDDEN
    if tie := bar_of(person, proposal):
        return Denied(conflict_words(tie), "conflict-of-interest")
    return Allowed()


def has_reviewed(person: User, round: Round) -> bool:
    """Whether the person handed in a review (or a city case) in the round, and was not barred since."""
    own = Assignment.objects.filter(round=round, reviewer=person, barred_at=None)
    return own.filter(review__submitted_at__isnull=False).exists()


def conflict_words(tie: Tie) -> str:
    """The conflict in words that follow a name: “… belongs to an organisation of the authors”."""
    return str(CONFLICT_WORDS[tie.kind])


def bar_of(person: User, proposal: Proposal) -> Tie | None:
    """The conflict that bars the person from judging the proposal, or None."""
    return bars(ties_of([person.pk], proposal)[person.pk])


def barred_from(person: User, proposals: Collection[Proposal]) -> frozenset[int]:
    """Ids of those proposals from whose judging a conflict bars the person. Constant number of queries."""
    authors: dict[int, list[int]] = {}
    grants = Grant.objects.filter(proposal__in=proposals, right=Grant.Right.AUTHOR, ends_at=None)
    for proposal_id, author in grants.values_list("proposal_id", "person_id"):
        authors.setdefault(proposal_id, []).append(author)
    organisations = _organisations({person.pk, *(each for group in authors.values() for each in group)})
    leads = {proposal.lead_organisation_id for proposal in proposals}
    networks = _networks(leads.union(*organisations.values()))
    versions = dict(Run.objects.filter(proposal__in=proposals).values_list("proposal_id", "version_id"))
    own = _side([person.pk], organisations, networks, set())
    barred = set()
    for proposal in proposals:
        theirs = _side(authors.get(proposal.pk, []), organisations, networks, {proposal.lead_organisation_id})
        if bars(ties(own, theirs, definition_of(versions[proposal.pk]).conflicts)):
            barred.add(proposal.pk)
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
