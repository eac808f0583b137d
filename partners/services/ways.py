"""Which way each message takes to its person: on their list or not, by mail at once, in the digest, or not at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from partners import kinds
from partners.digests import digest_instant
from partners.kinds import Kind
from partners.models import Choice, Delivery, Rhythm
from partners.services.rhythm import hours_of


class Told(Protocol):
    """As much of a message as decides its way."""

    @property
    def person_id(self) -> int: ...

    @property
    def kind(self) -> str: ...


@dataclass(frozen=True)
class Way:
    """`channel` is none where the person wants no mail of it; `at` is when the mail may leave."""

    in_app: bool
    channel: str | None
    at: datetime


def ways(messages: Collection[Told], *, now: datetime) -> list[Way]:
    """The way of each message, in their order. Seven queries at most, however many messages there are."""
    choices = _choices(messages)
    chosen = [_chosen(kinds.kind_of(each.kind), choices.get((each.person_id, _group(each)))) for each in messages]
    rhythms = _rhythms(messages, chosen)
    held = {
        each.person_id
        for each, (_in_app, mail) in zip(messages, chosen, strict=True)
        if mail == kinds.DIGEST or (mail and _waits(kinds.kind_of(each.kind), rhythms.get(each.person_id)))
    }
    hours = hours_of(held, now) if held else {}
    found = []
    for each, (in_app, mail) in zip(messages, chosen, strict=True):
        rhythm = rhythms.get(each.person_id)
        if not mail:
            found.append(Way(in_app, None, now))
        elif mail == kinds.DIGEST:
            at = digest_instant(hours[each.person_id], (rhythm or Rhythm()).digest_at, now)
            found.append(Way(in_app, Delivery.Channel.DIGEST, at))
        else:
            waits = _waits(kinds.kind_of(each.kind), rhythm)
            at = hours[each.person_id].reachable(now) if waits else now
            found.append(Way(in_app, Delivery.Channel.MAIL, at))
    return found


def _group(message: Told) -> str:
    return kinds.group_of(message.kind).key


def _choices(messages: Collection[Told]) -> dict[tuple[int, str], Choice]:
    asked = [each for each in messages if not kinds.kind_of(each.kind).essential]
    if not asked:
        return {}
    rows = Choice.objects.filter(
        person__in={each.person_id for each in asked}, group__in={_group(each) for each in asked}
    )
    return {(row.person_id, row.group): row for row in rows}


def _chosen(kind: Kind, choice: Choice | None) -> tuple[bool, str]:
    """Whether it stands on the list, and how mail of it goes ("" for never)."""
    if kind.essential:
        return True, kinds.AT_ONCE
    if choice is None:
        return kind.listed, kinds.group_of(kind.key).mail
    return choice.in_app, "" if choice.mail == Choice.Mail.OFF else choice.mail


def _rhythms(messages: Collection[Told], chosen: list[tuple[bool, str]]) -> dict[int, Rhythm]:
    asked = {
        each.person_id
        for each, (_in_app, mail) in zip(messages, chosen, strict=True)
        if mail and not kinds.kind_of(each.kind).essential
    }
    if not asked:
        return {}
    return {row.person_id: row for row in Rhythm.objects.filter(person__in=asked)}


def _waits(kind: Kind, rhythm: Rhythm | None) -> bool:
    return not kind.essential and (kind.waits or (rhythm is not None and rhythm.holds_all_mail))
