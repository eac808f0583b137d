"""What the home page shows. A constant number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass

from ekip.pages.selectors.organisations import counts_by, labels_of
from engine.process.course import course
from engine.process.values import Definition, Stage
from engine.selectors.process import default_definition, public_counts
from partners.models import Ecosystem
from recommendations.library.documents import PublicEdition
from recommendations.library.selectors import newest
from recommendations.models import BuildingBlock

NEWEST = 3
MOST_ECOSYSTEMS = 60


@dataclass(frozen=True)
class Group:
    """Organisations of one kind or country, by their number."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class StageCount:
    """A stage, and how many public proposals stand at it; None where the public does not know of any."""

    label: str
    count: int | None


@dataclass(frozen=True)
class Front:
    """The home page."""

    publications: tuple[PublicEdition, ...]
    steps: tuple[tuple[StageCount, ...], ...]
    blocks: tuple[BuildingBlock, ...]
    considerations: tuple[BuildingBlock, ...]
    kinds: tuple[Group, ...]
    countries: tuple[Group, ...]
    ecosystems: tuple[Ecosystem, ...]


def front() -> Front:
    """The home page as it stands now."""
    definition = default_definition()
    blocks = list(BuildingBlock.objects.all())
    return Front(
        publications=tuple(newest(NEWEST)),
        steps=_counts(definition) if definition else (),
        blocks=tuple(block for block in blocks if block.kind == BuildingBlock.Kind.BLOCK),
        considerations=tuple(block for block in blocks if block.kind == BuildingBlock.Kind.CONSIDERATION),
        kinds=_groups("kind"),
        countries=_groups("country"),
        ecosystems=tuple(Ecosystem.objects.all()[:MOST_ECOSYSTEMS]),
    )


def _counts(definition: Definition) -> tuple[tuple[StageCount, ...], ...]:
    counts = public_counts()
    return tuple(tuple(_count(stage, counts) for stage in step) for step in course(definition))


def _count(stage: Stage, counts: Mapping[str, int]) -> StageCount:
    return StageCount(stage.label, counts.get(stage.key, 0) if "list" in stage.capabilities else None)


def _groups(name: str) -> tuple[Group, ...]:
    counts = counts_by(name)
    return tuple(Group(value, label, counts[value]) for value, label in labels_of(name, counts).items())
