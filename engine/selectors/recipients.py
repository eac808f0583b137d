"""Whom reminders name: authors, coordinators, deputies and deciders of runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine.models import Run
from engine.process.values import Stage
from partners.models import RoleGrant
from partners.models.people import BODY
from recommendations.models import Grant

ROLES = ("coordinator", "deputy", "decider")


@dataclass(frozen=True)
class Concerned:
    """Those concerned by one run; `bodies` holds those who sit on each decision body, by its key."""

    authors: frozenset[int]
    by_role: Mapping[str, frozenset[int]]
    bodies: Mapping[str, frozenset[int]]

    def by_name(self, stage: Stage) -> dict[str, frozenset[int]]:
        """By the names of `engine.process.values.RECIPIENTS`, at that stage; reviewers belong to rounds."""
        return {
            "authors": self.authors,
            "coordinators": self.by_role["coordinator"],
            "deputies": self.by_role["deputy"],
            "deciders": self._deciders(stage),
        }

    def _deciders(self, stage: Stage) -> frozenset[int]:
        """Those of the stage's decision body; else deciders, or where there are none, who may decide in their place."""
        bodies = {way.body for way in stage.transitions if way.by == "decider" and way.body}
        if bodies:
            return frozenset[int]().union(*(self.bodies.get(each, frozenset()) for each in bodies))
        return self.by_role["decider"] or self.by_role["coordinator"]


def concerned(runs: Collection[Run]) -> dict[int, Concerned]:
    """Those concerned by each run, by its id. The runs' proposals and areas are loaded. Two queries."""
    authors: dict[int, set[int]] = {run.proposal_id: set() for run in runs}
    rows = Grant.objects.filter(
        proposal__in=authors, right=Grant.Right.AUTHOR, ends_at=None, person__is_active=True
    ).values_list("proposal_id", "person_id")
    for proposal_id, person_id in rows:
        authors[proposal_id].add(person_id)
    by_scope: dict[str, dict[str, set[int]]] = {role: {} for role in ROLES}
    held = RoleGrant.objects.filter(role__in=ROLES, ended_at=None, person__is_active=True)
    for person_id, role, scope in held.values_list("person_id", "role", "scope"):
        by_scope[role].setdefault(scope, set()).add(person_id)
    bodies = {
        scope.removeprefix(BODY): frozenset(people)
        for scope, people in by_scope["decider"].items()
        if scope.startswith(BODY)
    }
    return {
        run.pk: Concerned(
            frozenset(authors[run.proposal_id]),
            {
                role: frozenset(scopes.get("", set()) | scopes.get(f"area:{run.proposal.area.slug}", set()))
                for role, scopes in by_scope.items()
            },
            bodies,
        )
        for run in runs
    }
