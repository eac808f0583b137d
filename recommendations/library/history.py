"""How an edition came about, in words. It knows the engine's facts only as they are frozen in the provenance."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from recommendations.library.provenance import OUTCOMES

ROUNDS = {
    "review": lazy("Community review"),
    "investigate": lazy("Investigation"),
    "city-test": lazy("City test"),
    "consultation": lazy("Consultation"),
}
DECISIONS = {
    "publish": lazy("Publish"),
    "reissue": lazy("Publish the corrected edition"),
    "return": lazy("Return for revision"),
    "reject": lazy("Do not publish"),
}


@dataclass(frozen=True)
class Fact:
    """One thing that is known about how an edition came about."""

    label: str
    words: str


def history(provenance: dict[str, Any]) -> list[Fact]:
    """The facts of a run, in the order in which they happened; nothing for an edition that no run brought about."""
    return list(_facts(provenance))


def _facts(provenance: dict[str, Any]) -> Iterator[Fact]:
    if process := provenance.get("process"):
        words = _("%(title)s, version %(version)s") % {"title": process["title"], "version": process["version"]}
        yield Fact(_("Process"), words)
    for entry in provenance.get("rounds") or []:
        yield Fact(str(ROUNDS.get(entry["kind"], entry["kind"])), _round(entry))
    if points := provenance.get("points"):
        yield Fact(_("Points"), _points(points))
    if decision := provenance.get("decision"):
        outcome = DECISIONS.get(decision["outcome"], decision["outcome"])
        words = _("%(outcome)s, on %(day)s") % {"outcome": outcome, "day": _day(decision["decided_on"])}
        yield Fact(_("Decision"), words)


def _round(entry: dict[str, Any]) -> str:
    span = _("%(first)s to %(last)s") % {"first": _day(entry["opened_on"]), "last": _day(entry["closed_on"])}
    if entry["kind"] == "consultation":
        told = ngettext("%(n)s contribution", "%(n)s contributions", entry["submitted"]) % {"n": entry["submitted"]}
        return f"{span}: {told}"
    if entry["kind"] == "city-test":
        told = ngettext(
            "%(done)s case of %(asked)s asked for", "%(done)s cases of %(asked)s asked for", entry["submitted"]
        )
    else:
        told = ngettext(
            "%(done)s review of %(asked)s asked for", "%(done)s reviews of %(asked)s asked for", entry["submitted"]
        )
    return f"{span}: {told % {'done': entry['submitted'], 'asked': entry['invited']}}"


def _points(points: dict[str, Any]) -> str:
    raised = ngettext("%(n)s point raised", "%(n)s points raised", points["raised"]) % {"n": points["raised"]}
    counts = points["answered"]
    answered = [f"{counts[outcome]} {words}" for outcome, words in OUTCOMES.items() if counts.get(outcome)]
    return f"{raised}: {', '.join(answered)}" if answered else raised


def _day(iso: str | None) -> str:
    return date_format(date.fromisoformat(iso), "j F Y") if iso else _("unknown")
