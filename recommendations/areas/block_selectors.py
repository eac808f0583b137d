"""Reading the building blocks: what is published on each of them. Public."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Count, F, Func, OuterRef, QuerySet, Subquery

from ekip.shared.errors import NotFound
from recommendations.library.documents import PublicEdition
from recommendations.library.selectors import current_editions, entries, in_order
from recommendations.models.library import EditionRecommendation, EditionText
from recommendations.models.vocabulary import BuildingBlock

NEWEST = 6
PAGE_SIZE = 20


@dataclass(frozen=True)
class BlockEntry:
    """A building block with what is counted about it."""

    block: BuildingBlock
    publications: int
    recommendations: int


@dataclass(frozen=True)
class Blocks:
    """The building blocks, and the considerations that go with every one of them."""

    blocks: tuple[BlockEntry, ...]
    considerations: tuple[BlockEntry, ...]


@dataclass(frozen=True)
class BlockPage:
    """All that the page of one block shows: its newest publications, and its recommendations page by page."""

    block: BuildingBlock
    publications: tuple[PublicEdition, ...]
    publication_count: int
    recommendations: Page


def blocks() -> Blocks:
    """All of them in their order. Three queries."""
    current = current_editions().order_by()
    publications = _counts(current)
    recommendations = _counts(EditionRecommendation.objects.filter(edition__in=current).order_by())
    found = [
        BlockEntry(row, publications.get(row.key, 0), recommendations.get(row.key, 0))
        for row in BuildingBlock.objects.all()
    ]
    return Blocks(
        blocks=tuple(entry for entry in found if entry.block.kind == BuildingBlock.Kind.BLOCK),
        considerations=tuple(entry for entry in found if entry.block.kind == BuildingBlock.Kind.CONSIDERATION),
    )


def block_page(key: str, *, page: str | None) -> BlockPage:
    """A block by its key; `page` as it stands in the address, anything odd is the nearest page. NotFound."""
    block = BuildingBlock.objects.filter(key=key).first()
    if block is None:
        raise NotFound
    editions = current_editions().filter(building_blocks__contains=[key])
    return BlockPage(
        block=block,
        publications=tuple(entries(in_order(editions, "newest")[:NEWEST])),
        publication_count=editions.count(),
        recommendations=Paginator(_recommendations(key), PAGE_SIZE).get_page(page),
    )


def _recommendations(key: str) -> QuerySet[EditionRecommendation]:
    """The recommendations on a block in current editions, newest first, each with the title of its edition."""
    titles = EditionText.objects.filter(edition=OuterRef("edition"), language=OuterRef("edition__language"))
    return (
        EditionRecommendation.objects.filter(edition__in=current_editions(), building_blocks__contains=[key])
        .select_related("edition__publication__area__cluster")
        .annotate(edition_title=Subquery(titles.values("title")[:1], output_field=CharField()))
        .order_by("-edition__serial", "position")
    )


def _counts(rows: QuerySet) -> dict[str, int]:
    key = Func(F("building_blocks"), function="unnest")
    return dict(rows.annotate(block_key=key).values_list("block_key").annotate(number=Count("pk")))
