"""Whom a change of dates concerns: those who are told of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.models import Assignment, Run
from engine.permissions import COORDINATING
from partners.models import RoleGrant, User
from recommendations.models import Grant


@dataclass(frozen=True)
class Concerned:
    """How many are told, each counted once: as reviewer who has not handed in, else as author, else as coordinator."""

    reviewers: int
    authors: int
    coordinators: int

    @property
    def words(self) -> str:
        """Who is told, in one sentence."""
        parts = [
            ngettext("%(n)d reviewer who has not handed in", "%(n)d reviewers who have not handed in", self.reviewers)
            % {"n": self.reviewers},
            ngettext("%(n)d author", "%(n)d authors", self.authors) % {"n": self.authors},
            ngettext("%(n)d other coordinator", "%(n)d other coordinators", self.coordinators)
            % {"n": self.coordinators},
        ]
        counts = (self.reviewers, self.authors, self.coordinators)
        told = [part for part, count in zip(parts, counts, strict=True) if count]
        if not told:
            return _("There is nobody else to tell.")
        return _("Told once, each with the dates in their own time zone: %(who)s.") % {"who": ", ".join(told)}


def concerned(run: Run, person: User, *, round_id: int | None = None, every_round: bool = False) -> Concerned:
    """Who is told when the person moves a date of one round, of no round, or of every open one. Three queries."""
    waiting = Assignment.objects.filter(
        round__closed_at=None,
        round__cancelled_at=None,
        round__visit__run=run,
        declined_at=None,
        barred_at=None,
        review__submitted_at=None,
        reviewer__is_active=True,
    )
    if not every_round:
        waiting = waiting.filter(round=round_id)
    reviewers = set(waiting.values_list("reviewer", flat=True)) - {person.pk}
    grants = Grant.objects.filter(proposal=run.proposal_id, right=Grant.Right.AUTHOR, ends_at=None)
    authors = set(grants.filter(person__is_active=True).values_list("person", flat=True))
    scopes = ("", f"area:{run.proposal.area.slug}")
    roles = RoleGrant.objects.filter(role__in=COORDINATING, scope__in=scopes, ended_at=None, person__is_active=True)
    coordinators = set(roles.values_list("person", flat=True))
    authors -= reviewers | {person.pk}
    return Concerned(len(reviewers), len(authors), len(coordinators - authors - reviewers - {person.pk}))
