"""Conflicts of interest: who may not judge a proposal, and why."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Tie:
    """A conflict that was found; `blocks` says whether the definition bars or only warns. `with_id` names the body."""

    kind: str
    blocks: bool
    with_id: int | None = None


@dataclass(frozen=True)
class Side:
    """A person, the organisations they belong to, and the networks that those belong to (by id)."""

    people: frozenset[int]
    organisations: frozenset[int]
    networks: frozenset[int]


def ties(judge: Side, authors: Side, rules: Mapping[str, str]) -> tuple[Tie, ...]:
    """Every conflict between a judge and the authors' side, blocking ones first.

    `rules` maps author, same-organisation and same-network to "block", "warn" or "ignore".
    """
    found: list[Tie] = []
    if judge.people & authors.people:
        found.append(Tie("author", rules.get("author") == "block"))
    for kind, shared in (
        ("same-organisation", judge.organisations & authors.organisations),
        ("same-network", judge.networks & authors.networks),
    ):
        found += [Tie(kind, rules.get(kind) == "block", each) for each in sorted(shared)]
    kept = [tie for tie in found if rules.get(tie.kind, "ignore") != "ignore"]
    return tuple(sorted(kept, key=lambda tie: not tie.blocks))


def bars(found: tuple[Tie, ...]) -> Tie | None:
    """The conflict that bars from judging, or None."""
    return next((tie for tie in found if tie.blocks), None)
