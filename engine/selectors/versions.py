"""Published versions of process definitions, which of them are offered, and the drafts of further ones."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from ekip.shared.errors import NotFound
from engine.definitions.checking import checked
from engine.models import ProcessDraft, ProcessVersion, Run, Visit
from engine.permissions import may_design
from engine.process.course import course
from engine.process.runnable import NotYet, not_yet
from engine.selectors.differences import told_differences
from engine.selectors.process import DEFAULT
from partners.models import User


@dataclass(frozen=True)
class VersionLine:
    """A version in the list of all: the runs that go on on it, whether proposals start on it, and what it asks for
    that this release does not do.
    """

    version: ProcessVersion
    live_runs: int
    is_offered: bool
    lacks: tuple[NotYet, ...]


def version_named(name: str) -> ProcessVersion | None:
    """The version that KEY@NUMBER names, the newest of KEY without a number; None when there is none."""
    key, _at, number = name.partition("@")
    versions = ProcessVersion.objects.filter(definition__key=key).order_by("-number")
    if number:
        return versions.filter(number=int(number)).first() if number.isdecimal() else None
    return versions.first()


def published_versions() -> QuerySet[ProcessVersion]:
    """Every version, the newest of each process first, processes by title."""
    rows = ProcessVersion.objects.select_related("definition", "published_by", "withdrawal__by")
    return rows.order_by(Lower("definition__title"), "definition__key", "-number")


def offered_versions() -> list[ProcessVersion]:
    """Of each process the newest version that can be run and was not withdrawn; the default process comes first."""
    return _offered(published_versions().filter(withdrawal=None))


def process_choices() -> list[tuple[int, str]]:
    """The offered versions by id, each as its title and the stages of its course: what whoever starts chooses from."""
    return [(version.pk, f"{version.definition.title}: {_course(version)}") for version in offered_versions()]


def all_versions() -> list[VersionLine]:
    """Every version, the newest of each process first, processes by title. Two queries."""
    versions = list(published_versions())
    offered = {version.pk for version in _offered(versions)}
    live = dict(_standing(versions).order_by().values_list("run__version").annotate(n=Count("run", distinct=True)))
    return [
        VersionLine(version, live.get(version.pk, 0), version.pk in offered, not_yet(version.process))
        for version in versions
    ]


def version_of(key: str, number: int) -> ProcessVersion:
    """That version, with who published and who withdrew it.

    Raises:
        NotFound: there is none.
    """
    version = published_versions().filter(definition__key=key, number=number).first()
    if version is None:
        raise NotFound
    return version


def version_before(version: ProcessVersion) -> ProcessVersion | None:
    """The version of the same process that was published before it."""
    earlier = published_versions().filter(definition=version.definition_id, number__lt=version.number)
    return earlier.order_by("-number").first()


def version_line(version: ProcessVersion) -> VersionLine:
    """What the list says of one version."""
    offered = _offered(published_versions().filter(definition=version.definition_id, withdrawal=None))
    lacks = not_yet(version.process)
    return VersionLine(version, live_runs(version).count(), version in offered, lacks)


def live_runs(version: ProcessVersion) -> QuerySet[Run]:
    """The runs pinned to the version that have not ended, with their proposals."""
    return Run.objects.filter(pk__in=_standing([version]).values("run")).select_related("proposal").order_by("pk")


def differences_from(version: ProcessVersion, text: str) -> list[str]:
    """What a text changes, in words; nothing when it has faults."""
    data, found = checked(text)
    return [] if found else [each.text for each in told_differences(version.content, data)]


def open_drafts() -> list[ProcessDraft]:
    """Drafts that were not published, the last saved first."""
    rows = ProcessDraft.objects.filter(published=None).select_related("based_on__definition", "created_by", "saved_by")
    return list(rows.order_by("-saved_at", "-pk"))


def draft_for(person: User, pk: int) -> ProcessDraft:
    """The draft, if the person changes processes.

    Raises:
        NotAllowed: the person does not.
        NotFound: it was deleted.
    """
    may_design(person).enforce()
    rows = ProcessDraft.objects.select_related("based_on__definition", "published__definition", "saved_by")
    draft = rows.filter(pk=pk).first()
    if draft is None:
        raise NotFound
    return draft


def _course(version: ProcessVersion) -> str:
    return " → ".join(" + ".join(stage.label for stage in step) for step in course(version.process))


def _offered(versions: Iterable[ProcessVersion]) -> list[ProcessVersion]:
    newest: dict[int, ProcessVersion] = {}
    for version in versions:
        if version.definition_id not in newest and not version.is_withdrawn and not not_yet(version.process):
            newest[version.definition_id] = version
    return sorted(newest.values(), key=lambda each: each.definition.key != DEFAULT)


def _standing(versions: Iterable[ProcessVersion]) -> QuerySet[Visit]:
    """Open visits of runs on these versions, but for those at an end."""
    at_an_end = Q(pk=None)
    for version in versions:
        ends = [stage.key for stage in version.process.stages if stage.is_end]
        at_an_end |= Q(run__version=version, stage__in=ends)
    rows = Visit.objects.filter(left_at=None, run__version__in=versions, run__proposal__deleted_at=None)
    return rows.exclude(at_an_end)
