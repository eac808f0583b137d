"""Reading the parameters of a list's address strictly: whatever is not known is refused with what is allowed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from recommendations.api.refusals import OutOfRange, TooLong, UnknownParameter, UnknownValue
from recommendations.library.choice import Choice
from recommendations.library.facets import FACETS, known_values
from recommendations.library.search import MOST_CHARACTERS, tidy_words
from recommendations.text.inline import squeeze

PAGE = ("page", "page_size")
FILTERS = ("q", *(facet.name for facet in FACETS))
ORDERINGS = ("-updated", "updated", "title")
PAGE_SIZE = 20
MOST_PER_PAGE = 100
_LAST_PAGE = 1_000_000  # beyond it an offset would be larger than the database counts


@dataclass(frozen=True)
class Wanted:
    """Which page of a list a client wants."""

    page: int = 1
    page_size: int = PAGE_SIZE


def refuse_unknown(parameters: QueryDict, allowed: Iterable[str]) -> None:
    """UnknownParameter when the address has another parameter than the `allowed` ones."""
    allowed = tuple(allowed)
    if unknown := set(parameters) - set(allowed):
        raise UnknownParameter({squeeze(name)[:60] for name in unknown}, allowed)


def read_page(parameters: QueryDict) -> Wanted:
    """The page that is wanted; OutOfRange."""
    return Wanted(
        page=_number(parameters, "page", default=1, high=None),
        page_size=_number(parameters, "page_size", default=PAGE_SIZE, high=MOST_PER_PAGE),
    )


def _number(parameters: QueryDict, name: str, *, default: int, high: int | None) -> int:
    typed = parameters.get(name)
    if typed is None:
        return default
    # isdecimal() also takes the digits of other scripts, and so does int().
    number = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    if not 1 <= number <= (high or _LAST_PAGE):
        raise OutOfRange(name, low=1, high=high or _LAST_PAGE)
    return number


def read_filters(parameters: QueryDict) -> Choice:
    """The words and the values of facets; UnknownValue for a value that no row has, TooLong for endless words."""
    typed = squeeze(parameters.get("q", ""))
    if len(typed) > MOST_CHARACTERS:
        raise TooLong("q", most=MOST_CHARACTERS)
    asked = {facet.name: [value for value in parameters.getlist(facet.name) if value] for facet in FACETS}
    if not any(asked.values()):
        return Choice(tidy_words(typed))
    known = known_values()
    unknown = {
        name: {squeeze(value)[:60] for value in values if value not in known[name]} for name, values in asked.items()
    }
    if any(unknown.values()):
        raise UnknownValue({name: values for name, values in unknown.items() if values}, known)
    return Choice(tidy_words(typed), {name: tuple(dict.fromkeys(values)) for name, values in asked.items()})


def read_ordering(parameters: QueryDict) -> str:
    """The order that is wanted; UnknownValue."""
    ordering = parameters.get("ordering", ORDERINGS[0])
    if ordering not in ORDERINGS:
        raise UnknownValue({"ordering": [squeeze(ordering)[:60]]}, {"ordering": ORDERINGS})
    return ordering
