"""The decision record of a run: everything that a third party needs to verify it, and what its reader may know.

`docs/decision-record.md` describes the format. Constant number of queries, however long the run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from ekip.shared.errors import NotFound
from engine.models import Checkpoint, CheckpointHead, Event, ProcessVersion, Review, Run
from engine.permissions import may_take_full_record, may_take_record
from engine.process.chain import digest
from engine.process.checkpoints import Tree, leaf_of, proof
from engine.selectors import record_parts as parts
from engine.selectors.record_parts import EDITIONS, Audience, Told
from partners.models import User
from recommendations.library.documents import editions_of
from recommendations.library.standing import Standing
from recommendations.models import Proposal

FORMAT = "ekip-decision-record/1"


@dataclass(frozen=True)
class Record:
    """A run of which somebody may take the record away, and for whom it is made."""

    run: Run
    audience: Audience
    title: str
    language: str
    has_words: bool = True

    @property
    def is_full(self) -> bool:
        """Whether it names everybody."""
        return self.audience == Audience.OVERSEERS

    @property
    def file_name(self) -> str:
        """What the file is called."""
        return f"decision-record-{self.run.pk}-{'full' if self.is_full else 'public'}.json"


def record_for(person: User, pk: int) -> Record:
    """The record of a proposal's run, for an author or somebody who oversees it.

    Raises:
        NotFound: no such proposal, or not for this person to know of.
        NotAllowed: a conflict of interest bars the person.
    """
    proposal = Proposal.objects.filter(pk=pk, deleted_at=None).first()
    if proposal is None:
        raise NotFound
    may_take_record(person, proposal).enforce()
    audience = Audience.OVERSEERS if may_take_full_record(person, proposal) else Audience.AUTHORS
    run = Run.objects.select_related("publication", "version").get(proposal=proposal)
    return Record(run, audience, proposal.title, proposal.language)


def public_record(slug: str) -> Record:
    """The record that everybody may take away of a publication that was developed here.

    Raises:
        NotFound: no such publication, or it came from elsewhere.
    """
    run = Run.objects.select_related("publication", "version").filter(publication__slug=slug).first()
    if run is None:
        raise NotFound
    newest = editions_of(slug)[0]
    is_there = newest.standing not in (Standing.WITHDRAWN, Standing.REDACTED)
    title = newest.public()["title"] if newest.standing != Standing.REDACTED else slug
    return Record(run, Audience.EVERYBODY, title, newest.row.language, has_words=is_there)


def record_data(record: Record, *, now: datetime) -> dict[str, Any]:
    """The record as plain data."""
    run = record.run
    rows = list(Event.objects.filter(run=run).select_related("words").order_by("number"))
    told = Told(record.audience, _shown(rows, record.audience), has_words=record.has_words)
    rounds = parts.rounds(told)
    decisions = parts.decisions(told)
    points = parts.points(told)
    content: dict[str, Any] = {
        "about": {
            "form": "full" if record.is_full else "public",
            "for": record.audience.value,
            "made_at": now.isoformat(),
            "publication": run.publication.slug if run.publication else None,
            "run": run.pk,
            "site": settings.BASE_URL,
            "title": record.title,
        },
        "process": _versions(told.events),
        "events": parts.events(rows, told),
        "head": {"number": rows[-1].number, "hash": rows[-1].hash},
        "revisions": parts.revisions(told),
        "rounds": rounds,
        "decisions": decisions,
        "points": points,
        "editions": parts.editions(told),
        "checkpoint": checkpoint_over(run.pk),
        "people": _people(rows, rounds, decisions) if record.is_full else [],
    }
    return {"format": FORMAT, **content, "digests": {name: digest(part) for name, part in content.items()}}


def checkpoint_over(run_id: int) -> dict[str, Any] | None:
    """The newest checkpoint that saw the run move, and what leads from the run's head to its root; or None."""
    head = CheckpointHead.objects.filter(run=run_id).select_related("checkpoint").order_by("-checkpoint").first()
    if head is None:
        return None
    rows = CheckpointHead.objects.filter(checkpoint=head.checkpoint_id).order_by("run")
    heads = list(rows.values_list("run", "number", "hash"))
    leaves = [leaf_of(*each) for each in heads]
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    point = head.checkpoint
    return {
        "number": point.number,
        "at": point.at.isoformat(),
        "runs": point.runs,
        "events": point.events,
        "heads": tree.size,
        "root": tree.root,
        "previous": point.previous_hash,
        "hash": point.hash,
        "head": {"number": head.number, "hash": head.hash},
        "proof": proof(leaves, heads.index((head.run, head.number, head.hash))),
    }


def checkpoints() -> QuerySet[Checkpoint]:
    """Every checkpoint, newest first."""
    return Checkpoint.objects.order_by("-number")


def _shown(rows: list[Event], audience: Audience) -> dict[int, Event]:
    """The events that are told to the audience, by number: those of reviewers only to those who oversee the proposal,
    and to everybody only what led to an edition. What was handed in is told to nobody while its round is open.
    """
    if audience == Audience.OVERSEERS:
        early = _handed_in_early(rows)
        return {row.number: row for row in rows if row.data.get("review") not in early}
    last = rows[-1].at
    if audience == Audience.EVERYBODY:
        last = max((row.at for row in rows if row.kind in EDITIONS), default=rows[0].at)
    return {
        row.number: row
        for row in rows
        if row.at <= last and row.kind in parts.PUBLIC and (row.seal or row.actor_id is None)
    }


def _handed_in_early(rows: Iterable[Event]) -> frozenset[int]:
    """Ids of the reviews whose round is still open."""
    handed_in = [row.data["review"] for row in rows if row.kind in parts.HANDED_IN]
    still = Review.objects.filter(
        pk__in=handed_in, assignment__round__closed_at=None, assignment__round__cancelled_at=None
    )
    return frozenset(still.values_list("pk", flat=True))


def _versions(events: Collection[Event]) -> list[dict[str, Any]]:
    """Every version of the process on which the run was, as far as it is told, in order."""
    keys = {"run-opened": "version", "migrated": "to"}
    hashes = [event.data[keys[event.kind]] for event in events if event.kind in keys]
    versions = ProcessVersion.objects.filter(content_hash__in=hashes).select_related("definition")
    rows = {row.content_hash: row for row in versions}
    return [
        {
            "hash": row.content_hash,
            "key": row.definition.key,
            "title": row.definition.title,
            "number": row.number,
            "content": row.content,
        }
        for row in (rows[each] for each in dict.fromkeys(hashes))
    ]


Part = list[dict[str, Any]]


def _people(rows: Iterable[Event], rounds: Part, decisions: Part) -> Part:
    """Everybody whom the full form names by number."""
    found = {row.actor_id for row in rows if row.actor_id}
    found |= {each["reviewer"] for round in rounds for each in round["assignments"]}
    for each in decisions:
        found |= {*each["inputs"].get("eligible", ()), *each["inputs"].get("recused", ())}
    people = User.objects.filter(pk__in=found).order_by("pk")
    return [{"person": person.pk, "name": person.name} for person in people]
