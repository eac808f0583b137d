"""Publishing process definitions as immutable versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from ekip.shared.errors import Invalid
from engine.definitions import content_hash
from engine.definitions.checking import FoundFault, checked
from engine.models import ProcessDefinition, ProcessVersion
from engine.process.values import definition_from
from partners.models import User


class Unsound(Invalid):
    """The definition cannot be read, or has faults; `found` names each with its line."""

    code = "unsound"

    def __init__(self, found: Sequence[FoundFault]) -> None:
        lines = [str(each) for each in found]
        super().__init__("\n".join(lines), errors={"text": lines})
        self.found = found


def sound_definition(text: str) -> dict[str, Any]:
    """The plain data of a definition's YAML.

    Raises:
        Unsound: it cannot be read, or the checker found faults.
    """
    data, found = checked(text)
    if found:
        raise Unsound(found)
    return data


@transaction.atomic
def publish_definition(text: str, *, person: User | None, now: datetime) -> tuple[ProcessVersion, bool]:
    """Check a definition's YAML and publish it as the next version; the same content is never published twice.

    Returns the version and whether it is new.

    Raises:
        Unsound: it cannot be read, or the checker found faults.
    """
    data = sound_definition(text)
    return _publish(locked_definition(data), data, text=text, person=person, now=now)


@transaction.atomic
def publish_shipped(text: str, *, now: datetime) -> tuple[ProcessVersion, bool]:
    """Publish a definition that comes with the platform, unless a person has published that process meanwhile.

    Returns the newest version, or the one with this content, and whether it is new.
    """
    data = sound_definition(text)
    definition = locked_definition(data)
    newest = definition.versions.order_by("-number").first()
    if newest and newest.published_by_id:
        return newest, False
    return _publish(definition, data, text=text, person=None, now=now)


def _publish(
    definition: ProcessDefinition, data: Mapping[str, Any], *, text: str, person: User | None, now: datetime
) -> tuple[ProcessVersion, bool]:
    same = version_saying(definition, data)
    return (same, False) if same else (append_version(definition, data, text=text, person=person, now=now), True)


def locked_definition(data: Mapping[str, Any]) -> ProcessDefinition:
    """The process that sound data is about, made if there is none, under its lock: one version follows another."""
    title = definition_from(data).title
    definition, _made = ProcessDefinition.objects.get_or_create(key=data["key"], defaults={"title": title})
    return ProcessDefinition.objects.select_for_update(no_key=True).get(pk=definition.pk)


def version_saying(definition: ProcessDefinition, data: Mapping[str, Any]) -> ProcessVersion | None:
    """The version that has this very content."""
    return definition.versions.filter(content_hash=content_hash(data)).select_related("withdrawal").first()


def append_version(
    definition: ProcessDefinition, data: Mapping[str, Any], *, text: str, person: User | None, now: datetime
) -> ProcessVersion:
    """The next version of a process whose lock the caller holds; the process takes its title."""
    definition.title = definition_from(data).title
    definition.save(update_fields=["title"])
    return ProcessVersion.objects.create(
        definition=definition,
        number=definition.versions.count() + 1,
        content=data,
        content_hash=content_hash(data),
        source=text,
        published_at=now,
        published_by=person,
    )
