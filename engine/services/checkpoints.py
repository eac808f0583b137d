"""Checkpoints over all chains: what was cut off, replaced or removed after one was made is found."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Lag

from engine.models import Checkpoint, CheckpointHead, Event, Run
from engine.process.chain import GENESIS
from engine.process.checkpoints import Tree, checkpoint_hash, leaf_of

logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)
CHUNK = 2000
LOCK = 0x656B6970_63686B70  # any number that no other advisory lock uses


def checkpoint_when_due(*, now: datetime) -> Checkpoint | None:
    """Make a checkpoint when the newest is a day old; None when it is younger or nothing happened since."""
    if Checkpoint.objects.filter(at__gt=now - EVERY).exists():
        return None
    return make_checkpoint(now=now)


@transaction.atomic
def make_checkpoint(*, now: datetime) -> Checkpoint | None:
    """Record the heads of all chains that moved since the last checkpoint; None when none did.

    It holds up nobody: one statement reads every head, so they belong to one instant. Its hash also goes to the log,
    where who can change the database cannot change it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    before = Checkpoint.objects.order_by("-number").first()
    moved = list(_moved_heads())
    if not moved:
        return None
    tree = Tree()
    for run, number, hash, _known in moved:
        tree.add(leaf_of(run, number, hash))
    number = before.number + 1 if before else 1
    runs = (before.runs if before else 0) + sum(known is None for _run, _number, _hash, known in moved)
    events = (before.events if before else 0) + sum(now_at - (known or 0) for _run, now_at, _hash, known in moved)
    previous = before.hash if before else GENESIS
    checkpoint = Checkpoint.objects.create(
        number=number,
        at=now,
        runs=runs,
        events=events,
        previous_hash=previous,
        hash=checkpoint_hash(
            number=number, at=now, runs=runs, events=events, heads=tree.size, root=tree.root, previous=previous
        ),
    )
    CheckpointHead.objects.bulk_create(
        (
            CheckpointHead(checkpoint=checkpoint, run=run, number=number, hash=hash)
            for run, number, hash, _known in moved
        ),
        batch_size=CHUNK,
    )
    logger.info("checkpoint %d over %d runs and %d events: %s", checkpoint.number, runs, events, checkpoint.hash)
    return checkpoint


def checkpoint_faults() -> list[str]:
    """One line for each checkpoint that does not verify, and for each event that one saw and that is not there."""
    lines: list[str] = []
    number, previous, runs, events = 0, GENESIS, 0, 0
    heads = _known_heads().iterator(chunk_size=CHUNK)
    head = next(heads, None)
    for row in Checkpoint.objects.order_by("number").iterator(chunk_size=CHUNK):
        tree = Tree()
        while head is not None and head[0] == row.pk:
            _checkpoint, run, event, hash, earlier, stands = head
            tree.add(leaf_of(run, event, hash))
            runs += earlier is None
            events += event - (earlier or 0)
            if stands != hash:
                became = "is gone" if stands is None else "is another one now"
                lines.append(f"run {run}: event {event}, which checkpoint {row.number} saw, {became}")
            head = next(heads, None)
        seal = checkpoint_hash(
            number=number + 1,
            at=row.at,
            runs=runs,
            events=events,
            heads=tree.size,
            root=tree.root,
            previous=previous,
        )
        if row.hash != seal or (row.number, row.previous_hash, row.runs, row.events) != (
            number + 1,
            previous,
            runs,
            events,
        ):
            lines.append(f"checkpoint {row.number} does not fit")
        number, previous, runs, events = row.number, row.hash, row.runs, row.events
    return lines


def _moved_heads() -> QuerySet:
    """Run, number and hash of every head that the last checkpoints do not know, and the number that they know."""
    newest = Event.objects.filter(run=OuterRef("pk")).order_by("-number")
    known = CheckpointHead.objects.filter(run=OuterRef("pk")).order_by("-checkpoint")
    runs = Run.objects.annotate(
        head_number=Subquery(newest.values("number")[:1]),
        head=Subquery(newest.values("hash")[:1]),
        known_number=Subquery(known.values("number")[:1]),
        known=Subquery(known.values("hash")[:1]),
    )
    moved = runs.filter(head__isnull=False).filter(Q(known=None) | ~Q(known=F("head")))
    return moved.order_by("pk").values_list("pk", "head_number", "head", "known_number")


def _known_heads() -> QuerySet:
    """Every head of every checkpoint, with the number that the one before knew and the hash that stands there now."""
    stands = Event.objects.filter(run=OuterRef("run"), number=OuterRef("number")).values("hash")[:1]
    before = Window(Lag("number"), partition_by="run", order_by="checkpoint")
    rows = CheckpointHead.objects.annotate(before=before, stands=Subquery(stands))
    return rows.order_by("checkpoint", "run").values_list("checkpoint", "run", "number", "hash", "before", "stands")
