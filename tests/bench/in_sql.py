"""Closing rounds as the database alone does it: the same rows, by one statement for each table.

It knows the process and the texts that it is measured with, and decides nothing else. It is the floor: as fast as these
rows can be written at all.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from engine.models import ProcessVersion
from engine.models.definitions import definition_of
from engine.wording import BY_KEY, Wording
from tests.bench.copies import link_hash, message_id

COMMUNITY, CITY, REVISION = "community-review", "city-prototyping", "revision"


def close_all(round_ids: Collection[int], *, now: datetime) -> None:
    """Close these rounds, in the caller's transaction; everything that is deferred is checked too."""
    definition = definition_of(ProcessVersion.objects.get(definition__key="ekip-engine").pk)
    capabilities = [
        (stage, name) for stage in (COMMUNITY, CITY, REVISION) for name in definition.stage(stage).capabilities
    ]
    timers = [(each.key, each.after) for each in definition.stage(REVISION).timers]
    closed, missed = BY_KEY["review-closed"], BY_KEY["quorum-missed"]
    with connection.cursor() as cursor:
        run = cursor.execute
        run(DUE, [list(round_ids)])
        run("ANALYZE due")
        run(f"UPDATE engine_round r SET closed_at = '{now.isoformat()}' FROM due WHERE r.id = due.round_id")
        run(_events("round-closed", "closed_event", "1", "last_hash", CLOSED, "true", now, "due.seal"))
        run(f"UPDATE engine_visit v SET left_at = '{now}', left_by = way FROM due WHERE met AND v.id = due.visit_id")
        run(f"UPDATE engine_timer t SET cancelled_at = '{now}' FROM due WHERE met AND t.visit_id = due.visit_id")
        run(ENTER.format(stage=REVISION, now=now))
        run(TIMERS, [[key for key, _after in timers], [after for _key, after in timers]])
        run(SHUT, [[stage for stage, _name in capabilities], [name for _stage, name in capabilities]])
        run(OPEN, [[stage for stage, _name in capabilities], [name for _stage, name in capabilities]])
        head = "(SELECT hash FROM engine_event e WHERE e.id = due.closed_event)"
        run(_events("moved", "next_event", "2", head, MOVED, "met AND NOT waits", now, "due.next_seal"))
        run(_events("branch-finished", "next_event", "2", head, FINISHED, "met AND waits", now, "due.next_seal"))
        run(_told("review-closed", "next_event", "/points/", AUTHORS, "met AND NOT waits", now), _texts(closed))
        run(_told("quorum-missed", "closed_event", "/", EVERYBODY, "NOT met", now), _texts(missed))
        run("SET CONSTRAINTS ALL IMMEDIATE")


