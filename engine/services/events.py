"""Appending to the hash-chained record of runs."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.models import Event, EventWords
from engine.process.chain import GENESIS, Link, link_hash, word_hash


@dataclass(frozen=True)
class NewEvent:
    """Something that happened in a run. `data` holds ids and keys only; names and free text go into `words`."""

    run_id: int
    kind: str
    actor_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


def append_events(entries: Sequence[NewEvent], *, now: datetime) -> list[Event]:
    """Append events in their order; the caller holds the locks of their runs. Three queries, however many.

    Returns the stored events in the same order.
    """
    if not entries:
        return []
    heads = _heads({entry.run_id for entry in entries})
    events, words = [], []
    for entry in entries:
        number, previous = heads.get(entry.run_id, (0, GENESIS))
        data = dict(entry.data)
        salt, seal = secrets.token_hex(16), secrets.token_hex(16)
        spoken = {name: text for name, text in entry.words.items() if text}
        if spoken:
            data["words"] = {name: word_hash(salt, text) for name, text in sorted(spoken.items())}
        link = Link(entry.run_id, number + 1, entry.kind, now, entry.actor_id, data, previous, seal=seal)
        event = Event(
            run_id=link.run,
            number=link.number,
            kind=link.kind,
            at=link.at,
            actor_id=link.actor,
            data=data,
            previous_hash=previous,
            hash=link_hash(link),
            seal=seal,
        )
        heads[entry.run_id] = (link.number, event.hash)
        events.append(event)
        if spoken:
            words.append(EventWords(event=event, salt=salt, words=spoken))
    stored = Event.objects.bulk_create(events)
    EventWords.objects.bulk_create(words)
    return stored


def _heads(run_ids: set[int]) -> dict[int, tuple[int, str]]:
    # In the order in which the index is read backwards: nothing has to be sorted.
    rows = Event.objects.filter(run_id__in=run_ids).order_by("-run_id", "-number").distinct("run_id")
    return {run_id: (number, hash) for run_id, number, hash in rows.values_list("run_id", "number", "hash")}
