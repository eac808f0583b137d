# SPDX-License-Identifier: EUPL-1.2
"""Verifies a decision record of the ekip Engine without its database. Needs Python 3.8 or newer and nothing else.

    python verify_record.py record.json
    python verify_record.py record.json --checkpoint HASH    # a checkpoint that you know from elsewhere
    python verify_record.py record.json --head HASH          # the end of the chain, from an earlier record

Ends with 0 and what was verified, with 1 and the first place that does not fit, or with 2 if this is no record. What it
checks, and what it cannot know, stands in docs/decision-record.md."""

import argparse
import hashlib
import json
import sys

FORMAT = "ekip-decision-record/1"
TELLING = ("revisions", "rounds", "decisions", "points", "editions")
PARTS = ("about", "process", "events", "head", *TELLING, "checkpoint", "people")
HASHED = {"number", "kind", "at", "actor", "seal", "sealed_actor", "data", "body", "previous", "hash"}
EVENT = {*HASHED, "by", "salt", "words"}
EDITION = ("edition-published", "edition-corrected", "edition-superseded", "edition-withdrawn")
# Part: the member that names an event, the kinds it may have, and which members say what its data says.
TIES = [
    ("revisions", "event", ("revision-frozen",), {"number": "revision", "hash": "content"}),
    ("rounds", "opened_in", ("round-opened",), {"round": "round"}),
    ("rounds", "closed_in", ("round-closed",), {"round": "round", "quorum_met": "quorum_met"}),
    ("decisions", "event", ("decided",), {"decision": "decision", "outcome": "outcome", "revision": "revision"}),
    ("points", "answered_in", ("point-answered",), {"point": "point", "outcome": "outcome"}),
    ("editions", "event", EDITION, {"edition": "edition", "serial": "serial"}),
]
BROKEN, WHY = (AttributeError, IndexError, KeyError, TypeError), "something is missing, or of another kind"
ALL_TOLD = {"round-opened", "round-closed", "revision-frozen", "decided", *EDITION}


class Refused(Exception):
    """The record does not verify; the message names the place."""


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def digest(data):
    """The hash of plain data: JSON with sorted keys, no spaces, everything but ASCII escaped."""
    return sha256(json.dumps(data, sort_keys=True, separators=(",", ":")))


def demand(fits, place, why):
    if not fits:
        raise Refused(f"{place}: {why}")


def verify(record, checkpoint=None, head=None):
    """Say what was verified, or raise Refused."""
    demand(record["format"] == FORMAT, "format", f"this is no {FORMAT}")
    demand(set(record) == {"format", "digests", *PARTS}, "record", "its parts are not those of a record")
    demand(set(record["digests"]) == set(PARTS), "digests", "they are not those of the parts")
    check_digest(record, "about")
    events = check_events(record["events"], record["about"]["run"])
    check_head(record["head"], events, head)
    check_process(record["process"], events)
    for tie in TIES:
        check_tie(record, events, *tie)
    for part in PARTS:
        check_digest(record, part)
    covered = check_checkpoint(record["checkpoint"], record["about"]["run"], events, checkpoint)
    withheld = sum("data" not in event for event in events)
    counts = ", ".join(f"{len(record[part])} {part}" for part in TELLING)
    said = f"{len(events)} events of run {record['about']['run']}, {withheld} of them withheld; {counts}"
    return f"verified: {said}\n{covered}\nhead: {events[-1]['hash']}"


def check_digest(record, part):
    demand(digest(record[part]) == record["digests"][part], part, "it is not what its digest says")


def check_events(events, run):
    """Every event, and that each builds on the one before."""
    previous, had_seal = "0" * 64, False
    for number, event in enumerate(events, start=1):
        place = f"event {number}"
        try:
            demand(event["number"] == number, place, f"event {event['number']} stands here")
            demand(set(event) <= EVENT, place, f"{sorted(set(event) - EVENT)} does not belong here")
            has_seal = bool({"seal", "sealed_actor", "body"}.intersection(event))
            demand(has_seal or not had_seal, place, "it has lost its seal")
            demand(event["previous"] == previous, place, "it does not follow the one before")
            demand(event_hash(run, event, place) == event["hash"], place, "its hash does not fit")
            for name, text in event.get("words", {}).items():
                fits = sha256(f"{event['salt']}\n{text}") == event["data"]["words"][name]
                demand(fits, place, f"the words “{name}” are others than the chain knows")
        except BROKEN as error:
            raise Refused(f"{place}: {WHY}: {error!r}") from None
        previous, had_seal = event["hash"], has_seal
    return events


