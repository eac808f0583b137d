"""What the list page shows: results, facets with counts, chips of what is chosen, links that keep the choice."""

from dataclasses import dataclass, replace

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.functional import Promise

from recommendations.library import selectors
from recommendations.library.choice import SORTS, Choice, Reading, read_choice
from recommendations.library.documents import PublicEdition
from recommendations.library.facets import FACETS, Values, known_values

PAGE_SIZE = 20
OPEN_FACETS = {"cluster", "building_block", "level"}


@dataclass(frozen=True)
class Option:
    """A value in a facet's list; `count` is how many publications it would give."""

    value: str
    label: str
    count: int
    chosen: bool
    accent: str


@dataclass(frozen=True)
class FacetList:
    """A facet with its options."""

    name: str
    label: str | Promise
    options: list[Option]
    open: bool


@dataclass(frozen=True)
class Link:
    """Words that lead to the list in another choice; `current` when it is the present one."""

    label: str | Promise
    url: str
    accent: str = ""
    current: bool = False


@dataclass(frozen=True)
class Listing:
    """The whole list page."""

    reading: Reading
    page: Page
    entries: list[PublicEdition]
    facets: list[FacetList]
    chips: list[Link]
    sorts: list[Link]
    query: str

    @property
    def choice(self) -> Choice:
        """What the reader chose."""
        return self.reading.choice

    @property
    def chosen(self) -> int:
        """How many values of facets are chosen."""
        return sum(len(keys) for keys in self.choice.values.values())


def listing(parameters: QueryDict) -> Listing:
    """The list that an address asks for. The number of queries does not depend on the number of publications."""
    known = known_values()
    reading = read_choice(parameters, known)
    choice = reading.choice
    editions = selectors.in_order(selectors.narrow(selectors.current_editions(), choice), choice.sort)
    page = Paginator(editions, PAGE_SIZE).get_page(parameters.get("page"))
    return Listing(
        reading=reading,
        page=page,
        entries=selectors.entries(page.object_list),
        facets=_facets(choice, known),
        chips=_chips(choice, known),
        sorts=_sorts(choice),
        query=choice.query(),
    )


def _facets(choice: Choice, known: Values) -> list[FacetList]:
    """The facets with the values that lead somewhere or are chosen; a facet without any is left out."""
    counts = selectors.facet_counts(choice)
    lists = []
    for facet in FACETS:
        chosen = choice.of(facet.name)
        options = [
            Option(key, value.label, counts[facet.name].get(key, 0), key in chosen, value.accent)
            for key, value in known[facet.name].items()
            if key in chosen or counts[facet.name].get(key)
        ]
        if options:
            lists.append(FacetList(facet.name, facet.label, options, bool(chosen) or facet.name in OPEN_FACETS))
    return lists


def _chips(choice: Choice, known: Values) -> list[Link]:
    """One link for each thing chosen, which takes it away."""
    words = [Link(f"“{choice.words}”", address(replace(choice, words="")))] if choice.words else []
    return words + [
        Link(known[facet.name][key].label, address(choice.without(facet.name, key)), known[facet.name][key].accent)
        for facet in FACETS
        for key in choice.of(facet.name)
    ]


def _sorts(choice: Choice) -> list[Link]:
    return [
        Link(label, address(replace(choice, sort=sort)), current=sort == choice.sort) for sort, label in SORTS.items()
    ]


def address(choice: Choice) -> str:
    """The address of the list in a choice, relative to the list."""
    return f"?{choice.query()}".rstrip("&")
