"""The hash chain of events. The hashed part holds ids, keys, instants and salted hashes, never words."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    """An event as the chain sees it; `actor` is None for the system."""

    run: int
    number: int
    kind: str
    at: datetime
    actor: int | None
    data: Mapping[str, Any]
    previous: str
    hash: str = ""


def link_hash(link: Link) -> str:
    """SHA-256, in hexadecimal, of the link's canonical bytes with the hash before it."""
    body = {
        "run": link.run,
        "number": link.number,
        "kind": link.kind,
        "at": link.at.isoformat(),
        "actor": link.actor,
        "data": link.data,
        "previous": link.previous,
    }
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def word_hash(salt: str, words: str) -> str:
    """The salted hash that stands in the chain for erasable words."""
    return hashlib.sha256(f"{salt}\n{words}".encode()).hexdigest()


def first_fault(links: Sequence[Link]) -> int | None:
    """The number of the first event that does not fit the chain, or None when all fit."""
    previous = GENESIS
    for number, link in enumerate(links, start=1):
        if link.number != number or link.previous != previous or link.hash != link_hash(link):
            return link.number
        previous = link.hash
    return None
