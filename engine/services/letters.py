"""Putting what people are told into words: those of the process where somebody changed them, else our own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from ekip.shared.look import words as instant_words
from engine.models import MailText, Run
from engine.notices import thread_of
from engine.process.mail_texts import fill
from engine.wording import BY_KEY
from partners.models import User
from partners.services.outbox import Message
from partners.zones import zone_of


@dataclass(frozen=True)
class Telling:
    """What some people are told about a run: `wording` names the text, `values` fill its placeholders.

    An instant among the values is worded in the zone of each person.
    """

    run: Run
    people: Collection[int]
    kind: str
    cause: str
    wording: str
    path: str = ""
    values: Mapping[str, str | datetime] = field(default_factory=dict)


def messages_of(tellings: Sequence[Telling]) -> list[Message]:
    """One message for each person of each telling, each person once. At most two queries.

    The runs come with their proposal, its area, and their version's definition.
    """
    if not tellings:
        return []
    stored = _stored({each.run.version.definition_id for each in tellings})
    people = _people(tellings, has_texts=bool(stored))
    return [message for each in tellings for message in _messages(each, stored, people)]


_Stored = Mapping[tuple[int, str, str], tuple[str, str]]
_People = Mapping[int, tuple[str, str]]


def _messages(telling: Telling, stored: _Stored, people: _People) -> Iterable[Message]:
    common = {
        "title": telling.run.proposal.title,
        "area": telling.run.proposal.area.title,
        "process": telling.run.version.definition.title,
        **telling.values,
    }
    has_instants = any(isinstance(value, datetime) for value in common.values())
    worded: dict[tuple[str, str], tuple[str, str]] = {}
    for person in dict.fromkeys(telling.people):
        language, zone = people.get(person, ("", ""))
        key = language, zone if has_instants else ""
        if key not in worded:
            text = stored.get((telling.run.version.definition_id, telling.wording, language)) or _ours(telling.wording)
            values = _in_zone(common, zone)
            worded[key] = fill(text[0], values), fill(text[1], values)
        subject, body = worded[key]
        yield Message(person, telling.kind, telling.cause, subject, body, telling.path, thread_of(telling.run.pk))


def _in_zone(values: Mapping[str, str | datetime], zone: str) -> dict[str, str]:
    with timezone.override(zone_of(zone)):
        return {name: instant_words(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _ours(key: str) -> tuple[str, str]:
    wording = BY_KEY[key]
    return str(wording.subject), str(wording.body)


def _stored(definitions: Collection[int]) -> _Stored:
    rows = MailText.objects.filter(definition__in=definitions)
    return {
        (definition, kind, language): (subject, body)
        for definition, kind, language, subject, body in rows.values_list(
            "definition", "kind", "language", "subject", "body"
        )
    }


def _people(tellings: Sequence[Telling], *, has_texts: bool) -> _People:
    """Language and zone of those for whom they make a difference."""
    asked = {
        person
        for each in tellings
        if has_texts or any(isinstance(value, datetime) for value in each.values.values())
        for person in each.people
    }
    if not asked:
        return {}
    rows = User.objects.filter(pk__in=asked).values_list("pk", "language", "time_zone")
    return {pk: (language, zone) for pk, language, zone in rows}
