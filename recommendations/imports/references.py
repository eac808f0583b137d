"""Whether everything that a file names exists, once. Works on data of any shape: the shape is checked elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from partners.languages import LANGUAGES
from partners.models import Organisation
from recommendations.imports.problems import Lines, Path, Problem
from recommendations.models import BuildingBlock, Edition, PolicyArea, Publication, SectionKind, TargetActor
from recommendations.text import TextInvalid, check, from_plain_text

Place = tuple[Path, str]


@dataclass(frozen=True)
class Register:
    """The keys that an installation knows, and its publications: slug → (policy area, whether all were imported)."""

    areas: dict[str, int]
    organisations: dict[str, int]
    sections: dict[str, str]
    building_blocks: frozenset[str]
    target_actors: frozenset[str]
    publications: dict[str, tuple[str, bool]]


def register() -> Register:
    """What is known now. Constant number of queries."""
    developed = Edition.objects.exclude(origin=Edition.Origin.IMPORT).values_list("publication", flat=True)
    here = frozenset(developed)
    return Register(
        areas=dict(PolicyArea.objects.values_list("slug", "pk")),
        organisations=dict(Organisation.objects.values_list("slug", "pk")),
        sections=dict(SectionKind.objects.values_list("key", "label")),
        building_blocks=frozenset(BuildingBlock.objects.values_list("key", flat=True)),
        target_actors=frozenset(TargetActor.objects.values_list("key", flat=True)),
        publications={
            slug: (area, pk not in here)
            for pk, slug, area in Publication.objects.values_list("pk", "slug", "area__slug")
        },
    )


def reference_problems(data: Any, known: Register, lines: Lines) -> Iterator[Problem]:
    """Everything that the data name and that is not there, or is there twice."""
    entries = list(_groups(data, (), "publications"))
    yield from _repeated([_word(entry, path, "slug") for path, entry in entries], lines)
    for path, entry in entries:
        yield from _Entry(path, entry, known, lines).problems()


@dataclass(frozen=True)
class _Entry:
    """One publication of the file."""

    path: Path
    entry: dict[str, Any]
    known: Register
    lines: Lines

    def problems(self) -> Iterator[Problem]:
        yield from self._standing()
        yield from self._unknown([_word(self.entry, self.path, "policy_area")], self.known.areas, "policy area")
        yield from self._unknown(_words(self.entry, self.path, "authors"), self.known.organisations, "organisation")
        languages = {language.tag for language in LANGUAGES}
        yield from self._unknown([_word(self.entry, self.path, "language")], languages, "language")
        yield from self._dates()
        yield from self._sections()
        yield from self._recommendations()

    def _standing(self) -> Iterator[Problem]:
        for path, slug in _present([_word(self.entry, self.path, "slug")]):
            area, imported = self.known.publications.get(slug, ("", True))
            if not imported:
                yield self.lines.problem(path, f"“{slug}” is a publication that was developed on this platform.")
            elif area and area != self.entry.get("policy_area"):
                yield self.lines.problem(path, f"“{slug}” is already published in the policy area “{area}”.")

    def _dates(self) -> Iterator[Problem]:
        places = [_word(self.entry, self.path, "published_on")]
        source = self.entry.get("source")
        if isinstance(source, dict):
            places.append(_word(source, (*self.path, "source"), "retrieved_on"))
        for path, day in _present(places):
            if len(day) == len("2027-03-01") and not _is_date(day):
                yield self.lines.problem(path, f"“{day}” is not a date.")

    def _sections(self) -> Iterator[Problem]:
        sections = list(_groups(self.entry, self.path, "sections"))
        kinds = [_word(section, path, "kind") for path, section in sections]
        yield from self._unknown(kinds, self.known.sections, "section")
        yield from _repeated(kinds, self.lines)
        yield from self._texts([_word(section, path, "text") for path, section in sections])

    def _recommendations(self) -> Iterator[Problem]:
        evidence = [_word(item, path, "key") for path, item in _groups(self.entry, self.path, "evidence")]
        yield from _repeated(evidence, self.lines)
        cited = {key for _, key in _present(evidence)}
        recommendations = list(_groups(self.entry, self.path, "recommendations"))
        yield from _repeated([_word(item, path, "key") for path, item in recommendations], self.lines)
        for path, item in recommendations:
            yield from self._texts([_word(item, path, "rationale"), _word(item, path, "guideline")])
            for name, keys, noun in (
                ("building_blocks", self.known.building_blocks, "building block"),
                ("target_actors", self.known.target_actors, "target actor"),
                ("evidence", cited, "piece of evidence of this publication"),
            ):
                yield from self._unknown(_words(item, path, name), keys, noun)

    def _unknown(self, places: list[Place | None], known: Any, noun: str) -> Iterator[Problem]:
        for path, key in _present(places):
            if key not in known:
                yield self.lines.problem(path, f"There is no {noun} “{key[:80]}”.")

    def _texts(self, places: list[Place | None]) -> Iterator[Problem]:
        for path, words in _present(places):
            try:
                check(from_plain_text(words, lang="en"))
            except TextInvalid as invalid:
                for problem in invalid.problems:
                    yield self.lines.problem(path, problem.detail)


def _groups(data: Any, path: Path, name: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The groups of fields in the list `name`, with their paths."""
    items = data.get(name) if isinstance(data, dict) else None
    for n, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            yield (*path, name, n), item


def _words(data: dict[str, Any], path: Path, name: str) -> list[Place | None]:
    """The words in the list `name`, with their paths."""
    items = data.get(name)
    return [
        ((*path, name, n), item)
        for n, item in enumerate(items if isinstance(items, list) else [])
        if isinstance(item, str)
    ]


def _word(data: dict[str, Any], path: Path, name: str) -> Place | None:
    """The field `name` with its path, if it holds words."""
    value = data.get(name)
    return ((*path, name), value) if isinstance(value, str) and value else None


def _present(places: list[Place | None]) -> list[Place]:
    return [place for place in places if place is not None]


def _repeated(places: list[Place | None], lines: Lines) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for path, key in _present(places):
        if key in first:
            yield lines.problem(path, f"“{key[:80]}” is used before, on line {lines.of(first[key])}.")
        first.setdefault(key, path)


def _is_date(words: str) -> bool:
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True
