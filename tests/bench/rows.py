"""What closing left behind, to compare: run by run, without the ids in it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from engine.models import Event, Round
from engine.services.verification import access_differences, chain_faults, replay_differences

SAMPLE = 400


def signatures(run_ids: Collection[int], *, now: datetime) -> set[str]:
    """The different things that were written about these runs at `now`: few, if runs of a shape were treated alike."""
    with connection.cursor() as cursor:
        cursor.execute(SIGNATURES, {"runs": list(run_ids), "now": now})
        return {said for (said,) in cursor.fetchall()}


def faults(run_ids: Collection[int]) -> list[str]:
    """What chain, replay and access rows of some of these runs say against each other."""
    some = list(run_ids)[:: max(1, len(run_ids) // SAMPLE)]
    return [*chain_faults(some), *replay_differences(some), *access_differences(some)]


def runs_of(round_ids: Collection[int]) -> list[int]:
    """The runs of rounds, in their order."""
    found = dict(Round.objects.filter(pk__in=round_ids).values_list("pk", "visit__run_id"))
    return [found[pk] for pk in round_ids]


def closings(*, now: datetime) -> tuple[int, int]:
    """How many rounds were closed at `now`, and how many events say so."""
    rounds = Round.objects.filter(closed_at=now).count()
    return rounds, Event.objects.filter(kind="round-closed", at=now).count()


SIGNATURES = r"""
SELECT DISTINCT string_agg(line, E'\n' ORDER BY line) FROM (
    SELECT run_id, format('event %%s %%s %%s %%s %%s', number, kind, actor_id, length(seal),
        regexp_replace(data::text, '\d+', '#', 'g')) AS line
    FROM engine_event WHERE run_id = ANY(%(runs)s) AND at = %(now)s
    UNION ALL SELECT run_id, format('visit %%s %%s %%s %%s %%s', number, stage, entered_at, left_at, left_by)
    FROM engine_visit WHERE run_id = ANY(%(runs)s)
    UNION ALL SELECT v.run_id,
        format('timer %%s %%s %%s %%s %%s', v.number, t.key, t.due_at, t.fired_at, t.cancelled_at)
    FROM engine_timer t JOIN engine_visit v ON v.id = t.visit_id WHERE v.run_id = ANY(%(runs)s)
    UNION ALL SELECT v.run_id, format('round %%s %%s %%s', r.key, r.closed_at, r.cancelled_at)
    FROM engine_round r JOIN engine_visit v ON v.id = r.visit_id WHERE v.run_id = ANY(%(runs)s)
    UNION ALL SELECT r.id, 'open ' || o.capability
    FROM recommendations_opening o JOIN engine_run r ON r.proposal_id = o.proposal_id WHERE r.id = ANY(%(runs)s)
    UNION ALL SELECT e.run_id, format('told %%s %%s %%s %%s %%s %%s %%s %%s %%s %%s', n.kind,
        regexp_replace(n.subject, '\d+', '#', 'g'), n.body, regexp_replace(n.path, '\d+', '#', 'g'),
        n.thread = 'run:' || e.run_id, n.in_app, d.channel, d.state, d.next_attempt_at, length(d.message_id))
    FROM partners_notification n
    JOIN engine_event e ON e.id = CASE WHEN n.cause LIKE 'event:%%' THEN substr(n.cause, 7)::bigint END
    LEFT JOIN partners_delivery d ON d.notification_id = n.id
    WHERE e.run_id = ANY(%(runs)s) AND n.created_at = %(now)s
) AS written GROUP BY run_id
"""
