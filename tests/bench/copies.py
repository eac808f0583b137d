"""Many runs out of one that the services made: every row copied with ids of its own, and the chain hashed anew.

A copy differs from its model in ids and in who takes part. It is written by the database (INSERT … SELECT), so that a
hundred thousand runs take about a minute; whether the copies are sound is asked of the verification afterwards.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import ForeignKey, Max, Model, QuerySet
from psycopg.sql import Literal

from engine.models import (
    Answer,
    Assignment,
    CityCase,
    Event,
    EventWords,
    Finding,
    Participation,
    Point,
    Reminder,
    Review,
    Round,
    Run,
    Timer,
    Visit,
)
from partners.models import Delivery, Notification, User
from recommendations.models import Evidence, Grant, Opening, Proposal, Recommendation, Revision, Section

NAMED_IN_EVENTS = {"round": Round, "assignment": Assignment, "review": Review}
NAMED_IN_CAUSES = {"event": Event, "reminder": Reminder}
NAMED_IN_LEDGER = {"round": Round, "visit": Visit, "assignment": Assignment}
NAMED_IN_SOURCES = {"run": (Run,), "assignment": (Assignment,), "authorship": (User,), "co-author": (Proposal, User)}
LINKS = [getattr(Recommendation, name).through for name in ("target_actors", "building_blocks", "evidence")]


class Copies:
    """The rows of one run and `number` copies of them; `people` of the run are others in each copy, out of `pool`."""

    def __init__(self, run: Run, number: int, *, people: Sequence[int], pool: Sequence[int]) -> None:
        self.number, self.pool = number, pool
        self.place = {pk: place for place, pk in enumerate(people)}
        self.rows: dict[type[Model], list[Model]] = {}
        self.start: dict[type[Model], int] = {}
        for rows in _rows_of(run):
            self.rows[rows.model] = list(rows)
            self.start[rows.model] = (rows.model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
        self.index = {(model, row.pk): index for model, rows in self.rows.items() for index, row in enumerate(rows)}

    def write(self) -> None:
        """Write the copies: one statement for each row of the model run."""
        with connection.cursor() as cursor:
            for model, rows in self.rows.items():
                for row in rows:
                    self._write(cursor, row)
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), max(id)) "
                    f'FROM "{model._meta.db_table}"'
                )

    def _write(self, cursor: Any, row: Model) -> None:
        columns, terms = [], []
        source = f"generate_series(0, {self.number - 1}) AS k"
        special = self._special(row)
        if isinstance(row, Event) and row.number > 1:
            before = next(each for each in self.rows[Event] if each.number == row.number - 1)
            source += f" JOIN engine_event before ON before.id = {self._id(Event, before.pk)}"
        for field in row._meta.concrete_fields:
            columns.append(f'"{field.column}"')
            value = field.get_db_prep_save(getattr(row, field.attname), connection)
            term = special.get(field.attname) or self._mapped(field, getattr(row, field.attname), row)
            terms.append(term or f"{Literal(value).as_string(connection.connection)}::{field.db_type(connection)}")
        cursor.execute(
            f'INSERT INTO "{row._meta.db_table}" ({", ".join(columns)}) SELECT {", ".join(terms)} FROM {source}'
        )

    def _mapped(self, field: Any, value: Any, row: Model) -> str | None:
        if field.primary_key:
            return self._id(type(row), value)
        if isinstance(field, ForeignKey) and value is not None:
            target = field.related_model
            if target is User or (target, value) in self.index:
                return self._term(target, value)
        return None

    def _term(self, model: type[Model], pk: int) -> str:
        return self._person(pk) if model is User else self._id(model, pk)

    def _id(self, model: type[Model], pk: int) -> str:
        index, rows = self.index[model, pk], len(self.rows[model])
        return f"({self.start[model] + index} + k * {rows})"

    def _person(self, pk: int) -> str:
        if pk not in self.place:
            return str(pk)
        return f"({self.pool[0]} + (k * 7 + {self.place[pk]}) % {len(self.pool)})"

    def _special(self, row: Model) -> dict[str, str]:
        """The terms of columns that name rows in a way of their own."""
        match row:
            case Proposal():
                return {"title": f"'{row.title.rpartition(' ')[0]} ' || (k + 1)"}
            case Grant():
                kind, *ids = row.source.split(":")
                named = zip(NAMED_IN_SOURCES[kind], ids, strict=True)
                terms = [self._term(model, int(pk)) for model, pk in named]
                return {"source": " || ':' || ".join([f"'{kind}'", *terms])}
            case Reminder():
                return {"about": self._named(row.about, NAMED_IN_LEDGER)}
            case Notification():
                return {"cause": self._cause(row)}
            case Delivery():
                told = row.notification
                person = self._person(told.person_id)
                return {"message_id": message_id(person, f"'{told.kind}'", self._cause(told), f"'{row.channel}'")}
            case Event():
                return self._event(row)
        return {}

    def _cause(self, told: Notification) -> str:
        return self._named(told.cause, NAMED_IN_CAUSES)

    def _named(self, name: str, models: Mapping[str, type[Model]]) -> str:
        """The term of a name like "event:12"."""
        kind, _colon, pk = name.partition(":")
        return f"'{kind}:' || {self._id(models[kind], int(pk))}"

    def _event(self, event: Event) -> dict[str, str]:
        """Data with the ids of the copy, and the hash over the same bytes as `engine.process.chain.link_hash` takes."""
        terms: list[str] = []

        def put(term: str) -> str:
            terms.append(term)
            return f"@{len(terms) - 1}@"

        data = {
            name: put(self._id(NAMED_IN_EVENTS[name], value))
            if name in NAMED_IN_EVENTS
            else put(self._id(Revision, value))
            if name == "revision" and event.kind == "round-opened"
            else value
            for name, value in event.data.items()
        }
        actor = "''" if event.actor_id is None else self._person(event.actor_id)
        body = {
            "run": put(self._id(Run, event.run_id)),
            "number": event.number,
            "kind": event.kind,
            "at": event.at.isoformat(),
            "actor": "@actor@",
            "data": data,
        }
        previous = f"'{event.previous_hash}'" if event.number == 1 else "before.hash"
        return {
            "data": f"({_filled(data, terms)})::jsonb",
            "previous_hash": previous,
            "hash": link_hash(previous, _filled(body, terms), f"'{event.seal}'", actor),
        }


def link_hash(previous: str, body: str, seal: str, actor: str) -> str:
    """The SQL term of `engine.process.chain.link_hash`; `body` is the canonical JSON with "@actor@" for the actor."""
    sealed = sha256(f"{seal} || chr(10) || ({actor})")
    hashed = sha256(body.replace("@actor@", f"' || {sealed} || '"))
    return sha256(f"{previous} || chr(10) || {hashed}")


def sha256(text: str) -> str:
    """The SQL term of the hexadecimal hash of a term."""
    return f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')"


def message_id(person: str, kind: str, cause: str, channel: str) -> str:
    """The SQL term of `partners.services.outbox.message_id` for terms."""
    host = (urlsplit(settings.BASE_URL).hostname or "localhost")[-70:]
    said = " || chr(10) || ".join(f"({each})" for each in (person, kind, cause, channel))
    return f"'<' || left({sha256(said)}, 40) || '@{host}>'"


def _filled(data: Any, terms: Sequence[str]) -> str:
    """The SQL term of canonical JSON in which "@n@" stands for the n-th term."""
    written = json.dumps(data, sort_keys=True, separators=(",", ":")).replace("'", "''")
    return "'" + re.sub(r'"@(\d+)@"', lambda found: f"' || {terms[int(found[1])]} || '", written) + "'"


def _rows_of(run: Run) -> list[QuerySet[Any]]:
    """Every row of a run and its proposal, those that are referred to first."""
    own, here = {"proposal": run.proposal_id}, {"visit__run": run}
    review = "review__assignment__round__visit__run"
    events = Event.objects.filter(run=run).order_by("number")
    reminders = Reminder.objects.filter(run=run)
    causes = [f"event:{pk}" for pk in events.values_list("pk", flat=True)]
    causes += [f"reminder:{pk}" for pk in reminders.values_list("pk", flat=True)]
    told = Notification.objects.filter(cause__in=causes)
    rows = [
        Proposal.objects.filter(pk=run.proposal_id),
        *(model.objects.filter(**own) for model in (Section, Recommendation, Evidence, Revision, Opening)),
        *(link.objects.filter(recommendation__proposal=run.proposal_id) for link in LINKS),
        Run.objects.filter(pk=run.pk),
        Visit.objects.filter(run=run),
        *(model.objects.filter(**here) for model in (Timer, Round)),
        Assignment.objects.filter(round__visit__run=run),
        Review.objects.filter(assignment__round__visit__run=run),
        *(model.objects.filter(**{review: run}) for model in (Answer, Point, CityCase)),
        *(model.objects.filter(**{f"case__{review}": run}) for model in (Participation, Finding)),
        Grant.objects.filter(**own),
        events,
        EventWords.objects.filter(event__run=run),
        reminders,
        told,
        Delivery.objects.filter(notification__in=told).select_related("notification"),
    ]
    return [each if each is events else each.order_by("pk") for each in rows]
