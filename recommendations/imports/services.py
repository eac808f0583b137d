"""Taking a back catalogue over: as a whole or not at all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from partners.models import User
from recommendations.imports.drafts import draft_from_entry, entry_hash
from recommendations.imports.problems import Problem
from recommendations.imports.reading import read
from recommendations.imports.references import Register, reference_problems, register
from recommendations.imports.shape import shape_problems
from recommendations.models import Edition
from recommendations.permissions import may_administer
from recommendations.publishing import publish
from recommendations.publishing.serial import lock_serials


@dataclass(frozen=True)
class ImportReport:
    """What came of a file, by slugs of publications; with problems nothing was changed.

    `identical` were taken over before and are the same; `differing` were taken over before and say something else
    now: they stay as they are, since an edition never changes.
    """

    added: tuple[str, ...] = ()
    identical: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether the file had no problem."""
        return not self.problems


@transaction.atomic
def import_catalogue(
    data: bytes | str, *, person: User | None = None, now: datetime, dry_run: bool = False
) -> ImportReport:
    """Publish every entry of a back catalogue that is not published yet; `dry_run` only says what would be done.

    Without a person (a command, the demonstration) nobody is asked for a permission. The same file can be given
    again. The order of the file is the order of publishing.

    Raises:
        NotAllowed: the person is not an administrator.
    """
    if person is not None:
        may_administer(person).enforce()
    reading = read(data)
    if reading.data is None and reading.problems:
        return ImportReport(problems=tuple(reading.problems))
    lock_serials()  # two who take over the same file at once must not both add
    known = register()
    problems = {
        *reading.problems,
        *shape_problems(reading.data, reading.lines),
        *reference_problems(reading.data, known, reading.lines),
    }
    if problems:
        return ImportReport(problems=tuple(sorted(problems)))
    return _taken_over(reading.data["publications"], known, now, dry_run)


def _taken_over(entries: list[dict[str, Any]], known: Register, now: datetime, dry_run: bool) -> ImportReport:
    stored = set(Edition.objects.filter(origin=Edition.Origin.IMPORT).values_list("publication__slug", "revision_hash"))
    added, identical, differing = [], [], []
    for entry in entries:
        slug = entry["slug"]
        if (slug, entry_hash(entry)) in stored:
            identical.append(slug)
        elif slug in known.publications:
            differing.append(slug)
        else:
            added.append(slug)
            if not dry_run:
                publish(draft_from_entry(entry, known), now=now)
    return ImportReport(added=tuple(added), identical=tuple(identical), differing=tuple(differing))
