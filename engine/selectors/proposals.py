"""Lists of proposals with where each stands. The same number of queries for one row and for fifty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ekip.shared.folding import fold
from engine.models import Round, Timer, Visit
from engine.models.definitions import definition_of
from engine.selectors.runs import who_acts
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
class Standing:
    """A proposal in a list: its stage, who must act, and by when."""

    proposal: Proposal
    stage: str
    who: str | Promise
    due_at: datetime | None


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
    """Where each proposal stands. Three queries."""
    proposals = list(proposals)
    visits = {
        visit.run.proposal_id: visit
        for visit in Visit.objects.filter(run__proposal__in=proposals, left_at=None).select_related("run__version")
    }
    here = [visit.pk for visit in visits.values()]
    rounds = dict(
        Round.objects.filter(visit__in=here, closed_at=None, cancelled_at=None).values_list("visit_id", "closes_at")
    )
    timers: dict[int, datetime] = {}
    rows = Timer.objects.filter(visit__in=here, fired_at=None, cancelled_at=None).order_by("-due_at")
    timers.update(rows.values_list("visit_id", "due_at"))
    return [_standing(proposal, visits.get(proposal.pk), rounds, timers) for proposal in proposals]


def _standing(
    proposal: Proposal, visit: Visit | None, rounds: dict[int, datetime], timers: dict[int, datetime]
) -> Standing:
    if visit is None:
        return Standing(proposal, "", "", None)
    stage = definition_of(visit.run.version_id).stage(visit.stage)
    if stage.is_end:
        return Standing(proposal, stage.label, "", None)
    who, _what = who_acts(stage, has_open_round=visit.pk in rounds)
    return Standing(proposal, stage.label, who, rounds.get(visit.pk) or timers.get(visit.pk))
