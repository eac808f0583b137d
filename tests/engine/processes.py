"""Small processes, of which a test publishes one before its story starts on it."""

from datetime import datetime
from typing import Any

from engine.definitions import content_hash
from engine.models import ProcessDefinition, ProcessVersion
from tests.engine.stories import Story

Data = dict[str, Any]

CRITERIA = [{"key": key, "question": f"How is its {key}?"} for key in ("relevance", "clarity")]
SCORES = {"relevance": 4, "clarity": 5}


def follow(story: Story, *stages: Data, **more: Any) -> Story:
    """Publish a process of these stages; the story's proposals follow it from now on."""
    story.version_id = publish_process(*stages, now=story.now, **more).pk
    return story


def publish_process(*stages: Data, now: datetime, **more: Any) -> ProcessVersion:
    """Publish a process of these stages, beside the default one."""
    data = {
        "format": "ekip-process/1",
        "key": "example-process",
        "title": "Example process",
        "conflicts": {"author": "block", "same-organisation": "block", "same-network": "warn"},
        **more,
        "stages": list(stages),
    }
    definition, _made = ProcessDefinition.objects.get_or_create(key=data["key"], defaults={"title": data["title"]})
    return ProcessVersion.objects.create(
        definition=definition,
        number=definition.versions.count() + 1,
        content=data,
        content_hash=content_hash(data),
        published_at=now,
    )


def drafting(to: str, **more: Any) -> Data:
    """Authors write, and submit to a stage."""
    way = {"key": "submit", "kind": "advance", "label": "Submit", "to": to, "by": "author", "effects": ["freeze"]}
    return stage("drafting", "draft", way, capabilities=["edit", "submit"], open_ended=True, **more)


def reading(to: str, *ways: Data, round: Data | None = None, **more: Any) -> Data:
    """Reviewers read; with the quorum it goes on."""
    fields = {"key": "reading", "kind": "review", "label": "Reading", "quorum": 1, "visibility": "after-close"}
    round = {**fields, "period": "P21D", "criteria": CRITERIA, **(round or {})}
    return _judging("reading", "review", "review", to, *ways, round=round, visibility="listed", **more)


def consulting(to: str, *ways: Data, round: Data | None = None, **more: Any) -> Data:
    """Everybody may read and comment; with one contribution it goes on."""
    fields = {"key": "consultation", "kind": "consultation", "label": "Consultation", "quorum": 1}
    round = {**fields, "visibility": "after-close", "period": "P21D", **(round or {})}
    return _judging("consulting", "consult", "consult", to, *ways, round=round, visibility="public", **more)


def revising(to: str, **more: Any) -> Data:
    """Authors answer the points, and submit again."""
    way = {"key": "submit", "kind": "advance", "label": "Submit", "to": to, "by": "author", "effects": ["freeze"]}
    return stage("revising", "revise", way, capabilities=["edit", "dispose", "submit"], **more)


def deciding(to: str, key: str = "deciding", **way: Any) -> Data:
    """Somebody decides to go on."""
    on = {"key": "approve", "kind": "advance", "label": "Approve", "to": to, "by": "decider", "reason": True, **way}
    return stage(key, "decide", on, capabilities=["decide"], visibility="listed")


def ended(key: str = "closed") -> Data:
    """An end."""
    return {"key": key, "kind": "end", "label": key.capitalize(), "end": True}


def lapsing(to: str, kind: str = "end") -> Data:
    """A way that only a timer takes."""
    return {"key": "lapse", "kind": kind, "label": "Lapse", "to": to, "by": "timer"}


def stage(key: str, kind: str, *ways: Data, **more: Any) -> Data:
    """A stage of that key."""
    return {"key": key, "kind": kind, "label": key.capitalize(), "transitions": list(ways), **more}


def _judging(key: str, kind: str, capability: str, to: str, *ways: Data, round: Data, **more: Any) -> Data:
    on = {"key": "counted", "kind": "advance", "label": "Counted", "to": to, "by": "system"}
    on["when"] = [{"gate": "quorum", "round": round["key"]}]
    return stage(key, kind, on, *ways, capabilities=[capability], round=round, **more)