def event_hash(run, event, place):
    """The hash that the event must have. Of a withheld one from before there were seals only its link is known."""
    if "data" not in event:
        demand(set(event) <= {"number", "previous", "hash", "body"}, place, "it is withheld only in part")
        return sha256(f"{event['previous']}\n{event['body']}") if "body" in event else event["hash"]
    demand("body" not in event, place, "it is told and withheld")
    body = {"run": run, **{name: event[name] for name in ("number", "kind", "at", "data")}}
    if "seal" not in event and "sealed_actor" not in event:
        return digest({**body, "actor": event["actor"], "previous": event["previous"]})
    demand(
        ("seal" in event) == ("actor" in event) != ("sealed_actor" in event), place, "its actor is told twice or not"
    )
    if "seal" in event:
        actor = sha256(f"{event['seal']}\n{'' if event['actor'] is None else event['actor']}")
    else:
        actor = event["sealed_actor"]
    return sha256(f"{event['previous']}\n{digest({**body, 'actor': actor})}")


def check_head(last, events, wanted):
    place = f"event {min(last['number'], len(events)) + 1}"
    demand(last["number"] == len(events), place, f"it is missing or too many: the last is event {last['number']}")
    demand(bool(events) and last["hash"] == events[-1]["hash"], "head", "it is not the hash of the last event")
    is_there = wanted is None or any(event["hash"] == wanted for event in events)
    demand(is_there, "head", "the chain does not contain the one that you know")


def check_process(versions, events):
    """Each version of the process is the one with that hash, and those that the run was on are all there."""
    for place, version in enumerate(versions, start=1):
        demand(
            digest(version["content"]) == version["hash"], f"process, version {place}", "its content has another hash"
        )
    known = {version["hash"] for version in versions}
    for event in events:
        named = {"run-opened": "version", "migrated": "to"}.get(event.get("kind"))
        demand(
            not named or event["data"][named] in known, "process", f"the version of event {event['number']} is missing"
        )


def check_tie(record, events, part, member, kinds, says):
    """What a part tells is what the event says that it names; and every such event is told of."""
    named = set()
    for place, item in enumerate(record[part], start=1):
        if item[member] is None:
            continue
        event = events[item[member] - 1] if 0 < item[member] <= len(events) else {}
        where, which = f"{part}, entry {place}", f"event {item[member]}"
        demand(event.get("kind") in kinds, where, f"{which} is of another kind")
        for ours, theirs in says.items():
            demand(item[ours] == event["data"].get(theirs), where, f"“{ours}” is not what {which} says")
        if record["about"]["form"] == "full" and "inputs" in item and "inputs" in event["data"]:
            demand(digest(item["inputs"]) == event["data"]["inputs"], where, f"“inputs” are not those of {which}")
        named.add(item[member])
    for event in events:
        left_out = event.get("kind") in ALL_TOLD.intersection(kinds) and event["number"] not in named
        demand(not left_out, part, f"what event {event['number']} tells of is missing")


def check_checkpoint(point, run, events, wanted, place="checkpoint"):
    """The checkpoint holds the chain's end at its time: climb from that leaf to the root, and hash the checkpoint."""
    demand(wanted is None or (point and point["hash"] == wanted), place, "it is not the one that you know")
    if point is None:
        return "no checkpoint covers it yet"
    number, head = point["head"]["number"], point["head"]["hash"]
    demand(0 < number <= len(events), place, f"event {number}, which it saw, is missing")
    demand(events[number - 1]["hash"] == head, place, f"it saw another event {number}")
    node = sha256(f"leaf\n{run}\n{number}\n{head}")
    for side, other in point["proof"]:
        node = sha256(f"node\n{other}\n{node}" if side == "left" else f"node\n{node}\n{other}")
    demand(node == point["root"], place, "its proof does not lead to its root")
    body = {name: point[name] for name in ("number", "at", "runs", "events", "heads", "root", "previous")}
    demand(digest(body) == point["hash"], place, "its hash does not fit")
    return f"checkpoint {point['number']} covers it up to event {number}: {point['hash']}"


def main():
    parser = argparse.ArgumentParser(description="Verify a decision record of the ekip Engine.")
    parser.add_argument("record", type=argparse.FileType("rb"), help="the file; - for what comes in")
    parser.add_argument("--checkpoint", metavar="HASH", help="the checkpoint that must cover it")
    parser.add_argument("--head", metavar="HASH", help="a hash that must be in its chain")
    asked = parser.parse_args()

    def members_of(pairs):
        demand(len(dict(pairs)) == len(pairs), "record", "a member stands twice")
        return dict(pairs)

    try:
        record = json.loads(asked.record.read().decode(), object_pairs_hook=members_of)
        print(verify(record, asked.checkpoint, asked.head))
    except (Refused, *BROKEN) as error:
        print("refused:", error if isinstance(error, Refused) else f"record: {WHY}: {error!r}", file=sys.stderr)
        return 1
    except (ValueError, RecursionError) as error:
        print(f"this cannot be read as a record: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
