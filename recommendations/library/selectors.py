"""Reads over the published rows. "Current" is a query: the newest edition of a publication, not withdrawn."""

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from recommendations.library.choice import Choice
from recommendations.library.documents import (
    REDACTED,
    PublicEdition,
    public_editions,
    public_rows,
)
from recommendations.library.facets import FACETS, Facet
from recommendations.library.search import search_query
from recommendations.models.library import (
    Edition,
    EditionDocument,
    EditionRecommendation,
    EditionText,
    Notice,
)


def current_editions() -> QuerySet[Edition]:
    """The newest edition of each publication, without those that were withdrawn or removed."""
    newer = Edition.objects.filter(publication=OuterRef("publication"), number__gt=OuterRef("number"))
    withdrawals = Notice.objects.filter(edition=OuterRef("pk"), kind=Notice.Kind.WITHDRAWAL)
    return Edition.objects.filter(~Exists(newer), ~Exists(withdrawals), ~REDACTED)


def successors_of(publication_id: int) -> QuerySet[Edition]:
    """The editions that can take the place of those of a publication: of another one, listed and not superseded."""
    superseded = Notice.objects.filter(edition=OuterRef("pk"), kind=Notice.Kind.SUPERSESSION)
    return current_editions().filter(~Exists(superseded)).exclude(publication=publication_id)


def narrow(editions: QuerySet[Edition], choice: Choice, *, apart_from: Facet | None = None) -> QuerySet[Edition]:
    """The editions that fit the words and every facet of `choice` (leaving `apart_from` out of account)."""
    if query := search_query(choice.words):
        editions = editions.filter(Exists(EditionText.objects.filter(edition=OuterRef("pk"), search=query)))
    chosen = [facet for facet in FACETS if choice.of(facet.name) and facet is not apart_from]
    return editions.filter(Q(*(facet.condition(choice.of(facet.name)) for facet in chosen)))


def in_order(editions: QuerySet[Edition], sort: str) -> QuerySet[Edition]:
    """The editions ordered by "title", "oldest" or (anything else) "newest"; no two editions are ever equal."""
    if sort == "oldest":
        return editions.order_by("serial")
    if sort == "title":
        texts = EditionText.objects.filter(edition=OuterRef("pk"), language=OuterRef("language"))
        return editions.alias(title_key=Subquery(texts.values("sort_key"))).order_by("title_key", "serial")
    return editions.order_by("-serial")


def with_last_change(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """The editions with `changed`: the serial of their newest row that the public sees, edition or notice."""
    notices = Notice.objects.filter(edition=OuterRef("pk")).order_by("-serial").values("serial")[:1]
    return editions.annotate(changed=Greatest(F("serial"), Coalesce(Subquery(notices), 0)))


def facet_counts(choice: Choice) -> dict[str, dict[str, int]]:
    """For each facet how many publications each value would give, the other choices kept. One query each."""
    editions = current_editions()
    return {facet.name: facet.counts(narrow(editions, choice, apart_from=facet)) for facet in FACETS}


def library_version() -> tuple[int, int, int]:
    """Three numbers of which one grows whenever a published row is appended: the newest edition, notice, document."""
    newest = {
        "edition": Edition.objects.aggregate(n=Max("serial")),
        "notice": Notice.objects.aggregate(n=Max("serial")),
        "document": EditionDocument.objects.aggregate(n=Max("pk")),
    }
    return tuple(value["n"] or 0 for value in newest.values())


def entries(editions: QuerySet[Edition]) -> list[PublicEdition]:
    """The editions with document and standing, in their order. Three queries, however many there are."""
    return public_editions(public_rows(editions))


def newest(n: int) -> list[PublicEdition]:
    """The `n` newest publications that are listed."""
    return entries(in_order(current_editions(), "newest")[:n])


def publications_of_organisation(slug: str) -> list[PublicEdition]:
    """The listed publications of which the organisation is an author, newest first."""
    return entries(in_order(current_editions().filter(authors__organisation__slug=slug), "newest"))


def publications_in_area(slug: str) -> list[PublicEdition]:
    """The listed publications of a policy area, newest first."""
    return entries(in_order(current_editions().filter(publication__area__slug=slug), "newest"))


def publications_with_block(key: str) -> list[PublicEdition]:
    """The listed publications with a recommendation on a building block, newest first."""
    return entries(in_order(current_editions().filter(building_blocks__contains=[key]), "newest"))


def counts() -> dict[str, int]:
    """How many publications are listed, and how many recommendations stand in them."""
    current = current_editions()
    return {
        "publications": current.count(),
        "recommendations": EditionRecommendation.objects.filter(edition__in=current).count(),
    }
