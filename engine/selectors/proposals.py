"""Lists of proposals with where each stands. The same number of queries for one row and for fifty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ekip.shared.folding import fold
from engine.models import Round, Visit
from engine.models.definitions import definition_of
from engine.selectors.pauses import paused_since
from engine.selectors.runs import first_dues, who_acts
from partners.models import User
from recommendations.drafting.selectors import authored_proposals, deleted_drafts, readable_proposals
from recommendations.models import Proposal

SORTS: dict[str, Promise] = {
    "changed": _("Last changed"),
    "title": _("Title"),
    "area": _("Policy area"),
    "started": _("Newest first"),
}
STATES = ("active", "archived", "deleted", "overseen")


@dataclass(frozen=True)
class Place:
    """One stage at which a proposal stands: who must act there, and by when."""

    key: str
    stage: str
    who: str | Promise
    due_at: datetime | None
    paused_at: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """A proposal in a list, with every stage at which it stands."""

    proposal: Proposal
    places: tuple[Place, ...]


def proposals_of(person: User, *, state: str, area: str, words: str, sort: str, now: datetime) -> QuerySet[Proposal]:
    """The person's proposals in one of `STATES`, narrowed to an area's key and to words of the title."""
    match state:
        case "archived":
            rows = authored_proposals(person).filter(archived_at__isnull=False)
        case "deleted":
            rows = deleted_drafts(person, now=now)
        case "overseen":
            rows = readable_proposals(person).exclude(pk__in=authored_proposals(person).values("pk"))
        case _:
            rows = authored_proposals(person).filter(archived_at__isnull=True)
    if area:
        rows = rows.filter(area__slug=area)
    if words:
        wanted = fold(words)
        titles = rows.order_by().values_list("pk", "title")
        rows = rows.filter(pk__in=[pk for pk, title in titles if wanted in fold(title)])
    match sort:
        case "title":
            return rows.order_by(Lower("title"), "pk")
        case "area":
            return rows.order_by("area__sort_key", Lower("title"), "pk")
        case "started":
            return rows.order_by("-started_at", "-pk")
        case _:
            return rows


def areas_among(rows: QuerySet[Proposal]) -> list[tuple[str, str]]:
    """The policy areas of proposals, key and title, by title."""
    found = rows.order_by("area__sort_key").values_list("area__slug", "area__title").distinct()
    return list(dict.fromkeys(found))


def standings(proposals: Iterable[Proposal]) -> list[Standing]:
    """Where each proposal stands. Four queries."""
    proposals = list(proposals)
    visits = list(
        Visit.objects.filter(run__proposal__in=proposals, left_at=None).select_related("run").order_by("run", "number")
    )
    open_rounds = Round.objects.filter(visit__in=visits, closed_at=None, cancelled_at=None)
    rounds = dict(open_rounds.values_list("visit_id", "closes_at"))
    timers = first_dues(visits)
    paused = paused_since([visit.run_id for visit in visits])
    places: dict[int, list[Place]] = {}
    for visit in visits:
        place = _place(visit, rounds.get(visit.pk), timers.get(visit.pk), paused.get(visit.run_id))
        places.setdefault(visit.run.proposal_id, []).append(place)
    return [Standing(proposal, tuple(places.get(proposal.pk, ()))) for proposal in proposals]


def _place(visit: Visit, closes_at: datetime | None, timer: datetime | None, paused_at: datetime | None) -> Place:
    stage = definition_of(visit.run.version_id).stage(visit.stage)
    who, _what = who_acts(stage, has_open_round=closes_at is not None)
    return Place(stage.key, stage.label, who, closes_at or timer, paused_at)
