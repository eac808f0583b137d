"""Publishing process definitions as immutable versions."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from engine.definitions import content_hash, read_definition
from engine.models import ProcessDefinition, ProcessVersion
from engine.process.checker import Fault, faults
from partners.models import User


class Unsound(ValueError):
    """The definition has faults; each is named with its line."""

    def __init__(self, found: list[tuple[int, Fault]]) -> None:
        super().__init__("\n".join(f"line {line}: {fault.message} [{fault.code}]" for line, fault in found))
        self.found = found


@transaction.atomic
def publish_definition(text: str, *, person: User | None, now: datetime) -> tuple[ProcessVersion, bool]:
    """Check a definition's YAML and publish it as the next version; the same content is never published twice.

    Returns the version and whether it is new.

    Raises:
        DefinitionUnreadable: not the plain YAML that definitions are written in.
        Unsound: the checker found faults.
    """
    data, lines = read_definition(text)
    if found := faults(data):
        raise Unsound([(_line(fault.path, lines), fault) for fault in found])
    definition, _made = ProcessDefinition.objects.get_or_create(key=data["key"], defaults={"title": data["title"]})
    ProcessDefinition.objects.select_for_update().get(pk=definition.pk)
    digest = content_hash(data)
    if stored := definition.versions.filter(content_hash=digest).first():
        return stored, False
    version = ProcessVersion.objects.create(
        definition=definition,
        number=definition.versions.count() + 1,
        content=data,
        content_hash=digest,
        published_at=now,
        published_by=person,
    )
    return version, True


def _line(path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> int:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
