"""Reading the register of policy areas. Public: nothing here knows of proposals."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ekip.shared.errors import NotFound
from recommendations.areas.eligibility import (
    MINIMUM_SOURCES,
    State,
    is_eligible,
    is_open_to_proposals,
    sources_lacking,
    state,
)
from recommendations.library.documents import PublicEdition
from recommendations.library.selectors import current_editions, publications_in_area
from recommendations.models.areas import Briefing, PolicyArea, Source
from recommendations.models.vocabulary import Cluster

STATES: dict[State, str | Promise] = {
    "identified": _("Identified"),
    "selected": _("Selected"),
    "declined": _("Declined"),
}


@dataclass(frozen=True)
class AreaEntry:
    """A policy area with what is counted about it."""

    area: PolicyArea
    sources: int
    publications: int

    @property
    def state(self) -> State:
        """Identified, selected or declined."""
        return state(selected_at=self.area.selected_at, declined_at=self.area.declined_at)

    @property
    def state_label(self) -> str | Promise:
        """The state in words."""
        return STATES[self.state]

    @property
    def is_eligible(self) -> bool:
        """Whether enough sources support it."""
        return is_eligible(self.sources)

    @property
    def sources_lacking(self) -> int:
        """How many sources are lacking until enough do."""
        return sources_lacking(self.sources)

    @property
    def is_open(self) -> bool:
        """Whether proposals can be started in it."""
        return is_open_to_proposals(self.area.selected_at, sources=self.sources)


@dataclass(frozen=True)
class ClusterEntry:
    """A cluster with its policy areas by title."""

    cluster: Cluster
    areas: tuple[AreaEntry, ...]


@dataclass(frozen=True)
class Register:
    """The whole register, or the part of it in one state; `counts` are of the whole."""

    clusters: tuple[ClusterEntry, ...]
    counts: dict[State, int]
    minimum: int = MINIMUM_SOURCES

    @property
    def total(self) -> int:
        """How many areas there are in all states."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class AreaPage:
    """All that the page of one area shows."""

    entry: AreaEntry
    sources: tuple[Source, ...]
    publications: tuple[PublicEdition, ...]
    minimum: int = MINIMUM_SOURCES

    @property
    def briefing(self) -> Briefing | None:
        """What research wrote on it, published or not; None before the first save."""
        return getattr(self.entry.area, "briefing", None)

    @cached_property
    def building_blocks(self) -> list[dict[str, str]]:
        """The building blocks of its publications, most frequent first."""
        found = {block["key"]: block for each in self.publications for block in each.document["building_blocks"]}
        counts = Counter(block["key"] for each in self.publications for block in each.document["building_blocks"])
        return [found[key] for key, _count in counts.most_common()]


def register(only: State | None = None) -> Register:
    """The areas by cluster, those in state `only` or all; clusters without any are left out. Two queries."""
    published = dict(current_editions().order_by().values_list("publication__area").annotate(number=Count("pk")))
    rows = (
        PolicyArea.objects.select_related("cluster")
        .annotate(source_count=Count("sources"))
        .order_by("cluster__position", "cluster__label", "sort_key")
    )
    entries = [AreaEntry(row, row.source_count, published.get(row.pk, 0)) for row in rows]
    counts = Counter(entry.state for entry in entries)
    grouped: dict[int, list[AreaEntry]] = {}
    for entry in entries:
        if only is None or entry.state == only:
            grouped.setdefault(entry.area.cluster_id, []).append(entry)
    clusters = tuple(ClusterEntry(areas[0].area.cluster, tuple(areas)) for areas in grouped.values())
    return Register(clusters, {name: counts[name] for name in STATES})


def find_area(slug: str) -> PolicyArea:
    """The area; NotFound."""
    area = PolicyArea.objects.select_related("cluster", "briefing").filter(slug=slug).first()
    if area is None:
        raise NotFound
    return area


def published_briefing(area: PolicyArea) -> Briefing | None:
    """The briefing that everybody can read, if there is one."""
    return Briefing.objects.filter(area=area, published_at__isnull=False).first()


def area_page(slug: str) -> AreaPage:
    """An area with its sources and listed publications, newest first. Five queries; NotFound."""
    area = find_area(slug)
    sources = tuple(area.sources.all())
    publications = tuple(publications_in_area(slug))
    return AreaPage(AreaEntry(area, len(sources), len(publications)), sources, publications)