DUE = """
CREATE TEMPORARY TABLE due ON COMMIT DROP AS
SELECT r.id AS round_id, v.id AS visit_id, v.run_id, run.proposal_id, p.title, v.stage,
    head.number AS last_number, head.hash AS last_hash,
    r.quorum - handed.n AS lacks, r.quorum <= handed.n AS met,
    CASE v.stage WHEN 'community-review' THEN 'reviewed' ELSE 'tested' END AS way,
    EXISTS (SELECT FROM engine_visit o WHERE o.run_id = v.run_id AND o.left_at IS NULL AND o.id <> v.id) AS waits,
    (SELECT max(number) FROM engine_visit o WHERE o.run_id = v.run_id) AS last_visit,
    (SELECT count(*) FROM engine_visit o JOIN engine_round x ON x.visit_id = o.id
        JOIN engine_assignment a ON a.round_id = x.id JOIN engine_review w ON w.assignment_id = a.id
        JOIN engine_point t ON t.review_id = w.id LEFT JOIN engine_disposition d ON d.point_id = t.id
        WHERE o.run_id = v.run_id AND w.submitted_at IS NOT NULL AND d.id IS NULL) AS points,
    nextval('engine_event_id_seq') AS closed_event, nextval('engine_event_id_seq') AS next_event,
    md5(random()::text) AS seal, md5(random()::text) AS next_seal
FROM engine_round r JOIN engine_visit v ON v.id = r.visit_id JOIN engine_run run ON run.id = v.run_id
JOIN recommendations_proposal p ON p.id = run.proposal_id,
LATERAL (SELECT number, hash FROM engine_event e WHERE e.run_id = v.run_id ORDER BY number DESC LIMIT 1) head,
LATERAL (SELECT count(w.submitted_at) AS n FROM engine_assignment a JOIN engine_review w ON w.assignment_id = a.id
    WHERE a.round_id = r.id AND a.barred_at IS NULL) handed
WHERE r.id = ANY(%s) AND r.closed_at IS NULL AND r.cancelled_at IS NULL
"""
CLOSED = """'{"quorum_met":' || due.met || ',"round":' || due.round_id || '}'"""
MOVED = """'{"from":"' || due.stage || '","kind":"advance","to":"revision","transition":"' || due.way || '"}'"""
FINISHED = """'{"from":"' || due.stage || '","kind":"advance","transition":"' || due.way || '"}'"""
ENTER = """
INSERT INTO engine_visit (run_id, stage, number, entered_at, left_by)
SELECT run_id, '{stage}', last_visit + 1, '{now}', '' FROM due WHERE met AND NOT waits
"""
TIMERS = """
INSERT INTO engine_timer (visit_id, key, due_at)
SELECT v.id, timer.key, v.entered_at + timer.after
FROM due JOIN engine_visit v ON v.run_id = due.run_id AND v.left_at IS NULL,
unnest(%s::text[], %s::interval[]) AS timer(key, after) WHERE met AND NOT waits
"""
SHUT = """
DELETE FROM recommendations_opening o USING due WHERE due.met AND o.proposal_id = due.proposal_id AND NOT EXISTS (
    SELECT FROM engine_visit v JOIN unnest(%s::text[], %s::text[]) AS able(stage, name) ON able.stage = v.stage
    WHERE v.run_id = due.run_id AND v.left_at IS NULL AND able.name = o.capability)
"""
OPEN = """
INSERT INTO recommendations_opening (proposal_id, capability)
SELECT DISTINCT due.proposal_id, able.name FROM due JOIN engine_visit v ON v.run_id = due.run_id AND v.left_at IS NULL
JOIN unnest(%s::text[], %s::text[]) AS able(stage, name) ON able.stage = v.stage WHERE due.met
ON CONFLICT DO NOTHING
"""
AUTHORS = """(
    SELECT g.person_id FROM recommendations_grant g JOIN partners_user u ON u.id = g.person_id AND u.is_active
    WHERE g.proposal_id = due.proposal_id AND g."right" = 'author' AND g.ends_at IS NULL
)"""
EVERYBODY = f"""(
    {AUTHORS} UNION SELECT r.person_id FROM partners_rolegrant r
    JOIN partners_user u ON u.id = r.person_id AND u.is_active
    WHERE r.role IN ('coordinator', 'deputy') AND r.ended_at IS NULL AND r.scope = ''
)"""


def _events(kind: str, pk: str, step: str, previous: str, data: str, where: str, now: datetime, seal: str) -> str:
    body = (
        f"""'{{"actor":"@actor@","at":"{now.isoformat()}","data":' || {data} || ',"kind":"{kind}","number":' || """
        f"""(due.last_number + {step}) || ',"run":' || due.run_id || '}}'"""
    )
    return f"""
    INSERT INTO engine_event (id, run_id, number, kind, at, data, previous_hash, hash, seal)
    SELECT due.{pk}, due.run_id, due.last_number + {step}, '{kind}', '{now}', ({data})::jsonb, before.hash,
        {link_hash("before.hash", body, seal, "''")}, {seal}
    FROM due, LATERAL (SELECT {previous} AS hash) before WHERE {where}
    """


def _told(kind: str, event: str, page: str, people: str, where: str, now: datetime) -> str:
    return f"""
    WITH told AS (
        INSERT INTO partners_notification (person_id, kind, cause, subject, body, path, thread, in_app, created_at)
        SELECT person_id, '{kind}', 'event:' || due.{event}, replace(%s, '{{title}}', due.title),
            replace(replace(%s, '{{points}}', due.points || CASE due.points WHEN 1 THEN ' point' ELSE ' points' END),
                '{{lacks}}', due.lacks || ' review'),
            '/proposals/' || due.proposal_id || '{page}', 'run:' || due.run_id, true, '{now}'
        FROM due, LATERAL {people} person WHERE {where}
        ON CONFLICT DO NOTHING RETURNING id, person_id, kind, cause
    )
    INSERT INTO partners_delivery
        (notification_id, channel, state, message_id, attempts, next_attempt_at, last_error)
    SELECT told.id, 'mail', 'waiting',
        {message_id("told.person_id", "told.kind", "told.cause", "'mail'")}, 0, '{now}', ''
    FROM told LEFT JOIN partners_choice choice ON choice.person_id = told.person_id WHERE choice.id IS NULL
    """


def _texts(wording: Wording) -> list[str]:
    return [str(wording.subject), str(wording.body)]
