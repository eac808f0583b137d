"""The hash chain of events. The hashed part holds ids, keys, instants and salted hashes, never words."""

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GENESIS = "0" * 64
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True)
class Link:
    """An event as the chain sees it; `actor` is None for the system.

    With a `seal` the chain holds a commitment to the actor, not the actor: a record may then leave out who acted, or
    the whole event, and still verify. Events from before there were seals have none.
    """

    run: int
    number: int
    kind: str
    at: datetime
    actor: int | None
    data: Mapping[str, Any]
    previous: str
    hash: str = ""
    seal: str = ""


def digest(data: Any) -> str:
    """SHA-256, in hexadecimal, of the canonical bytes of plain data."""
    return hashlib.sha256(_canonical(data).encode()).hexdigest()


def link_hash(link: Link) -> str:
    """The hash that the next event builds on."""
    if link.seal:
        return chained(link.previous, body_hash(link))
    return digest(_body(link) | {"actor": link.actor, "previous": link.previous})


def body_hash(link: Link) -> str:
    """What a sealed event adds to the chain, in one hash; it tells nothing to who does not know the seal."""
    return digest(_body(link) | {"actor": sealed_actor(link.seal, link.actor)})


def sealed_actor(seal: str, actor: int | None) -> str:
    """The commitment to who acted: the system is sealed like a person."""
    return word_hash(seal, "" if actor is None else str(actor))


def chained(previous: str, body: str) -> str:
    """The hash of a sealed event, from the hash before it and the hash of its body."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def word_hash(salt: str, words: str) -> str:
    """The salted hash that stands in the chain for erasable words."""
    return hashlib.sha256(f"{salt}\n{words}".encode()).hexdigest()


def first_fault(links: Iterable[Link]) -> int | None:
    """The number of the first event that does not fit the chain of one run, or None when all fit."""
    previous = GENESIS
    for number, link in enumerate(links, start=1):
        if link.number != number or link.previous != previous or link.hash != link_hash(link):
            return link.number
        previous = link.hash
    return None


def first_faults(links: Iterable[Link]) -> Iterator[tuple[int, int]]:
    """Run and number of the first event that does not fit, for each run that has one; `links` come run by run."""
    for run, chain in itertools.groupby(links, key=lambda link: link.run):
        number = first_fault(chain)
        if number is not None:
            yield run, number


def _body(link: Link) -> dict[str, Any]:
    return {"run": link.run, "number": link.number, "kind": link.kind, "at": link.at.isoformat(), "data": link.data}
