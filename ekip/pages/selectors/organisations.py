"""The list of organisations: what an address asks for, and what it gives. A constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ekip.shared.folding import fold
from partners.countries import country_name
from partners.models import Organisation

PAGE_SIZE = 40
LONGEST_WORDS = 200
FACETS: dict[str, tuple[str | Promise, str]] = {
    "kind": (_("Kind"), "kind"),
    "country": (_("Country"), "country"),
    "network": (_("Network"), "network_memberships__network__slug"),
}


@dataclass(frozen=True)
class Choice:
    """Words of the name, and the chosen values of each facet, as the address has them."""

    words: str = ""
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out of the list."""
        return bool(self.words or any(self.values.values()))

    def query(self) -> str:
        """The parameters of an address that shows this choice, ending in "&" where there are any."""
        pairs = [("q", self.words)] if self.words else []
        pairs += [(name, value) for name, values in self.values.items() for value in values]
        return urlencode(pairs) + "&" if pairs else ""

    def without(self, name: str, value: str) -> "Choice":
        """The choice with one value taken away."""
        kept = tuple(each for each in self.values[name] if each != value)
        return Choice(self.words, {**self.values, name: kept})


@dataclass(frozen=True)
class Option:
    """A value in a facet, and how many organisations it would give with the other facets as they are."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A facet with its options, those of the most common values first where they have no order of their own."""

    name: str
    label: str | Promise
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Chip:
    """Something chosen, with the address that takes it away."""

    label: str
    url: str


@dataclass(frozen=True)
class Directory:
    """The list page."""

    choice: Choice
    page: Page
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]


def directory(parameters: QueryDict) -> Directory:
    """The list that an address asks for; unknown values find nothing and can be taken away."""
    choice = Choice(
        parameters.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS],
        {name: _tidy(parameters.getlist(name)) for name in FACETS},
    )
    labels = _labels(choice)
    rows = narrowed(choice).prefetch_related("network_memberships__network")
    return Directory(
        choice=choice,
        page=Paginator(rows, PAGE_SIZE).get_page(parameters.get("page")),
        facets=tuple(_facet(name, choice, labels[name]) for name in FACETS),
        chips=tuple(_chips(choice, labels)),
    )


def narrowed(choice: Choice, *, apart_from: str = "") -> QuerySet[Organisation]:
    """The organisations that fit the words and every facet (leaving `apart_from` out of account), by name."""
    rows = Organisation.objects.filter(sort_key__contains=fold(choice.words))
    for name, (_label, column) in FACETS.items():
        if choice.values.get(name) and name != apart_from:
            rows = rows.filter(Q(**{f"{column}__in": choice.values[name]}))
    return rows.distinct()


def counts_by(name: str, rows: QuerySet[Organisation] | None = None) -> dict[str, int]:
    """How many organisations there are for each value of a facet that has any; those without a value left out."""
    column = FACETS[name][1]
    found = Organisation.objects.filter(pk__in=rows.order_by().values("pk")) if rows is not None else None
    counted = (found if found is not None else Organisation.objects.all()).order_by().values_list(column)
    return {value: n for value, n in counted.annotate(n=Count("pk", distinct=True)) if value}


def labels_of(name: str, values: Iterable[str]) -> dict[str, str]:
    """The words for the values of a facet, in the order in which they are shown."""
    values = set(values)
    if name == "kind":
        return {kind.value: str(kind.label) for kind in Organisation.Kind if kind.value in values}
    if name == "country":
        return dict(sorted(((value, country_name(value)) for value in values), key=lambda pair: fold(pair[1])))
    return dict(Organisation.objects.filter(slug__in=values, is_network=True).values_list("slug", "name"))


def _labels(choice: Choice) -> dict[str, dict[str, str]]:
    return {name: labels_of(name, {*counts_by(name), *choice.values[name]}) for name in FACETS}


def _facet(name: str, choice: Choice, labels: dict[str, str]) -> Facet:
    counts = counts_by(name, narrowed(choice, apart_from=name))
    chosen = choice.values[name]
    options = (Option(value, label, counts.get(value, 0), value in chosen) for value, label in labels.items())
    return Facet(name, FACETS[name][0], tuple(each for each in options if each.count or each.chosen))


def _chips(choice: Choice, labels: dict[str, dict[str, str]]) -> Iterable[Chip]:
    if choice.words:
        yield Chip(f"“{choice.words}”", f"?{Choice('', choice.values).query()}")
    for name, values in choice.values.items():
        for value in values:
            yield Chip(labels[name].get(value, value), f"?{choice.without(name, value).query()}")


def _tidy(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value[:80] for value in values[:50] if value and "\x00" not in value))
