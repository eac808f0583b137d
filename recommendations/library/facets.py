"""The facets by which publications are told apart: their parameter, their column, their values, their counts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Func, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from recommendations.models.areas import PolicyArea
from recommendations.models.library import Edition
from recommendations.models.vocabulary import BuildingBlock, Cluster, Level, TargetActor


@dataclass(frozen=True)
class Facet:
    """One way to tell publications apart. `name` is its parameter, `column` where an edition holds the value."""

    name: str
    label: str | Promise
    column: str
    holds_many: bool = False

    def condition(self, values: Iterable[str]) -> Q:
        """Editions that have at least one of `values`."""
        return Q(**{f"{self.column}__{'overlap' if self.holds_many else 'in'}": list(values)})

    def counts(self, editions: QuerySet[Edition]) -> dict[str, int]:
        """How many of `editions` have each value; values that none has are left out. One query."""
        value = Func(F(self.column), function="unnest") if self.holds_many else F(self.column)
        counted = editions.order_by().annotate(value=value).values_list("value").annotate(Count("pk"))
        return dict(counted)


AREA = Facet("area", _("Policy area"), "publication__area__slug")
CLUSTER = Facet("cluster", _("Cluster"), "publication__area__cluster__key")
BUILDING_BLOCK = Facet("building_block", _("Building block"), "building_blocks", holds_many=True)
LEVEL = Facet("level", _("Level"), "levels", holds_many=True)
TARGET_ACTOR = Facet("target_actor", _("Who acts"), "target_actors", holds_many=True)
LANGUAGE = Facet("language", _("Language"), "language")

FACETS = (CLUSTER, AREA, BUILDING_BLOCK, LEVEL, TARGET_ACTOR, LANGUAGE)


@dataclass(frozen=True)
class Value:
    """A value of a facet with its words; `accent` is the cluster whose colour marks it."""

    key: str
    label: str
    accent: str = ""


Values = dict[str, dict[str, Value]]


def known_values() -> Values:
    """For each facet the values that exist, by key, in the order in which people read them. Five queries."""
    clusters = {cluster.key: Value(cluster.key, cluster.label, cluster.key) for cluster in Cluster.objects.all()}
    areas = PolicyArea.objects.values_list("slug", "title", "cluster__key")
    languages = Edition.objects.order_by("language").values_list("language", flat=True).distinct()
    return {
        CLUSTER.name: clusters,
        AREA.name: {slug: Value(slug, title, cluster) for slug, title, cluster in areas},
        BUILDING_BLOCK.name: {b.key: Value(b.key, b.label) for b in BuildingBlock.objects.all()},
        LEVEL.name: {level.value: Value(level.value, str(level.label)) for level in Level},
        TARGET_ACTOR.name: {a.key: Value(a.key, a.label) for a in TargetActor.objects.all()},
        LANGUAGE.name: {code: Value(code, language_name(code)) for code in languages},
    }


def language_name(code: str) -> str:
    """The language in words; the code itself where it is not known."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
