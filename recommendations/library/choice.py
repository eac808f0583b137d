"""What a reader chose in a list: words, values of facets, order. It comes from an address and goes into one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from recommendations.library.facets import FACETS, Values
from recommendations.library.search import MOST_CHARACTERS, tidy_words
from recommendations.text.inline import squeeze

SORTS = {"newest": _("Newest"), "title": _("Title"), "oldest": _("Oldest")}
DEFAULT_SORT = "newest"
_MOST_VALUES = 50  # of one facet
_MOST_SHOWN = 60  # characters of a value that we do not know


@dataclass(frozen=True)
class Choice:
    """Tidy words, the chosen keys of each facet (known ones only), and the order."""

    words: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = DEFAULT_SORT

    def of(self, facet: str) -> tuple[str, ...]:
        """The keys chosen in a facet."""
        return self.values.get(facet, ())

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out of the list."""
        return bool(self.words or any(self.values.values()))

    def without(self, facet: str, key: str) -> "Choice":
        """The choice with one key taken away."""
        kept = tuple(k for k in self.of(facet) if k != key)
        return replace(self, values={**self.values, facet: kept})

    def query(self) -> str:
        """The parameters of an address that shows this choice, ending in "&" where there are any."""
        pairs = [("q", self.words)] if self.words else []
        pairs += [(facet.name, key) for facet in FACETS for key in self.of(facet.name)]
        if self.sort != DEFAULT_SORT:
            pairs.append(("sort", self.sort))
        return urlencode(pairs) + "&" if pairs else ""


@dataclass(frozen=True)
class Reading:
    """What an address says: the choice, and what in it could not be used."""

    choice: Choice
    unknown: tuple[str, ...] = ()
    is_cut: bool = False


def read_choice(parameters: QueryDict, known: Values) -> Reading:
    """Read the parameters of a page's address. Whatever is unknown is set aside, never an error."""
    typed = parameters.get("q", "")
    values, unknown = {}, []
    for facet in FACETS:
        asked = dict.fromkeys(key for key in parameters.getlist(facet.name)[:_MOST_VALUES] if key)
        values[facet.name] = tuple(key for key in asked if key in known[facet.name])
        unknown += [squeeze(key)[:_MOST_SHOWN] for key in asked if key not in known[facet.name]]
    sort = parameters.get("sort", DEFAULT_SORT)
    choice = Choice(tidy_words(typed), values, sort if sort in SORTS else DEFAULT_SORT)
    return Reading(choice, tuple(word for word in unknown if word), len(squeeze(typed)) > MOST_CHARACTERS)
